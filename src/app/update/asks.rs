//! Requests for the source pane, a workspace, and a new evaluation.

use crate::app::state::design_mut;

use crate::app::state::session::WorkspaceSource;
use crate::app::state::start_work;

use crate::app::state::watching::Watching;

use crate::engine::open::graph_source::GraphSource;
use crate::history::model::History;
use crate::label::Label;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::next_generation;
use crate::app::state::view::BottomTab;

/// Asks for the BUILD file after Apply.
pub(crate) fn preview_text(state: &mut AppState) -> Vec<Effect> {
    let generation = next_generation(state);
    state.text.start(generation, ());
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let (workspace, model, plan) =
        (Arc::clone(&session.workspace), Arc::clone(&design.model), design.plan.present().clone());
    let path = source_path(state);
    vec![Effect::PreviewText { generation, workspace, model, plan, path }]
}

/// The BUILD file of the selection, else the app's.
fn source_path(state: &AppState) -> Option<PathBuf> {
    let session = state.session.as_ref()?;
    let selected = state.view.selection.iter().find(|label| label.is_main());
    let package = selected.and_then(|label| session.workspace.packages.get(label.package()));
    package.map(|package| package.build_file.clone()).or_else(|| Some(session.design.as_ref()?.model.app.path.clone()))
}

/// Shows the file of the selection.
pub(crate) fn follow_selection(state: &mut AppState) -> Vec<Effect> {
    let shown = state.source_text.as_ref().map(|text| Path::new(&text.path));
    let is_open = state.view.bottom == Some(BottomTab::Source);
    if is_open && source_path(state).as_deref() != shown { preview_text(state) } else { Vec::new() }
}

pub(crate) fn watch(state: &mut AppState) -> Vec<Effect> {
    let generation = next_generation(state);
    state.watching = Watching::default();
    state.watching.watch.start(generation, ());
    let Some(session) = &state.session else { return Vec::new() };
    vec![Effect::Watch { generation, root: session.workspace.root.clone(), since: session.read_at }]
}

/// Reads a workspace; the open one stays until then. `known` is the history of a workspace that was already open.
pub(crate) fn load(
    state: &mut AppState,
    source: WorkspaceSource,
    graph: GraphSource,
    app: Option<String>,
    known: Option<Arc<History>>,
) -> Vec<Effect> {
    let title = match graph {
        GraphSource::Files => "Reading the workspace",
        GraphSource::Bazel(_) => "Loading the graph from Bazel",
    };
    let generation = start_work(state, title, true);
    vec![Effect::Load { generation, source, graph, app, window: state.choices.window, known }]
}

pub(crate) fn reload(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let graph = session.graph.clone();
    load_again(state, graph)
}

/// The plan stays.
pub(crate) fn load_again(state: &mut AppState, graph: GraphSource) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let app = session.design.as_ref().map(|design| design.model.app.label.to_string());
    let (source, history) = (session.source.clone(), Arc::clone(&session.history));
    load(state, source, graph, app, Some(history))
}

pub(crate) fn open_app(state: &mut AppState, label: Label) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let (workspace, history) = (Arc::clone(&session.workspace), Arc::clone(&session.history));
    let same = session.design.as_ref().filter(|design| design.model.app.label == label);
    let changes = same.map(|design| design.plan.changes().clone()).unwrap_or_default();
    let choices = state.choices.clone();
    let generation = start_work(state, "Opening the app", true);
    vec![Effect::OpenApp { generation, workspace, history, app: label, changes, choices }]
}

/// Collects the open app again after a choice that its numbers depend on.
pub(crate) fn reopen_app(state: &mut AppState) -> Vec<Effect> {
    let label =
        state.session.as_ref().and_then(|session| session.design.as_ref()).map(|design| design.model.app.label.clone());
    label.map_or_else(Vec::new, |label| open_app(state, label))
}

/// The current layers depend only on the model and the choices, so they stay.
pub(crate) fn evaluate_plan(state: &mut AppState) {
    let choices = state.choices.clone();
    if let Some(design) = design_mut(state) {
        design.preview = None;
        design.evaluation = design.model.evaluate(design.plan.present(), &choices);
    }
}

/// After the model or a choice changed.
pub(crate) fn evaluate(state: &mut AppState) {
    evaluate_plan(state);
    let choices = state.choices.clone();
    if let Some(design) = design_mut(state) {
        design.current = design.model.evaluate_current(&choices);
    }
}
