//! Logs the steps of work for `-v`, with the time since it began.

use std::time::Instant;

use crate::jobs::{Progress, Watch};

/// Forwards to another watch and logs each step.
pub(crate) struct Logged<'a> {
    inner: &'a dyn Watch,
    start: Instant,
}

impl<'a> Logged<'a> {
    pub(crate) fn new(inner: &'a dyn Watch) -> Self {
        Self { inner, start: Instant::now() }
    }
}

impl Watch for Logged<'_> {
    fn report(&self, step: Progress) {
        let milliseconds = self.start.elapsed().as_millis();
        if step.total == 0 && step.done == 0 {
            tracing::debug!("{milliseconds:>6} ms  {}", step.message);
        } else {
            tracing::trace!("{milliseconds:>6} ms  {} ({} of {})", step.message, step.done, step.total);
        }
        self.inner.report(step);
    }

    fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }
}
