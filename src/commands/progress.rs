//! Progress on standard error: nothing for what is done at once, a line a second for what takes longer.

use std::time::{Duration, Instant};

use crate::jobs::Progress;

/// The time between two lines.
const PACE: Duration = Duration::from_secs(1);

/// Says how far work is, now and then.
#[derive(Debug)]
pub(super) struct StandardError {
    last: Instant,
    said: String,
}

impl Default for StandardError {
    fn default() -> Self {
        Self { last: Instant::now(), said: String::new() }
    }
}

impl StandardError {
    /// Says it, if a second has passed since the last line and it is something new.
    pub(super) fn tell(&mut self, step: &Progress) {
        if self.last.elapsed() < PACE || step.message == self.said {
            return;
        }
        self.last = Instant::now();
        step.message.clone_into(&mut self.said);
        match step.total {
            0 => tracing::info!("{}", step.message),
            total => tracing::info!("{} ({} of {total})", step.message, step.done),
        }
    }
}
