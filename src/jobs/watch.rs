//! Progress and cancellation as one value.

use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// A sentence without a full stop.
    pub message: String,
    pub done: u64,
    /// Zero if not known.
    pub total: u64,
}

impl Progress {
    pub fn uncounted(message: impl Into<String>) -> Self {
        Self { message: message.into(), done: 0, total: 0 }
    }

    pub fn counted(message: impl Into<String>, done: usize, total: usize) -> Self {
        Self { message: message.into(), done: done as u64, total: total as u64 }
    }
}

/// Receives progress of a piece of work and may cancel it. Both methods are called on the thread that called the work,
/// however many threads the work has.
pub trait Watch {
    fn report(&self, _progress: Progress) {}

    /// Returns `true` once the result is no longer wanted. Work asks every few milliseconds and returns what it has, or
    /// an error.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Ignores progress and never cancels.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// Cancels when the flag is set.
impl Watch for AtomicBool {
    fn is_cancelled(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// Reports progress to a closure.
impl<F: Fn(Progress)> Watch for F {
    fn report(&self, progress: Progress) {
        self(progress);
    }
}

/// Cancels once the closure returns `true`.
#[cfg(test)]
pub(crate) struct Until<F>(pub(crate) F);

#[cfg(test)]
impl<F: Fn() -> bool> Watch for Until<F> {
    fn is_cancelled(&self) -> bool {
        self.0()
    }
}
