use std::path::PathBuf;

/// Something that could not be read completely.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadFinding {
    /// Relative to the root.
    pub path: PathBuf,
    /// Counted from 1.
    pub line: Option<usize>,
    /// Stable code, such as `not_evaluated`.
    pub code: String,
    /// One sentence.
    pub message: String,
}
