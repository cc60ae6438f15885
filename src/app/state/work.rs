//! Work under way and the short messages about it.

use crate::jobs::Progress;

/// Numbers the requests of one kind, so that a late answer to an earlier one is recognised and dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// Work that the user waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Whose answer is awaited.
    pub generation: Generation,
    /// What it is, such as `Reading the workspace`.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
    /// Whether it can be stopped half way.
    pub can_cancel: bool,
}

/// A short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Identifies it.
    pub id: u64,
    /// Whether something went wrong.
    pub is_error: bool,
    /// One or two sentences.
    pub text: String,
    /// Whether it offers to take the last Apply back.
    pub offers_undo: bool,
}
