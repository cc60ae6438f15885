//! aspect_rules_py 1.x: `py_image_layer` sends each file to the first group whose expression matches its path. The
//! model in `assets/models` notes on each tar the expression of the macro's awk program.

use crate::label::Label;
use crate::layers::stack::{Claim, Holds, Listing, StackLayer};
use crate::rule_sets::expressions::{extended, of_awk_string};
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{Carried, View, compression, is_true, of_another, other, text, unknown};
use crate::workspace::model::{Target, Value};

pub const NAME: &str = "rules_py_1";

pub struct RulesPy1;

impl RuleSet for RulesPy1 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn module(&self) -> Option<&'static str> {
        Some("aspect_rules_py")
    }

    fn divides(&self) -> bool {
        true
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        if text(target, "$rule_set") != Some(NAME) {
            return None;
        }
        let compression = compression(target);
        match view.carried(target, "srcs") {
            Carried::This => {}
            Carried::Another(program) => return Some(other(label, compression, of_another(label, &program))),
            Carried::None => {
                return Some(unknown(label, compression, format!("{label}: its binary is not known here")));
            }
        }
        let group = text(target, "$group")?;
        let holds = match group {
            "interpreter" => Holds::Interpreter,
            "packages" => Holds::Packages,
            "default" => Holds::Program,
            _ => Holds::Group,
        };
        let claim = match text(target, "$expression") {
            Some(own) if is_true(target, "$own") => Claim::Paths(of_awk_string(own)),
            Some(expression) => Claim::Paths(extended(expression)),
            None => Claim::Rest,
        };
        let why = match text(target, "$expression") {
            Some(own) if is_true(target, "$own") => format!("`layer_groups` puts paths that match `{own}` here"),
            Some(_) => format!("`py_image_layer` finds {group} by its own expression"),
            None => "`py_image_layer` puts what no other group takes here".to_owned(),
        };
        let name = group.to_owned();
        // The `.whl` test comes before all groups.
        let claim_order = rank(target)? + 1;
        Some(StackLayer { name, target: label.clone(), holds, claim, claim_order, compression, why })
    }

    fn left_out(&self, view: &View<'_>, label: &Label, target: &Target) -> Vec<StackLayer> {
        if text(target, "$rule_set") != Some(NAME) || view.carried(target, "srcs") != Carried::This {
            return Vec::new();
        }
        let siblings = view.targets.package(label).into_iter().flat_map(|package| &package.targets);
        let of_same =
            |sibling: &Target| text(sibling, "$rule_set") == Some(NAME) && text(sibling, "$of") == text(target, "$of");
        let siblings = siblings.filter(|(_, sibling)| of_same(sibling));
        let mut layers: Vec<StackLayer> = siblings
            .filter(|(name, _)| !view.is_listed(&label.sibling(name)))
            .filter_map(|(name, sibling)| self.layer(view, &label.sibling(name), sibling))
            .collect();
        layers.push(wheels(label, target));
        layers
    }

    fn listing(&self, target: &Target) -> Option<Listing> {
        let root = text(target, "$root").filter(|_| text(target, "$rule_set") == Some(NAME))?;
        Some(Listing { root: format!(".{root}"), is_whole_line: false })
    }
}

fn rank(target: &Target) -> Option<usize> {
    match target.attributes.get("$rank")? {
        Value::Int(rank) => usize::try_from(*rank).ok(),
        _ => None,
    }
}

/// Files in no layer: until 1.6 those with "whl" anywhere behind the path's first character, later those whose path
/// ends so.
fn wheels(label: &Label, target: &Target) -> StackLayer {
    let ends = is_true(target, "$whl_at_end");
    let root = text(target, "$root").unwrap_or_default();
    let root: String =
        root.chars().flat_map(|sign| if sign.is_alphanumeric() { vec![sign] } else { vec!['\\', sign] }).collect();
    let end = if ends { "whl$" } else { "whl" };
    StackLayer {
        name: "wheels".to_owned(),
        target: label.clone(),
        holds: Holds::Other,
        claim: Claim::Paths(format!(r"^\.{root}.*.{end}")),
        claim_order: 0,
        compression: None,
        why: "`py_image_layer` leaves `.whl` files out".to_owned(),
    }
}
