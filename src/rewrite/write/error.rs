//! Why writing did not happen, and what state the files are in then. Values only.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::rewrite::refusal::{Refusal, RefusalCode};

/// An error of writing, undoing or recovering a change set.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The change set must not be written; every file is as it was.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk failed; every file is as it was.
    #[error("{0}; every file is as it was, so you can try again once the cause is gone")]
    Failed(#[from] DiskError),
    /// The disk failed, and some files were edited by somebody else while the others were put back.
    #[error("{cause}; edited by another program in the meantime, so left as they are now: {}", list(paths))]
    LeftAlone {
        /// Why nothing could be written.
        cause: Box<WriteError>,
        /// The files, relative to the workspace root, that may hold the new text with somebody's edits.
        paths: Vec<PathBuf>,
    },
    /// The disk failed, and then failed again while files were put back: some are old, some may be new.
    #[error("{cause}; then {restoring}. Open the workspace again to put the files back; what is needed for it is kept in {}", journal.display())]
    HalfDone {
        /// Why nothing could be written.
        cause: Box<WriteError>,
        /// Why the files could not be put back.
        restoring: DiskError,
        /// The journal that `recover` reads.
        journal: PathBuf,
    },
    /// Another process writes to the same workspace at this moment.
    #[error("another Layerwright is writing to this workspace (it holds {}); try again when it is done", lock.display())]
    Busy {
        /// The lock that it holds.
        lock: PathBuf,
    },
    /// An earlier write was cut short, and `recover` has not been asked to settle it.
    #[error("an earlier edit of this workspace was cut short ({}); open the workspace again to settle it first", journal.display())]
    Unfinished {
        /// The journal of the earlier write.
        journal: PathBuf,
    },
    /// The journal of an earlier write can't be understood.
    #[error("{} can't be read as a journal ({reason}); look at the workspace's files with `git diff`, then remove the journal", journal.display())]
    JournalUnreadable {
        /// The journal.
        journal: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// One thing that the disk did not do.
#[derive(Debug, Error)]
#[error("could not {doing} {}: {source}", path.display())]
pub struct DiskError {
    /// What was to be done, as in "could not … the path".
    pub doing: &'static str,
    /// With which file or folder.
    pub path: PathBuf,
    /// What the system answered.
    pub source: io::Error,
}

impl DiskError {
    pub(super) fn new(doing: &'static str, path: &Path, source: io::Error) -> Self {
        Self { doing, path: path.to_owned(), source }
    }
}

/// A refusal that concerns a whole file.
pub(super) fn refuse(code: RefusalCode, path: &Path, message: String) -> WriteError {
    WriteError::Refused(Refusal::new(code, &path.to_string_lossy(), None, message))
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
