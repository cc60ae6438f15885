//! Progress and cancellation as one value.

use std::sync::atomic::{AtomicBool, Ordering};

/// How far a job is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is being done, as a sentence without a full stop.
    pub message: String,
    /// Steps done.
    pub done: u64,
    /// Steps in all; zero where that is not known.
    pub total: u64,
}

impl Progress {
    /// Returns a step that counts nothing.
    pub fn uncounted(message: impl Into<String>) -> Self {
        Self { message: message.into(), done: 0, total: 0 }
    }

    /// Returns `done` of `total` steps.
    pub fn counted(message: impl Into<String>, done: usize, total: usize) -> Self {
        Self { message: message.into(), done: done as u64, total: total as u64 }
    }
}

/// Whoever waits for a piece of work: hears how far it is, and may ask it to stop.
///
/// Both methods are called on the thread that called the work, however many threads the work has.
pub trait Watch {
    /// Takes note of how far the work is.
    fn report(&self, _progress: Progress) {}

    /// Returns `true` once the result is no longer wanted. Work asks every few milliseconds and returns what it has, or an error.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Waits for the end, silently.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// A flag cancels the work that it is handed to.
impl Watch for AtomicBool {
    fn is_cancelled(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// A closure hears the progress.
impl<F: Fn(Progress)> Watch for F {
    fn report(&self, progress: Progress) {
        self(progress);
    }
}

/// Cancels once the closure says so.
#[cfg(test)]
pub(crate) struct Until<F>(pub(crate) F);

#[cfg(test)]
impl<F: Fn() -> bool> Watch for Until<F> {
    fn is_cancelled(&self) -> bool {
        self.0()
    }
}
