//! Progress on standard error: a line a second for whatever takes longer.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use crate::jobs::{Progress, Watch};

const PACE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct StandardError {
    last: Cell<Instant>,
    said: RefCell<String>,
}

impl Default for StandardError {
    fn default() -> Self {
        Self { last: Cell::new(Instant::now()), said: RefCell::default() }
    }
}

impl Watch for StandardError {
    fn report(&self, step: Progress) {
        if self.last.get().elapsed() < PACE || step.message == *self.said.borrow() {
            return;
        }
        self.last.set(Instant::now());
        step.message.clone_into(&mut self.said.borrow_mut());
        match step.total {
            0 => tracing::info!("{}", step.message),
            total => tracing::info!("{} ({} of {total})", step.message, step.done),
        }
    }
}
