//! The changes that a repository's history holds, and the rows that say which of them touched what.
//!
//! Plain values only; reading git happens in `reader`.

use std::collections::{BTreeMap, BTreeSet};

use crate::workspace::lock::PackageName;

/// The commits of the window that was read, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// One entry per commit on the first-parent line.
    pub commits: Vec<Commit>,
    /// Whether this is the made-up history of the demo.
    pub is_sample: bool,
}

/// One commit, with what it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Full hash, in hexadecimal.
    pub id: String,
    /// Seconds since 1970, UTC: the committer's time.
    pub time: i64,
    /// Author's name.
    pub author: String,
    /// First line of the message.
    pub subject: String,
    /// Tags on this commit.
    pub tags: Vec<String>,
    /// Files that were added, changed or removed against the first parent, relative to the workspace's root.
    pub changed_files: BTreeSet<String>,
    /// Per lock file of the workspace: the packages whose locked version or wheels differ.
    pub changed_packages: BTreeMap<String, BTreeSet<PackageName>>,
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
