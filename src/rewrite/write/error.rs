//! Errors of writing, and the resulting state of the files.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::rewrite::refusal::{Refusal, RefusalCode};

#[derive(Debug, Error)]
pub enum WriteError {
    /// Every file is unchanged.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Every file is unchanged.
    #[error("{0}; every file is as it was, so you can try again once the cause is gone")]
    Failed(#[from] DiskError),
    /// The disk failed, and some files were edited by others during the rollback.
    #[error("{cause}; edited by another program in the meantime, so left as they are now: {}", list(paths))]
    LeftAlone {
        cause: Box<WriteError>,
        /// Relative to the workspace root; may hold the new text with others' edits.
        paths: Vec<PathBuf>,
    },
    /// The disk failed again during the rollback: some files are old, some may be new.
    #[error("{cause}; then {restoring}. Open the workspace again to put the files back; what is needed for it is kept in {}", journal.display())]
    HalfDone {
        cause: Box<WriteError>,
        restoring: DiskError,
        /// For `recover`.
        journal: PathBuf,
    },
    /// Another process is writing to the workspace.
    #[error("another Layerwright is writing to this workspace (it holds {}); try again when it is done", lock.display())]
    Busy { lock: PathBuf },
    /// An interrupted write was not recovered.
    #[error("an earlier edit of this workspace was cut short ({}); open the workspace again to settle it first", journal.display())]
    Unfinished { journal: PathBuf },
    #[error("{} can't be read as a journal ({reason}); look at the workspace's files with `git diff`, then remove the journal", journal.display())]
    JournalUnreadable { journal: PathBuf, reason: String },
}

/// A failed operation of the disk.
#[derive(Debug, Error)]
#[error("could not {doing} {}: {source}", path.display())]
pub struct DiskError {
    /// As in "could not … the path".
    pub doing: &'static str,
    pub path: PathBuf,
    pub source: io::Error,
}

impl DiskError {
    pub(super) fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self { doing, path: path.to_owned(), source }
    }
}

pub(super) fn refuse(code: RefusalCode, path: &Path, message: String) -> WriteError {
    WriteError::Refused(Refusal::new(code, &path.to_string_lossy(), None, message))
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
