//! The state: one value from which the window is drawn. Only `update` changes it; nothing here does IO.

pub mod advice;
pub mod bazel;
pub mod design;
pub mod dialogs;
pub mod draft;
pub mod drop;
pub mod export;
pub mod image;
pub mod pull_request;
pub mod review;
pub mod session;
pub mod settings;
pub mod undo;
pub mod undoable_plan;
pub mod view;
pub mod watching;
pub mod work;

use crate::app::state::advice::AdviceState;
use crate::app::state::design::Design;
use crate::app::state::dialogs::Dialog;
use crate::app::state::draft::DraftState;
use crate::app::state::session::Session;
use crate::app::state::settings::Settings;
use crate::app::state::view::View;
use crate::app::state::watching::Watching;
use crate::app::state::work::Generation;
use crate::app::state::work::Notice;
use crate::app::state::work::Pending;
use crate::app::state::work::Work;
use crate::engine::choices::Choices;
use crate::engine::sizes::asked_sizes::SizeSource;

use crate::engine::change::planned_text::SourceText;

#[derive(Debug, Default)]
pub struct AppState {
    pub session: Option<Session>,
    /// Work that the user waits for.
    pub work: Pending<Work>,
    /// Sizes being found while the app is already usable.
    pub sizing: Pending<Work>,
    /// Who was asked for them last.
    pub sizes_asked: SizeSource,
    /// Why the package index told nothing when it was asked last for the open app.
    pub fetch_problem: Option<String>,
    pub dialog: Option<Dialog>,
    /// The latest last.
    pub notices: Vec<Notice>,
    pub view: View,
    /// The app's BUILD file, now or after Apply; `None` until it was read.
    pub source_text: Option<SourceText>,
    pub advice: Option<AdviceState>,
    pub choices: Choices,
    pub settings: Settings,
    pub watching: Watching,
    /// The latest generation handed out.
    pub(crate) generation: Generation,
    pub(crate) text: Pending<()>,
    pub(crate) draft: DraftState,
    pub(crate) next_notice: u64,
}

pub(crate) fn notify(state: &mut AppState, is_error: bool, text: String) {
    state.next_notice += 1;
    state.notices.push(Notice { id: state.next_notice, is_error, text, offers_undo: false });
}

pub(crate) fn next_generation(state: &mut AppState) -> Generation {
    state.generation.0 += 1;
    state.generation
}

pub(crate) fn start_work(state: &mut AppState, title: &str, can_cancel: bool) -> Generation {
    let generation = next_generation(state);
    state.work.start(generation, Work::new(title, can_cancel));
    generation
}

/// Ends the work of `generation`; `false` if a later one has replaced it and the answer must be dropped.
pub(crate) fn end_work(state: &mut AppState, generation: Generation) -> bool {
    state.work.finish(generation).is_some()
}

/// Shows an error unless it is already shown.
pub(crate) fn notify_once(state: &mut AppState, text: String) {
    if state.notices.iter().all(|notice| notice.text != text) {
        notify(state, true, text);
    }
}

pub(crate) fn design_mut(state: &mut AppState) -> Option<&mut Design> {
    state.session.as_mut()?.design.as_mut()
}
