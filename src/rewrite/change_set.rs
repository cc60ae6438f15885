//! What an edit changes: whole files, before and after.
//!
//! Values only. Writing them to disk, all or none, is somebody else's work.

use std::path::PathBuf;

/// The changes of one request, over one or several files: applied whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// One entry for each file that changes, by path. Empty when there is nothing to do.
    pub files: Vec<FileChange>,
}

impl ChangeSet {
    /// Returns whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// One file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The real file, relative to the workspace root; links on the way to it are resolved already.
    pub path: PathBuf,
    /// The bytes that were read; `None` when the file is new.
    pub before: Option<Vec<u8>>,
    /// The bytes to write; never equal to `before`.
    pub after: Vec<u8>,
}
