//! What was written, and the limits of one write.

use std::path::PathBuf;

/// The largest file that is written, in bytes; far above any BUILD file that Bazel would load in reasonable time.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// The most files in one change set.
pub const MAX_FILES: usize = 10_000;
/// The most bytes in one change set, before and after together.
pub const MAX_CHANGE_SET_BYTES: u64 = 256 * 1024 * 1024;

/// A change set that was written, with all that undoing it needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Each file that was changed.
    pub files: Vec<WrittenFile>,
    /// The folders that were made for new files, relative to the workspace root, outermost first.
    pub folders: Vec<PathBuf>,
}

/// One file that was written, as whole bytes before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Relative to the workspace root.
    pub path: PathBuf,
    /// `None`: there was no file.
    pub before: Option<Vec<u8>>,
    /// `None`: there is no file any more.
    pub after: Option<Vec<u8>>,
}

/// The content of a file after recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// The text from before the edit.
    Old,
    /// The text of the edit.
    New,
    /// Neither: somebody else edited it since, and it was left alone.
    EditedSince,
}
