//! The changes in a repository's history, and rows of bits per commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use crate::history::paths::{PathId, PathTable};
use crate::history::request::HistoryRequest;
use crate::workspace::lock::PackageName;

/// Commits of the window, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// On the first-parent line.
    pub commits: Vec<Commit>,
    pub paths: PathTable,
    pub start: HistoryStart,
    /// `None` if not read from git.
    pub request: Option<HistoryRequest>,
    /// The made-up history of the demo.
    pub is_sample: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HistoryStart {
    #[default]
    Root,
    Window,
    /// The clone is shallow (`git fetch --unshallow` brings more). The changes of the commit at the boundary can't be
    /// known, so it is not in the list.
    Shallow {
        /// Full hash.
        boundary: String,
    },
}

impl History {
    /// Replaces the commits' `changed_files` by the given names.
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

    /// Sorted, relative to the workspace's root.
    pub fn changed_files<'a>(&'a self, commit: &'a Commit) -> impl Iterator<Item = &'a str> {
        commit.changed_files.iter().filter_map(|&id| self.paths.get(id))
    }

    #[must_use]
    pub fn head(&self) -> Option<&str> {
        self.commits.last().map(|commit| commit.id.as_str())
    }
}

/// For [`Commit::changed_files`].
pub(super) fn sorted_ids(mut ids: Vec<PathId>) -> Vec<PathId> {
    ids.sort_unstable();
    ids.dedup();
    ids.shrink_to_fit();
    ids
}

/// For [`Commit::moved_files`].
pub(super) fn sorted_moves(mut moves: Vec<(PathId, PathId)>) -> Vec<(PathId, PathId)> {
    moves.sort_unstable();
    moves.shrink_to_fit();
    moves
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Full hash.
    pub id: String,
    /// Committer's time in seconds since 1970, UTC.
    pub time: i64,
    /// As in the commit, without mailmap.
    pub author: String,
    /// On one line.
    pub subject: String,
    /// Sorted.
    pub tags: Vec<String>,
    /// Files added, changed or removed against the first parent: sorted unique ids. [`History::changed_files`] gives
    /// names.
    pub changed_files: Vec<PathId>,
    /// Files moved without another change, sorted; both paths are among the changed files.
    pub moved_files: Vec<(PathId, PathId)>,
    /// For each lock file, the packages whose version or wheels differ.
    pub changed_packages: BTreeMap<String, BTreeSet<PackageName>>,
    /// Changed lock and interpreter files that can't be read, with the reason. Every package of such a lock counts as
    /// changed, and so does the interpreter.
    pub unread: BTreeMap<String, String>,
    pub interpreter_changed: bool,
}

/// One bit per commit of the window, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChangeRow {
    words: Vec<u64>,
}

impl ChangeRow {
    pub fn set(&mut self, index: usize) {
        let word = index / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(slot) = self.words.get_mut(word) {
            *slot |= 1 << (index % 64);
        }
    }

    #[must_use]
    pub fn get(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Without commit `index`.
    #[must_use]
    pub fn after(&self, index: usize) -> Self {
        let mut later = Self::default();
        self.ones().filter(|&commit| commit > index).for_each(|commit| later.set(commit));
        later
    }

    pub fn merge(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    #[must_use]
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Ascending.
    pub fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words
            .iter()
            .enumerate()
            .flat_map(|(index, &word)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| index * 64 + bit))
    }
}
