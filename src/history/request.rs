//! Requests and errors of reading a history.

use std::collections::BTreeSet;
use std::path::PathBuf;

use thiserror::Error;

use crate::workspace::lock::PackageName;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRequest {
    /// The workspace's folder, perhaps below the repository's. Paths are relative to it.
    pub root: PathBuf,
    pub window: Window,
    /// Relative to `root`, with `/`.
    pub lock_paths: Vec<String>,
    /// Files with the Python version (`MODULE.bazel`, `.python-version`), relative to `root`, with `/`.
    pub interpreter_files: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// At most this many.
    Commits(usize),
    /// Back to the first commit before this moment (seconds since 1970, UTC).
    Since(i64),
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockDifference {
    Packages(BTreeSet<PackageName>),
    /// A version can't be read, for this reason: every package counts as changed.
    Unreadable(String),
}

/// Compares two versions of a lock file; `None` if it does not exist.
pub type CompareLocks = dyn Fn(&str, Option<&[u8]>, Option<&[u8]>) -> LockDifference;

/// Interprets changed files: the reader knows no format.
#[derive(Clone, Copy)]
pub struct ContentReaders<'a> {
    pub lock_difference: &'a CompareLocks,
    pub interpreter_version: &'a dyn Fn(&str, &[u8]) -> Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HistoryError {
    #[error("{} is not inside a git repository: change history needs one; open a checkout, or work without history", root.display())]
    NotARepository { root: PathBuf },
    #[error("the git repository of {} can't be opened: {reason}; check it with `git status`, or work without history", root.display())]
    Unusable { root: PathBuf, reason: String },
    /// HEAD names a branch without commits.
    #[error("the git repository of {} has no commits yet: commit once, then read the history again", root.display())]
    NoCommits { root: PathBuf },
    #[error(
        "{what} {id}, needed for commit {commit}, is not in the repository: fetch it (`git fetch --refetch --filter=blob:none` \
         for a partial clone, `git fsck` tells about damage), or ask for fewer commits"
    )]
    MissingObject {
        /// "commit" or "tree".
        what: &'static str,
        id: String,
        commit: String,
    },
    #[error(
        "object {id}, needed for commit {commit}, is damaged ({reason}): check the repository with `git fsck`, or ask for fewer commits"
    )]
    DamagedObject { id: String, commit: String, reason: String },
    /// More changed paths than a real repository has.
    #[error("the history up to commit {commit} changes more than {limit} paths: ask for fewer commits")]
    TooLarge { commit: String, limit: usize },
    #[error("reading the history was stopped")]
    Cancelled,
}
