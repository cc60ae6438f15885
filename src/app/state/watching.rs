//! Changes that are made outside.

use std::time::SystemTime;

use crate::app::state::work::Pending;
use crate::engine::choices::Choices;

/// What is known of changes that are made outside.
#[derive(Debug, Default)]
pub struct Watching {
    /// The watch whose news count.
    pub(crate) watch: Pending<()>,
    /// The reading that is under way, and how it counts.
    pub(crate) refresh: Pending<Choices>,
    /// The last change that has not been read yet.
    pub(crate) unread: Option<SystemTime>,
}

impl Watching {
    /// Whether changes are being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.refresh.is_active()
    }

    /// The workspace was read from this moment on: earlier changes are no news.
    pub(crate) fn was_read(&mut self, read_at: SystemTime) {
        self.unread = self.unread.filter(|change| *change > read_at);
    }
}

/// What a watch says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchNews {
    /// Files were changed, or the branch moved; for the last time at this moment.
    Changed(SystemTime),
    /// The system gives no events, for this reason: changes are looked for from time to time.
    Polls(String),
}
