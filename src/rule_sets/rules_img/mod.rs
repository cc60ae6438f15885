//! rules_img: each rule of `layer.bzl` makes one layer.

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{Carried, View, layer, of_another, other, text};
use crate::workspace::images::labels;
use crate::workspace::model::{Target, Value};

pub struct RulesImg;

impl RuleSet for RulesImg {
    fn name(&self) -> &'static str {
        "rules_img"
    }

    fn module(&self) -> Option<&'static str> {
        Some("rules_img")
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        // `auto` is the flag `compress`, which defaults to gzip.
        let stored = match text(target, "compress") {
            Some("zstd") => Some(Compression::Zstd),
            _ => Some(Compression::Gzip),
        };
        let attribute = match target.kind.as_str() {
            "image_layer" => "srcs",
            "layer_from_binary" => "binary",
            "layer_from_file" => "src",
            "layer_from_tar" => return Some(from_tar(view, label, target, stored)),
            _ => return None,
        };
        let has_runfiles = !matches!(target.attributes.get("include_runfiles"), Some(Value::Bool(false)));
        Some(match view.carried(target, attribute) {
            Carried::This if has_runfiles => {
                let why = format!("{label} (`{}`) is one layer with the program and all its runfiles", target.kind);
                layer(label, Holds::Program, Claim::Everything, stored, why)
            }
            Carried::This => {
                let why = format!("{label} (`{}`) holds the program without its runfiles", target.kind);
                layer(label, Holds::Program, Claim::Own(view.program.into_iter().cloned().collect()), stored, why)
            }
            Carried::Another(program) => other(label, stored, of_another(label, &program)),
            Carried::None => other(label, stored, format!("{label} has no Python program in it")),
        })
    }
}

/// The layer of an existing tar.
fn from_tar(view: &View<'_>, label: &Label, target: &Target, stored: Option<Compression>) -> StackLayer {
    let inner = labels(target, "src").next().map(|inner| view.layers_of(inner));
    match inner.as_deref() {
        Some([only]) => {
            let compression = if text(target, "compress").is_some_and(|named| named != "auto") {
                stored
            } else {
                only.compression.or(stored)
            };
            let compression = if compression == Some(Compression::None) { stored } else { compression };
            StackLayer { name: label.name().to_owned(), target: label.clone(), compression, ..only.clone() }
        }
        _ => crate::rule_sets::view::unknown(label, stored, format!("{label}: the tar behind it is not known")),
    }
}
