//! Opening and reopening a workspace or an app without losing an unsaved plan.

use crate::app::update::asks::watch;
use crate::app::update::asks::{load, open_app};
use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::dialogs::Dialog;
use crate::app::state::dialogs::DiscardNext;
use crate::app::state::notify;
use crate::app::state::session::Loaded;
use crate::app::state::session::Session;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::undoable_plan::UndoablePlan;
use crate::app::state::view::View;
use crate::app::update::advising;
use crate::app::update::asks::preview_text;
use crate::app::update::drafts;
use crate::engine::app_model::{AppError, AppModel};
use crate::engine::open::graph_source::GraphSource;
use crate::label::Label;
use crate::workspace::model::Workspace;

/// Does `next`, or asks first if a plan would be lost.
pub(crate) fn guard_plan(state: &mut AppState, next: DiscardNext) -> Vec<Effect> {
    let is_changed = state.session.as_ref().and_then(|session| session.design.as_ref()).is_some_and(Design::is_changed);
    if is_changed {
        state.dialog = Some(Dialog::Discard { next: Box::new(next) });
        return Vec::new();
    }
    go_on(state, next)
}

pub(crate) fn confirm_discard(state: &mut AppState) -> Vec<Effect> {
    match state.dialog.take() {
        Some(Dialog::Discard { next }) => {
            let mut effects: Vec<Effect> = drafts::discard(state).into_iter().collect();
            effects.extend(go_on(state, *next));
            effects
        }
        other => {
            state.dialog = other;
            Vec::new()
        }
    }
}

fn go_on(state: &mut AppState, next: DiscardNext) -> Vec<Effect> {
    state.dialog = None;
    state.notices.clear();
    match next {
        DiscardNext::Open(source) => load(state, source, GraphSource::Files, None, None),
        DiscardNext::ChooseApp(label) => open_app(state, label),
        DiscardNext::Quit => vec![Effect::Quit],
    }
}

pub fn start(state: &mut AppState, source: WorkspaceSource, app: Option<String>) -> Vec<Effect> {
    load(state, source, GraphSource::Files, app, None)
}

/// The open app stays open; so does its plan, unless the BUILD file already contains it.
pub(crate) fn take_workspace(state: &mut AppState, loaded: Loaded) -> Vec<Effect> {
    let Loaded { source, graph, workspace, history, history_problem, recovered, app, read_at } = loaded;
    if let Some(recovered) = recovered {
        notify(state, false, recovered);
    }
    let is_same = state.session.as_ref().is_some_and(|session| session.source == source);
    let (design, last_written, written_plan) = match state.session.take() {
        Some(Session { design, last_written, written_plan, .. }) if is_same => {
            let settled = design.map(|mut design| {
                design.plan.settle(&workspace);
                design
            });
            (settled, last_written, written_plan)
        }
        _ => (None, None, None),
    };
    if !is_same {
        state.view = View { bottom: state.view.bottom, colour_by: state.view.colour_by, ..Default::default() };
    }
    let first_app = match app {
        Some(Ok(label)) => Some(label),
        Some(Err(problem)) => {
            notify(state, true, problem);
            None
        }
        None => None,
    };
    let remembered = || match &source {
        WorkspaceSource::Folder(path) => state.settings.remembered_app(path),
        WorkspaceSource::Demo => None,
    };
    let is_there = |label: &Label| workspace.apps.iter().any(|app| app.label == *label);
    let first_app = first_app.or_else(|| remembered().filter(is_there)).or_else(|| first_python_app(&workspace));
    let mut effects = Vec::new();
    let folder = match &source {
        WorkspaceSource::Folder(path) => Some(path.as_path()),
        WorkspaceSource::Demo => None,
    };
    state.settings.remember_workspace(folder);
    effects.push(Effect::SaveSettings(state.settings.clone()));
    state.session = Some(Session {
        source,
        graph,
        workspace,
        history,
        history_problem,
        read_at,
        design,
        app_problem: None,
        last_written,
        written_plan,
    });
    if is_same {
        state.watching.was_read(read_at);
    } else {
        effects.extend(watch(state));
    }
    if let Some(label) = first_app {
        effects.extend(open_app(state, label));
    }
    effects
}

/// Prefers an app that already has groups.
fn first_python_app(workspace: &Workspace) -> Option<Label> {
    let python = || {
        workspace
            .apps
            .iter()
            .filter(|app| app.language.as_deref().is_none_or(|language| language == "python") && app.binary.is_some())
    };
    python().find(|app| app.dep_layers.is_some()).or_else(|| python().next()).map(|app| app.label.clone())
}

/// The app can't be planned for (any more). Its plan is kept.
pub(crate) fn app_is_gone(state: &mut AppState, label: Label, error: &AppError) {
    let Some(session) = &mut state.session else { return };
    let has_plan = |design: &Design| design.model.app.label == label && design.is_changed();
    if session.design.as_ref().is_some_and(has_plan) {
        notify(state, true, format!("{label} can't be opened now, so it stays as it was, with your plan: {error}"));
        return;
    }
    session.design = None;
    session.app_problem = Some((label, error.to_string()));
}

pub(crate) fn show_app(state: &mut AppState, model: Arc<AppModel>) -> Vec<Effect> {
    let is_first = take_app(state, model);
    let mut effects = advising::forget_stale(state);
    effects.extend(if is_first { drafts::look_for(state) } else { None });
    effects.extend(preview_text(state));
    effects.extend(remember_app(state));
    effects
}

/// Returns `true` if the app was not open before.
fn take_app(state: &mut AppState, model: Arc<AppModel>) -> bool {
    let choices = state.choices.clone();
    let Some(session) = &mut state.session else { return false };
    session.app_problem = None;
    // The same app again: its plan stays unless the file now contains it.
    let previous = session.design.take().filter(|design| design.model.app.label == model.app.label);
    let is_first = previous.is_none();
    let plan = match previous {
        Some(design) if design.is_changed() || design.is_taken_back => design.plan,
        Some(design) if design.model.on_disk.same_design(&model.on_disk) => design.plan,
        Some(_) | None => UndoablePlan::new(model.on_disk.clone()),
    };
    let evaluation = model.evaluate(plan.present(), &choices);
    let current = model.evaluate_current(&choices);
    let app_package = format!("//{}", model.graph.node(model.graph.root()).map_or("", |node| node.label.package()));
    session.design =
        Some(Design { model, plan, evaluation, current, preview: None, refusal: None, is_taken_back: false });
    if is_first {
        let view = &mut state.view;
        view.selection.clear();
        view.selected_layer = None;
        view.renaming = None;
        view.focus = None;
        view.deploy = None;
        view.expanded = std::iter::once(app_package).collect();
    }
    is_first
}

/// The next start opens this app.
fn remember_app(state: &mut AppState) -> Option<Effect> {
    let session = state.session.as_ref()?;
    let WorkspaceSource::Folder(path) = &session.source else { return None };
    let app = session.design.as_ref()?.model.app.label.clone();
    if state.settings.remembered_app(path).as_ref() == Some(&app) {
        return None;
    }
    state.settings.remember_app(path, &app);
    Some(Effect::SaveSettings(state.settings.clone()))
}
