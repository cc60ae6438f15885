//! The state of the program: one value from which the window is drawn.
//!
//! Only `update` changes it. Nothing here draws, reads or writes.

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

use crate::engine::change::planned_text::SourceText;

/// Everything that the window shows.
#[derive(Debug, Default)]
pub struct AppState {
    /// The open workspace, if there is one.
    pub session: Option<Session>,
    /// What is under way, with its progress.
    pub work: Pending<Work>,
    /// Sizes that are being found out while the app can be used already.
    pub sizing: Pending<Work>,
    /// A question or a report that lies over the window.
    pub dialog: Option<Dialog>,
    /// Short messages at the window's edge, the latest last.
    pub notices: Vec<Notice>,
    /// What is looked at.
    pub view: View,
    /// The app's BUILD file, as it is or as the plan would make it; `None` until it was read.
    pub source_text: Option<SourceText>,
    /// Suggested groups for the open app.
    pub advice: Option<AdviceState>,
    /// How numbers are counted.
    pub choices: Choices,
    /// What is kept between starts.
    pub settings: Settings,
    /// What is known of changes that are made outside.
    pub watching: Watching,
    /// The latest generation handed out.
    pub(crate) generation: Generation,
    /// The text of the source pane that is awaited.
    pub(crate) text: Pending<()>,
    /// What is kept of the plan, in case the program ends before it is applied.
    pub(crate) draft: DraftState,
    /// The next notice's number.
    pub(crate) next_notice: u64,
}

/// Shows a short message at the window's edge.
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

/// Ends the work of `generation`; `false` when a later one has taken its place and the answer must be dropped.
pub(crate) fn end_work(state: &mut AppState, generation: Generation) -> bool {
    state.work.finish(generation).is_some()
}

/// Says what went wrong, but not again while it still stands there.
pub(crate) fn notify_once(state: &mut AppState, text: String) {
    if state.notices.iter().all(|notice| notice.text != text) {
        notify(state, true, text);
    }
}

pub(crate) fn design_mut(state: &mut AppState) -> Option<&mut Design> {
    state.session.as_mut()?.design.as_mut()
}
