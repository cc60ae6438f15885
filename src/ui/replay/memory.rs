use std::sync::Arc;

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::Session;
use crate::engine::reports::replay_series::{ReplayCache, ReplaySeries};
use crate::ui::replay::controls::ControlsMemory;

#[derive(Debug, Default)]
pub struct ReplayMemory {
    pub(super) cache: ReplayCache,
    pub(super) controls: ControlsMemory,
    /// When playing last advanced; `None` while stopped.
    pub(super) playing_since: Option<f64>,
}

impl ReplayMemory {
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
