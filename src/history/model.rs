//! The changes that a repository's history holds, and the rows that say which of them touched what.
//!
//! Plain values only; reading git happens in `reader`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use crate::history::paths::{PathId, PathTable};
use crate::history::request::HistoryRequest;
use crate::workspace::lock::PackageName;

/// The commits of the window that was read, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// One entry per commit on the first-parent line.
    pub commits: Vec<Commit>,
    /// Every path that some commit changed.
    pub paths: PathTable,
    /// Why there is nothing before the first commit.
    pub start: HistoryStart,
    /// What was asked for; `None` where the history was not read from git.
    pub request: Option<HistoryRequest>,
    /// Whether this is the made-up history of the demo.
    pub is_sample: bool,
}

/// Why a history begins where it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HistoryStart {
    /// The first commit of the repository.
    #[default]
    Root,
    /// The window ends there; the repository has more.
    Window,
    /// The clone is shallow and has nothing more (`git fetch --unshallow` brings it). What the commit at the boundary
    /// itself changed can't be known, so it is not in the list.
    Shallow {
        /// Full hash of that commit.
        boundary: String,
    },
}

impl History {
    /// A history of commits whose changed files are given by name; whatever `changed_files` they hold is replaced.
    #[must_use]
    pub fn from_named_files(commits: impl IntoIterator<Item = (Commit, Vec<String>)>) -> Self {
        let mut places = Vec::new();
        let mut named: Vec<Arc<str>> = Vec::new();
        for (commit, files) in commits {
            let first = named.len();
            named.extend(files.into_iter().map(Arc::from));
            places.push((commit, first..named.len()));
        }
        let (paths, ids) = PathTable::build(&named);
        let commits = places
            .into_iter()
            .map(|(commit, range)| Commit {
                changed_files: sorted_ids(ids.get(range).unwrap_or_default().to_vec()),
                ..commit
            })
            .collect();
        Self { commits, paths, ..Self::default() }
    }

    /// The files that `commit`, one of this history's, changed: sorted, relative to the workspace's root.
    pub fn changed_files<'a>(&'a self, commit: &'a Commit) -> impl Iterator<Item = &'a str> {
        commit.changed_files.iter().filter_map(|&id| self.paths.get(id))
    }

    /// Full hash of the newest commit.
    #[must_use]
    pub fn head(&self) -> Option<&str> {
        self.commits.last().map(|commit| commit.id.as_str())
    }
}

/// Ids in the form that [`Commit::changed_files`] promises.
pub(super) fn sorted_ids(mut ids: Vec<PathId>) -> Vec<PathId> {
    ids.sort_unstable();
    ids.dedup();
    ids.shrink_to_fit();
    ids
}

/// Moves in the form that [`Commit::moved_files`] promises.
pub(super) fn sorted_moves(mut moves: Vec<(PathId, PathId)>) -> Vec<(PathId, PathId)> {
    moves.sort_unstable();
    moves.shrink_to_fit();
    moves
}

/// One commit, with what it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Full hash, in hexadecimal.
    pub id: String,
    /// Seconds since 1970, UTC: the committer's time.
    pub time: i64,
    /// Author's name, as the commit has it (a mailmap is not read).
    pub author: String,
    /// The message's title, on one line.
    pub subject: String,
    /// Tags on this commit, sorted.
    pub tags: Vec<String>,
    /// Files that were added, changed or removed against the first parent: sorted ids of [`History::paths`], each once.
    /// [`History::changed_files`] gives the names.
    pub changed_files: Vec<PathId>,
    /// Files that were moved without another change, from and to; both are among the changed files. Sorted.
    pub moved_files: Vec<(PathId, PathId)>,
    /// Per lock file of the workspace: the packages whose locked version or wheels differ.
    pub changed_packages: BTreeMap<String, BTreeSet<PackageName>>,
    /// Lock and interpreter files that changed here and can't be read before or after, with the reason. Every package
    /// of such a lock counts as changed, and so does the interpreter.
    pub unread: BTreeMap<String, String>,
    /// Whether the interpreter's version differs.
    pub interpreter_changed: bool,
}

/// One bit per commit of the window, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChangeRow {
    words: Vec<u64>,
}

impl ChangeRow {
    /// Marks commit `index`.
    pub fn set(&mut self, index: usize) {
        let word = index / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(slot) = self.words.get_mut(word) {
            *slot |= 1 << (index % 64);
        }
    }

    /// Whether commit `index` is marked.
    #[must_use]
    pub fn get(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// The marks after commit `index`, without it.
    #[must_use]
    pub fn after(&self, index: usize) -> Self {
        let mut later = Self::default();
        self.ones().filter(|&commit| commit > index).for_each(|commit| later.set(commit));
        later
    }

    /// Adds the marks of `other`.
    pub fn merge(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    /// How many commits are marked.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The marked commits, ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .enumerate()
            .flat_map(|(index, &word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| index * 64 + bit))
    }
}
