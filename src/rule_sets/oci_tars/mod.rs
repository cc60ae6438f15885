//! Tars that an image takes as they are: bazel-lib's `tar`, and those no other rule set knows.

pub(crate) mod order;
pub(crate) mod set_order;
mod sorting;

use crate::label::Label;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::rule_sets::oci_tars::set_order::SetOrder;
use crate::rule_sets::rule_set::{EditKind, RuleSet};
use crate::rule_sets::view::{Carried, View, compression, layer, of_another, other, text, unknown};
use crate::workspace::model::{Target, Value};

pub const NAME: &str = "oci_tars";

/// rules_oci with tars of any kind.
pub struct OciTars;

impl RuleSet for OciTars {
    fn name(&self) -> &'static str {
        NAME
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        match target.kind.as_str() {
            "tar" | "tar_rule" => Some(tar(view, label, target)),
            _ => None,
        }
    }

    fn edits(&self) -> &'static [EditKind] {
        const EDITS: &[EditKind] = &[EditKind::of::<SetOrder>("set_order")];
        EDITS
    }
}

/// bazel-lib's `tar`: `mtree = "auto"`, the default, packs `srcs` with their runfiles.
fn tar(view: &View<'_>, label: &Label, target: &Target) -> StackLayer {
    let compression = compression(target);
    if let Some(Value::List(_)) = target.attributes.get("mtree") {
        return other(label, compression, format!("{label} has a manifest of its own"));
    }
    let is_automatic = matches!(text(target, "mtree"), None | Some("auto" | "_auto"))
        && view.target_in(target, "mtree", label).is_none();
    match view.carried(target, "srcs") {
        Carried::None => other(label, compression, format!("{label} has no Python program in it")),
        Carried::Another(program) => other(label, compression, of_another(label, &program)),
        Carried::This if is_automatic => {
            let why = format!("{label} packs the program with all its runfiles");
            layer(label, Holds::Program, Claim::Everything, compression, why)
        }
        Carried::This => {
            let why = format!(
                "{label} packs what a manifest of the workspace's own names, which is known after a build only"
            );
            unknown(label, compression, why)
        }
    }
}

/// The layer of a target that no rule set knows.
#[must_use]
pub fn unread(view: &View<'_>, label: &Label, target: Option<&Target>) -> StackLayer {
    let Some(target) = target else {
        return match label.repository_name() {
            Some(repository) => {
                other(label, None, format!("{label} comes from @{repository}: not part of this program"))
            }
            None => unknown(label, None, format!("{label}: there is no such target")),
        };
    };
    let compression = target.outputs.iter().find_map(|output| by_ending(output));
    let may_hold = view.program.is_some_and(|program| view.targets.reaches(label, program));
    if may_hold {
        let why =
            format!("{label} (`{}`) makes its tar by a program of its own: a build tells what it holds", target.kind);
        return unknown(label, compression, why);
    }
    match view.targets.programs(label).first() {
        Some(program) => other(label, compression, of_another(label, program)),
        None => other(label, compression, format!("{label} (`{}`) is not made of this program", target.kind)),
    }
}

fn by_ending(output: &str) -> Option<crate::layers::compression::Compression> {
    use crate::layers::compression::Compression;
    let ends = |endings: &[&str]| endings.iter().any(|ending| output.ends_with(ending));
    if ends(&[".tar.gz", ".tgz"]) {
        Some(Compression::Gzip)
    } else if ends(&[".tar.zst", ".tzst"]) {
        Some(Compression::Zstd)
    } else if ends(&[".tar"]) {
        Some(Compression::None)
    } else {
        None
    }
}
