//! A change set: the text edits, over one or several files, that make the workspace equal the plan.
//!
//! It is a value: whole bytes before, whole bytes after. It never reads or writes a file; `rewrite::write` does.

use std::path::PathBuf;

/// The edits of one gesture, applied whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeSet {
    /// The files to change, each path once.
    pub files: Vec<FileChange>,
}

/// One file of a change set, as whole bytes before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Where the file is, relative to the workspace root.
    pub path: PathBuf,
    /// The bytes that were read when the edit was made; `None` when the edit creates the file.
    pub before: Option<Vec<u8>>,
    /// The bytes that the file is to hold.
    pub after: Vec<u8>,
}

impl ChangeSet {
    /// Whether applying the change set would leave every file as it is.
    pub fn is_empty(&self) -> bool {
        self.files.iter().all(FileChange::is_unchanged)
    }
}

impl FileChange {
    /// Whether the file already holds the bytes that it is to hold.
    pub fn is_unchanged(&self) -> bool {
        self.before.as_deref() == Some(self.after.as_slice())
    }
}
