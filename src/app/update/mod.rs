//! `update(state, action) -> effects`: the only place where state changes.

mod advising;
mod answers;
mod asking_bazel;
mod asks;
mod comparing;
mod deploy_choices;
mod drafts;
mod editing;
pub mod exporting;
mod look;
pub mod opening;
mod refreshing;
mod reviewing;
mod sizing;
mod undoing_on_disk;

use crate::app::state::notify;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::dialogs::DiscardNext;
use crate::app::state::export::Exportable;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::undoable_plan::UndoablePlan;
use crate::app::update::answers::take_answer;
use crate::app::update::asks::evaluate;
use crate::app::update::asks::follow_selection;
use crate::app::update::asks::reload;
use crate::app::update::asks::reopen_app;
use crate::app::update::editing::{change_dependency, edit, preview, replace_plan, revert, step};
use crate::app::update::exporting::picture;
use crate::app::update::opening::{confirm_discard, guard_plan};
use crate::app::update::undoing_on_disk::undo_on_disk;

/// Carries out one action and returns its effects.
pub fn update(state: &mut AppState, action: Action) -> Vec<Effect> {
    let mut effects = act(state, action);
    // Changes from outside are read once nothing else is pending.
    effects.extend(refreshing::when_idle(state));
    effects.extend(drafts::keep(state));
    effects
}

fn act(state: &mut AppState, action: Action) -> Vec<Effect> {
    match action {
        Action::Open(source) => guard_plan(state, DiscardNext::Open(source)),
        Action::ChooseApp(label) => guard_plan(state, DiscardNext::ChooseApp(label)),
        Action::Quit => guard_plan(state, DiscardNext::Quit),
        Action::ConfirmDiscard => confirm_discard(state),
        Action::PickFolder => vec![Effect::PickFolder],
        Action::FolderPicked(path) => {
            path.map_or_else(Vec::new, |path| guard_plan(state, DiscardNext::Open(WorkspaceSource::Folder(path))))
        }
        Action::Reload => reload(state),
        Action::CancelWork => cancel_work(state),
        Action::FindSizes(source) => sizing::ask(state, source),
        Action::StopSizing => sizing::stop_and_say(state),
        Action::SetFetchUnasked(choice) => sizing::set_unasked(state, choice),
        Action::Edit(operation) => edit(state, &operation),
        Action::Preview(operation) => preview(state, operation),
        Action::Undo => step(state, UndoablePlan::undo),
        Action::Redo => step(state, UndoablePlan::redo),
        Action::ChangeDependency(change) => change_dependency(state, &change),
        Action::Revert => revert(state),
        Action::Advice(action) => {
            let (plan, mut effects) = advising::act(state, action);
            effects.extend(plan.map_or_else(Vec::new, |plan| replace_plan(state, plan)));
            effects
        }
        Action::Bazel(action) => asking_bazel::act(state, action),
        Action::Look(look) => {
            look::look(&mut state.view, look);
            follow_selection(state)
        }
        Action::SetProfile(profile) => {
            state.choices.profile = profile;
            evaluate(state);
            // Groups suggested for another client may not be the best for this one.
            if state.advice.is_some() {
                return advising::act(state, AdviceAction::Suggest).1;
            }
            Vec::new()
        }
        Action::SetCadence(cadence) => deploy_choices::set_cadence(state, cadence),
        Action::SetWindow(window) => deploy_choices::set_window(state, window),
        Action::SetPlatform(platform) => {
            state.choices.platform = platform;
            reopen_app(state)
        }
        Action::SetCompression(compression) => {
            state.choices.compression = compression;
            reopen_app(state)
        }
        Action::SetTheme(theme) => {
            state.settings.theme = theme;
            vec![Effect::SaveSettings(state.settings.clone())]
        }
        Action::SetScale(percent) => {
            state.settings.scale_percent = if percent == 0 { 0 } else { percent.clamp(50, 300) };
            vec![Effect::SaveSettings(state.settings.clone())]
        }
        Action::Review(action) => reviewing::act(state, action),
        Action::Image(action) => comparing::act(state, action),
        Action::UndoOnDisk => undo_on_disk(state),
        Action::SavePlan(path) => save_plan(state, path),
        Action::LoadPlan(path) => load_plan(state, path),
        Action::Export { path, is_dark, picture } => export(state, path, is_dark, &picture),
        Action::SaveDialect { dialect, path } => exporting::save(state, dialect, path),
        Action::ShowDialog(dialog) => {
            state.dialog = Some(dialog);
            Vec::new()
        }
        Action::CloseDialog => {
            state.dialog = None;
            Vec::new()
        }
        Action::Say(text) => {
            notify(state, false, text);
            Vec::new()
        }
        Action::DismissNotice(id) => {
            state.notices.retain(|notice| notice.id != id);
            Vec::new()
        }
        Action::Answer(answer) => take_answer(state, answer),
    }
}

fn cancel_work(state: &mut AppState) -> Vec<Effect> {
    if !state.work.get().is_some_and(|work| work.can_cancel) {
        return Vec::new();
    }
    match state.work.stop() {
        Some((generation, _)) => {
            reviewing::close_if_waiting(state);
            vec![Effect::Cancel(generation)]
        }
        None => Vec::new(),
    }
}

fn save_plan(state: &mut AppState, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else { return Vec::new() };
    vec![Effect::SavePlan { path, model: Arc::clone(&design.model), plan: design.plan.present().clone() }]
}

fn load_plan(state: &mut AppState, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else { return Vec::new() };
    vec![Effect::LoadPlan { path, model: Arc::clone(&design.model) }]
}

fn export(state: &mut AppState, path: PathBuf, is_dark: bool, of: &Exportable) -> Vec<Effect> {
    state.dialog = None;
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let picture = picture(of, design, &session.history, &state.choices);
    vec![Effect::Export { path, picture, is_dark }]
}
