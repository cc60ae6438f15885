//! Changes made outside of the program.

use std::time::SystemTime;

use crate::app::state::work::Pending;
use crate::engine::choices::Choices;

#[derive(Debug, Default)]
pub struct Watching {
    pub(crate) watch: Pending<()>,
    pub(crate) refresh: Pending<Choices>,
    /// The last change that was not read yet.
    pub(crate) unread: Option<SystemTime>,
}

impl Watching {
    /// Returns `true` while a change is being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.refresh.is_active()
    }

    /// Changes before `read_at` are no news.
    pub(crate) fn was_read(&mut self, read_at: SystemTime) {
        self.unread = self.unread.filter(|change| *change > read_at);
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchNews {
    /// Files or the branch changed, last at this moment.
    Changed(SystemTime),
    /// The system gives no events, for this reason: the watch polls.
    Polls(String),
}
