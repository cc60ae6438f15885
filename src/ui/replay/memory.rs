//! What the window keeps of the replay between frames.

use std::sync::Arc;

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::Session;
use crate::engine::reports::replay_series::{ReplayCache, ReplaySeries};
use crate::ui::replay::controls::ControlsMemory;

/// What the window keeps of the replay between frames.
#[derive(Debug, Default)]
pub struct ReplayMemory {
    /// The series of the present plan.
    pub(super) cache: ReplayCache,
    /// What is being typed into the controls.
    pub(super) controls: ControlsMemory,
    /// When the playing replay was moved on last; `None` while it stands.
    pub(super) playing_since: Option<f64>,
}

impl ReplayMemory {
    /// The series of the open app.
    pub(super) fn series<'a>(&mut self, state: &'a AppState) -> Option<(&'a Session, &'a Design, Arc<ReplaySeries>)> {
        let session = state.session.as_ref()?;
        let design = session.design.as_ref()?;
        let suggested = state.advice.as_ref().and_then(|advice| advice.evaluation.as_ref());
        let series = self.cache.get(
            &design.model,
            design.current.as_ref(),
            &design.evaluation,
            suggested,
            state.choices.profile,
        );
        Some((session, design, series))
    }
}
