//! Packages without sizes.

use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::graph::contents::ItemKind;
use crate::jobs::Watch;
use crate::size::installed::{Places, Wanted, places};
use crate::workspace::model::Workspace;

/// Where packages may be on this machine.
pub(crate) fn places_of(workspace: &Workspace, choices: &Choices, watch: &dyn Watch) -> Places {
    places(&workspace.root, &choices.sites, watch)
}

pub(crate) fn wanted(model: &AppModel) -> Vec<Wanted> {
    let package = |kind: &ItemKind| match kind {
        ItemKind::Package { name, version, wheel, .. } => {
            Some(Wanted { name: name.clone(), version: version.clone(), wheel: wheel.clone() })
        }
        _ => None,
    };
    model.contents.items.iter().filter_map(|item| package(&item.kind)).collect()
}
