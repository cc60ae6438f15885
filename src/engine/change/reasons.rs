//! The reasons of edits, one sentence each, for the review.

use crate::engine::change::dependency_changes::{DependencyChange, DependencyChanges};
use crate::label::Label;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::request::Edit;

/// Relative labels of `edit` belong to `package`.
#[must_use]
pub(crate) fn reasons(edit: &Edit, package: &str, changes: &DependencyChanges) -> Vec<String> {
    let Ok(target) = Label::parse(edit.target(), package) else { return Vec::new() };
    let labels = |dependencies: &[Dependency]| -> Vec<Label> {
        dependencies.iter().filter_map(|dependency| dependency.label(package)).collect()
    };
    match edit {
        Edit::OfRuleSet(edit) => vec![edit.0.reason(package)],
        Edit::RemoveTarget(_) => vec![format!("{target} is removed: no layer needs it")],
        Edit::RewireDeps(edit) => rewired(&target, &labels(&edit.remove), &labels(&edit.add), changes),
        Edit::SetDeps(edit) => vec![format!("{target} gets {} dependencies", edit.deps.len())],
    }
}

fn rewired(target: &Label, remove: &[Label], add: &[Label], changes: &DependencyChanges) -> Vec<String> {
    let own_changes: Vec<DependencyChange> = changes.iter().filter(|change| change.target == *target).collect();
    let is_wished = |label: &Label, is_added| {
        own_changes.iter().any(|change| change.is_added == is_added && change.dependency == *label)
    };
    let mut sentences: Vec<String> = own_changes.iter().map(ToString::to_string).collect();
    let moved: Vec<Label> = remove.iter().filter(|label| !is_wished(label, false)).cloned().collect();
    let libraries: Vec<String> = add.iter().filter(|label| !is_wished(label, true)).map(ToString::to_string).collect();
    match (moved.len(), libraries.is_empty()) {
        (0, true) => {}
        (0, false) => sentences.push(format!("{target} also needs {}", libraries.join(", "))),
        (_, true) => sentences.push(format!("{target} no longer names {}", counted(&moved))),
        (_, false) => sentences.push(format!(
            "{target} gets {} through {}: same dependencies as before",
            counted(&moved),
            libraries.join(", ")
        )),
    }
    sentences
}

fn counted(labels: &[Label]) -> String {
    match labels {
        [only] => only.to_string(),
        several => format!("{} dependencies", several.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{label, workspace};
    use crate::layers::plan::Plan;
    use crate::rewrite::confirmed_drops::ConfirmedDrops;
    use crate::rewrite::request::RewireDeps;
    use crate::rule_sets::dep_layers::set_dep_layers::SetDepLayers;

    #[test]
    fn wishes_and_what_the_plan_does_are_told_apart() {
        let change =
            DependencyChange { target: label("//app:app_bin"), dependency: label("@pypi//:requests"), is_added: true };
        let changes = DependencyChanges::default().with(&workspace("py_layers"), &Plan::default(), &change).unwrap();
        let edit = Edit::RewireDeps(RewireDeps::of_labels(
            &label("//app:app_bin"),
            &[label("@pypi//:numpy"), label("@pypi//:fastapi")],
            &[label("@pypi//:requests"), label("//app:pip_layer")],
            ConfirmedDrops::NONE,
        ));
        assert_eq!(
            reasons(&edit, "app", &changes),
            [
                "//app:app_bin needs @pypi//:requests",
                "//app:app_bin gets 2 dependencies through //app:pip_layer: same dependencies as before",
            ]
        );
        let edit = SetDepLayers {
            app: "//app:app".to_owned(),
            layers: Vec::new(),
            drop_comments_confirmed: ConfirmedDrops::NONE,
        };
        let edit = Edit::from(edit);
        assert_eq!(reasons(&edit, "app", &changes), ["//app:app gets no dependency layers any more"]);
    }
}
