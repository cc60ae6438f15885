//! What a reader of history is asked for, what it says on the way, and how it can fail.
//!
//! Plain values only; the reading is in `reader`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use thiserror::Error;

use crate::workspace::lock::PackageName;

/// Which history to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRequest {
    /// The workspace's folder; it may be a subfolder of the repository. Paths are made relative to it.
    pub root: PathBuf,
    /// How far back.
    pub window: Window,
    /// Lock files, relative to `root`, with `/`.
    pub lock_paths: Vec<String>,
    /// Files whose content says the Python version (`MODULE.bazel`, `.python-version`), relative to `root`, with `/`.
    pub interpreter_files: Vec<String>,
}

/// How far back a history goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The newest commits, at most so many.
    Commits(usize),
    /// Commits back to the first one that was committed before this moment (seconds since 1970, UTC).
    Since(i64),
    /// Everything back to the first commit.
    All,
}

/// What one commit did to one lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockDifference {
    /// These packages differ.
    Packages(BTreeSet<PackageName>),
    /// One of the two versions can't be read, for this reason: every package counts as changed.
    Unreadable(String),
}

/// Compares two versions of the lock file at a path; `None` where it does not exist.
pub type CompareLocks = dyn Fn(&str, Option<&[u8]>, Option<&[u8]>) -> LockDifference;

/// How the contents of changed files are understood. The reader itself knows no format.
#[derive(Clone, Copy)]
pub struct ContentReaders<'a> {
    /// What differs between two versions of a lock file.
    pub lock_difference: &'a CompareLocks,
    /// The Python version that the file at a path says, if it does.
    pub interpreter_version: &'a dyn Fn(&str, &[u8]) -> Option<String>,
}

/// Why a history can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HistoryError {
    /// No repository around the folder.
    #[error("{} is not inside a git repository: change history needs one; open a checkout, or work without history", root.display())]
    NotARepository {
        /// The folder asked for.
        root: PathBuf,
    },
    /// There is a repository, but it can't be opened.
    #[error("the git repository of {} can't be opened: {reason}; check it with `git status`, or work without history", root.display())]
    Unusable {
        /// The folder asked for.
        root: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// HEAD names a branch without commits.
    #[error("the git repository of {} has no commits yet: commit once, then read the history again", root.display())]
    NoCommits {
        /// The folder asked for.
        root: PathBuf,
    },
    /// An object is not in the repository.
    #[error(
        "{what} {id}, needed for commit {commit}, is not in the repository: fetch it (`git fetch --refetch --filter=blob:none` \
         for a partial clone, `git fsck` tells about damage), or ask for fewer commits"
    )]
    MissingObject {
        /// "commit" or "tree".
        what: &'static str,
        /// The object's hash.
        id: String,
        /// The commit that was being read.
        commit: String,
    },
    /// An object is there, but its content makes no sense.
    #[error(
        "object {id}, needed for commit {commit}, is damaged ({reason}): check the repository with `git fsck`, or ask for fewer commits"
    )]
    DamagedObject {
        /// The object's hash.
        id: String,
        /// The commit that was being read.
        commit: String,
        /// What was wrong.
        reason: String,
    },
    /// More changed paths than a real repository has.
    #[error("the history up to commit {commit} changes more than {limit} paths: ask for fewer commits")]
    TooLarge {
        /// The commit that was being read.
        commit: String,
        /// How many changed paths are accepted in all.
        limit: usize,
    },
    /// The caller asked to stop.
    #[error("reading the history was stopped")]
    Cancelled,
}
