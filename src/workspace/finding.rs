//! What could not be read, or only in part.

use std::path::PathBuf;

/// Something that could not be read, or only in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadFinding {
    /// File, relative to the root.
    pub path: PathBuf,
    /// Line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// Stable code, such as `not_evaluated`.
    pub code: String,
    /// One sentence.
    pub message: String,
}
