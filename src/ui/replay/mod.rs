//! The replay of the history: as a panel at the bottom, and as a view for a meeting that fills the window.

mod chart;
mod controls;
mod legend;
mod panel;
mod presentation;
mod story;
mod strip;

use std::sync::Arc;

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::Session;
use crate::engine::reports::replay_series::{ReplayCache, ReplaySeries};

pub use controls::ControlsMemory;
pub use panel::show;
pub use presentation::show as present;

/// What the window keeps of the replay between frames.
#[derive(Debug, Default)]
pub struct ReplayMemory {
    /// The series of the present plan.
    cache: ReplayCache,
    /// What is being typed into the controls.
    controls: ControlsMemory,
    /// When the playing replay was moved on last; `None` while it stands.
    playing_since: Option<f64>,
}

impl ReplayMemory {
    /// The series of the open app.
    fn series<'a>(&mut self, state: &'a AppState) -> Option<(&'a Session, &'a Design, Arc<ReplaySeries>)> {
        let session = state.session.as_ref()?;
        let design = session.design.as_ref()?;
        let suggested = state.advice.as_ref().and_then(|advice| advice.evaluation.as_ref());
        let series =
            self.cache.get(&design.model, &design.on_disk, &design.evaluation, suggested, state.choices.profile);
        Some((session, design, series))
    }
}
