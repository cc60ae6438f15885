//! Why a file changes: one sentence per edit, for the review before anything is written. Pure.

use crate::engine::change::dependency_changes::{DependencyChange, DependencyChanges};
use crate::label::Label;
use crate::rule_sets::dep_layers::migration::MigrationEdit;

/// The sentences of one edit.
#[must_use]
pub fn reasons(edit: &MigrationEdit, changes: &DependencyChanges) -> Vec<String> {
    match edit {
        MigrationEdit::AddLibrary { library, deps, .. } => {
            vec![format!("{library} is new: the layer names it, and it brings {}", counted(deps))]
        }
        MigrationEdit::RemoveLibrary { library } => vec![format!("{library} goes: no layer needs it any more")],
        MigrationEdit::SetDepLayers { app, layers } => vec![match layers.len() {
            0 => format!("{app} gets no dependency layers any more"),
            1 => format!("{app} gets one dependency layer"),
            count => format!("{app} gets {count} dependency layers, the lowest first"),
        }],
        MigrationEdit::Rewire { target, remove, add } => rewired(target, remove, add, changes),
    }
}

fn rewired(target: &Label, remove: &[Label], add: &[Label], changes: &DependencyChanges) -> Vec<String> {
    let wished: Vec<DependencyChange> = changes.iter().filter(|change| change.target == *target).collect();
    let is_wished =
        |label: &Label, is_added| wished.iter().any(|wish| wish.is_added == is_added && wish.dependency == *label);
    let mut sentences: Vec<String> = wished.iter().map(ToString::to_string).collect();
    let moved: Vec<Label> = remove.iter().filter(|label| !is_wished(label, false)).cloned().collect();
    let libraries: Vec<String> = add.iter().filter(|label| !is_wished(label, true)).map(ToString::to_string).collect();
    match (moved.len(), libraries.is_empty()) {
        (0, true) => {}
        (0, false) => sentences.push(format!("{target} needs {} too", libraries.join(", "))),
        (_, true) => sentences.push(format!("{target} names {} no longer itself", counted(&moved))),
        (_, false) => sentences.push(format!(
            "{target} takes {} from {} instead of naming them itself: it needs the same as before",
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

    #[test]
    fn wishes_and_what_the_plan_does_are_told_apart() {
        let change =
            DependencyChange { target: label("//app:app_bin"), dependency: label("@pypi//:requests"), is_added: true };
        let changes = DependencyChanges::default().with(&workspace("py_layers"), &Plan::default(), &change).unwrap();
        let edit = MigrationEdit::Rewire {
            target: label("//app:app_bin"),
            remove: vec![label("@pypi//:numpy"), label("@pypi//:fastapi")],
            add: vec![label("@pypi//:requests"), label("//app:pip_layer")],
        };
        assert_eq!(
            reasons(&edit, &changes),
            [
                "//app:app_bin needs @pypi//:requests",
                "//app:app_bin takes 2 dependencies from //app:pip_layer instead of naming them itself: it needs the same as before",
            ]
        );
        let edit = MigrationEdit::SetDepLayers { app: label("//app:app"), layers: Vec::new() };
        assert_eq!(reasons(&edit, &changes), ["//app:app gets no dependency layers any more"]);
    }
}
