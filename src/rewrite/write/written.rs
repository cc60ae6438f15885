//! A written change set, and limits of a write.

use std::path::PathBuf;

/// In bytes; far above any BUILD file that Bazel would load in reasonable time.
pub const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
pub const MAX_FILES: usize = 10_000;
/// Before and after together.
pub const MAX_CHANGE_SET_BYTES: u64 = 256 * 1024 * 1024;

/// Has everything that undoing needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub files: Vec<WrittenFile>,
    /// Relative to the workspace root, outermost first.
    pub folders: Vec<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Relative to the workspace root.
    pub path: PathBuf,
    /// `None` for a created file.
    pub before: Option<Vec<u8>>,
    /// `None` for a removed file.
    pub after: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    Old,
    New,
    /// Edited by somebody else, and left alone.
    EditedSince,
}
