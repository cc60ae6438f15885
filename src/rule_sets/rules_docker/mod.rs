//! rules_docker: `py3_image` gives each of its `layers` the closure that no lower layer has, then the program, without
//! interpreter. `container_image` adds one layer to the given ones.

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{Carried, View, layer, of_another, other, text, unknown};
use crate::workspace::images::labels;
use crate::workspace::model::Target;

const GZIP: Option<Compression> = Some(Compression::Gzip);
const NAME: &str = "rules_docker";

pub struct RulesDocker;

impl RuleSet for RulesDocker {
    fn name(&self) -> &'static str {
        NAME
    }

    fn module(&self) -> Option<&'static str> {
        Some("io_bazel_rules_docker")
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        match target.kind.as_str() {
            "app_layer" if text(target, "$rule_set") == Some(NAME) => Some(app_layer(label, target)),
            "container_layer" => Some(container_layer(view, label, target)),
            "container_image" | "container_image_" if text(target, "$rule_set") == Some(NAME) => {
                let why =
                    "`py3_image` puts what no lower layer has here; the interpreter is the base image's".to_owned();
                Some(StackLayer { claim_order: usize::MAX, ..layer(label, Holds::Program, Claim::Rest, GZIP, why) })
            }
            "container_image" | "container_image_" => Some(own_layer(view, label, target, &["tars", "files", "debs"])),
            _ => None,
        }
    }

    fn left_out(&self, _view: &View<'_>, label: &Label, target: &Target) -> Vec<StackLayer> {
        if text(target, "$rule_set") != Some(NAME) {
            return Vec::new();
        }
        let why = "the interpreter is the base image's".to_owned();
        let layer = layer(label, Holds::Interpreter, Claim::Interpreter, None, why);
        vec![StackLayer { name: "interpreter".to_owned(), ..layer }]
    }
}

fn app_layer(label: &Label, target: &Target) -> StackLayer {
    let members: Vec<Label> = labels(target, "dep").cloned().collect();
    if labels(target, "binary").next().is_some() {
        return other(label, GZIP, format!("{label} holds links only"));
    }
    let why = "`py3_image` puts the closure of this entry of `layers` here, less what lower layers have".to_owned();
    let order = match target.attributes.get("$rank") {
        Some(crate::workspace::model::Value::Int(rank)) => usize::try_from(*rank).unwrap_or_default() + 1,
        _ => 1,
    };
    StackLayer { claim_order: order, ..layer(label, Holds::Group, Claim::Targets(members), GZIP, why) }
}

fn container_layer(view: &View<'_>, label: &Label, target: &Target) -> StackLayer {
    let tars: Vec<&Label> = labels(target, "tars").collect();
    if let [only] = tars.as_slice()
        && labels(target, "files").next().is_none()
        && let [inner] = view.layers_of(only).as_slice()
    {
        return StackLayer { name: label.name().to_owned(), target: label.clone(), compression: GZIP, ..inner.clone() };
    }
    own_layer(view, label, target, &["tars", "files", "debs"])
}

fn own_layer(view: &View<'_>, label: &Label, target: &Target, attributes: &[&str]) -> StackLayer {
    let members = attributes.iter().flat_map(|attribute| labels(target, attribute));
    match view.carried_by(members) {
        Carried::This => unknown(label, GZIP, format!("{label} joins files and tars: a build tells what it holds")),
        Carried::Another(program) => other(label, GZIP, of_another(label, &program)),
        Carried::None => other(label, GZIP, format!("{label} has no Python program in it")),
    }
}
