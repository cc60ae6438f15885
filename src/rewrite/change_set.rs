//! Changed files, before and after.

use std::path::PathBuf;

/// Written whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Changed files by path.
    pub files: Vec<FileChange>,
}

impl ChangeSet {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The real file, relative to the workspace root, with links resolved.
    pub path: PathBuf,
    /// `None` for a new file.
    pub before: Option<Vec<u8>>,
    /// Never equal to `before`.
    pub after: Vec<u8>,
}
