//! The BUILD file as the plan would make it, for the source pane: which file, and when it is asked for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::{AppState, BottomTab};
use crate::app::update::next_generation;

/// Asks for the text that the plan would make; the latest answer counts.
pub(super) fn preview_text(state: &mut AppState) -> Vec<Effect> {
    let generation = next_generation(state);
    state.text_generation = generation;
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let (workspace, model, plan) =
        (Arc::clone(&session.workspace), Arc::clone(&design.model), design.plan.present().clone());
    let path = source_path(state);
    vec![Effect::PreviewText { generation, workspace, model, plan, path }]
}

/// The BUILD file to show: that of what is selected, else the app's.
fn source_path(state: &AppState) -> Option<PathBuf> {
    let session = state.session.as_ref()?;
    let selected = state.view.selection.iter().find(|label| label.is_main());
    let package = selected.and_then(|label| session.workspace.packages.get(label.package()));
    package.map(|package| package.build_file.clone()).or_else(|| Some(session.design.as_ref()?.model.app.path.clone()))
}

/// The source pane shows the file of what is selected.
pub(super) fn follow_selection(state: &mut AppState) -> Vec<Effect> {
    let shown = state.source_text.as_ref().map(|text| Path::new(&text.path));
    let is_open = state.view.bottom == Some(BottomTab::Source);
    if is_open && source_path(state).as_deref() != shown { preview_text(state) } else { Vec::new() }
}
