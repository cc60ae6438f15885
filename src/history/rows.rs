//! Change rows of files, locked packages and the interpreter. An index holds commit numbers per path and makes rows on
//! request, because dense rows for every path would fill the memory.

use std::collections::BTreeMap;

use crate::history::model::{ChangeRow, Commit, History, PathId, PathTable};
use crate::workspace::lock::PackageName;

/// `path` is relative to the workspace's root. Looks at every commit; use a [`HistoryIndex`] for many paths.
#[must_use]
pub fn file_row(history: &History, path: &str) -> ChangeRow {
    let Some(id) = history.paths.find(path) else { return ChangeRow::default() };
    commits_where(history, |commit| commit.changed_files.binary_search(&id).is_ok())
}

/// A commit at which the lock can't be read counts.
#[must_use]
pub fn package_row(history: &History, lock_path: &str, package: &PackageName) -> ChangeRow {
    commits_where(history, |commit| {
        commit.unread.contains_key(lock_path)
            || commit.changed_packages.get(lock_path).is_some_and(|packages| packages.contains(package))
    })
}

#[must_use]
pub fn interpreter_row(history: &History) -> ChangeRow {
    commits_where(history, |commit| commit.interpreter_changed)
}

#[must_use]
pub fn any<'a>(rows: impl IntoIterator<Item = &'a ChangeRow>) -> ChangeRow {
    let mut all = ChangeRow::default();
    for row in rows {
        all.merge(row);
    }
    all
}

fn commits_where(history: &History, test: impl Fn(&Commit) -> bool) -> ChangeRow {
    let mut row = ChangeRow::default();
    for (index, commit) in history.commits.iter().enumerate() {
        if test(commit) {
            row.set(index);
        }
    }
    row
}

/// Maps each path and package to its commits. Gives the rows of the functions here quickly, and follows moved files.
#[derive(Clone, Debug, Default)]
pub struct HistoryIndex {
    paths: PathTable,
    /// Start of each path in `commits`, and the end.
    starts: Vec<u32>,
    /// Ascending for each path.
    commits: Vec<u32>,
    /// For each path, the moves to it: commit and old path, oldest first.
    moved_to: BTreeMap<PathId, Vec<(usize, PathId)>>,
    packages: BTreeMap<String, BTreeMap<PackageName, ChangeRow>>,
    unread: BTreeMap<String, ChangeRow>,
    interpreter: ChangeRow,
}

impl HistoryIndex {
    /// Takes about as long as counting the changed files.
    #[must_use]
    pub fn new(history: &History) -> Self {
        let starts = starts(history);
        let commits = commit_numbers(history, &starts);
        let mut packages: BTreeMap<String, BTreeMap<PackageName, ChangeRow>> = BTreeMap::new();
        let mut unread: BTreeMap<String, ChangeRow> = BTreeMap::new();
        let mut moved_to: BTreeMap<PathId, Vec<(usize, PathId)>> = BTreeMap::new();
        for (index, commit) in history.commits.iter().enumerate() {
            for &(from, to) in &commit.moved_files {
                moved_to.entry(to).or_default().push((index, from));
            }
            for (lock, changed) in &commit.changed_packages {
                let rows = packages.entry(lock.clone()).or_default();
                for package in changed {
                    rows.entry(package.clone()).or_default().set(index);
                }
            }
            for path in commit.unread.keys() {
                unread.entry(path.clone()).or_default().set(index);
            }
        }
        Self {
            paths: history.paths.clone(),
            starts,
            commits,
            moved_to,
            packages,
            unread,
            interpreter: interpreter_row(history),
        }
    }

    /// Like [`file_row`], also under the file's former names.
    #[must_use]
    pub fn file_row(&self, path: &str) -> ChangeRow {
        let mut row = ChangeRow::default();
        self.mark_file(path, &mut row);
        row
    }

    #[must_use]
    pub fn files_row<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> ChangeRow {
        let mut row = ChangeRow::default();
        for path in paths {
            self.mark_file(path, &mut row);
        }
        row
    }

    #[must_use]
    pub fn package_row(&self, lock_path: &str, package: &PackageName) -> ChangeRow {
        any(self
            .unread
            .get(lock_path)
            .into_iter()
            .chain(self.packages.get(lock_path).and_then(|rows| rows.get(package))))
    }

    #[must_use]
    pub fn interpreter_row(&self) -> &ChangeRow {
        &self.interpreter
    }

    fn mark_file(&self, path: &str, row: &mut ChangeRow) {
        let mut name = self.paths.find(path).map(|id| (id, usize::MAX));
        // Each former name is older, so this ends.
        while let Some((id, before)) = name {
            self.commits_of(id).filter(|&commit| commit < before).for_each(|commit| row.set(commit));
            let moves = self.moved_to.get(&id).map(Vec::as_slice).unwrap_or_default();
            name = moves.iter().rev().find(|(commit, _)| *commit < before).map(|&(commit, from)| (from, commit));
        }
    }

    fn commits_of(&self, id: PathId) -> impl Iterator<Item = usize> {
        let place = id.index();
        let range = match (self.starts.get(place), self.starts.get(place + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        };
        self.commits.get(range).unwrap_or_default().iter().map(|&commit| commit as usize)
    }
}

/// For each path, the number of changes of all paths before it; finally the sum.
fn starts(history: &History) -> Vec<u32> {
    let mut starts = vec![0_u32; history.paths.len() + 1];
    for id in history.commits.iter().flat_map(|commit| &commit.changed_files) {
        if let Some(count) = starts.get_mut(id.index() + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

/// Commit numbers of each path, placed by `starts`.
fn commit_numbers(history: &History, starts: &[u32]) -> Vec<u32> {
    let mut next = starts.to_vec();
    let mut numbers = vec![0; starts.last().map_or(0, |&total| total as usize)];
    for (number, commit) in (0_u32..).zip(&history.commits) {
        for id in &commit.changed_files {
            let Some(place) = next.get_mut(id.index()) else { continue };
            if let Some(slot) = numbers.get_mut(*place as usize) {
                *slot = number;
            }
            *place += 1;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::any;
    use super::*;

    fn history(commits: &[&[&str]]) -> History {
        History::from_named_files(
            commits.iter().map(|files| (Commit::default(), files.iter().map(|&file| file.to_owned()).collect())),
        )
    }

    fn ones(row: &ChangeRow) -> Vec<usize> {
        row.ones().collect()
    }

    #[test]
    fn a_file_row_has_the_commits_that_named_the_file() {
        let history = history(&[&["a", "b"], &["b"], &[], &["a/b", "a"]]);
        let index = HistoryIndex::new(&history);
        for (path, expected) in [("a", vec![0, 3]), ("b", vec![0, 1]), ("a/b", vec![3]), ("c", vec![])] {
            assert_eq!(ones(&file_row(&history, path)), expected, "{path}");
            assert_eq!(ones(&index.file_row(path)), expected, "{path}");
        }
        assert_eq!(ones(&index.files_row(["a/b", "b", "c"])), [0, 1, 3]);
        assert_eq!(ones(&any([&index.file_row("a"), &index.file_row("b")])), [0, 1, 3]);
    }

    #[test]
    fn a_moved_file_keeps_its_past_and_not_its_successors() {
        // `a` changes twice, moves to `b`, which changes; a new `a` has a life of its own; then `b` moves to `c`.
        let mut history = history(&[&["a"], &["a"], &["a", "b"], &["b"], &["a"], &["b", "c"], &["c"]]);
        let id = |name: &str| history.paths.find(name).unwrap();
        let (a, b, c) = (id("a"), id("b"), id("c"));
        history.commits[2].moved_files = vec![(a, b)];
        history.commits[5].moved_files = vec![(b, c)];
        let index = HistoryIndex::new(&history);
        assert_eq!(ones(&index.file_row("c")), [0, 1, 2, 3, 5, 6]);
        assert_eq!(ones(&index.file_row("b")), [0, 1, 2, 3, 5]);
        assert_eq!(ones(&index.file_row("a")), [0, 1, 2, 4]);
    }

    #[test]
    fn a_file_that_moves_back_and_forth_ends() {
        let mut history = history(&[&["a"], &["a", "b"], &["a", "b"], &["a", "b"]]);
        let (a, b) = (history.paths.find("a").unwrap(), history.paths.find("b").unwrap());
        for (commit, moved) in [(1, (a, b)), (2, (b, a)), (3, (a, b))] {
            history.commits[commit].moved_files = vec![moved];
        }
        assert_eq!(ones(&HistoryIndex::new(&history).file_row("b")), [0, 1, 2, 3]);
    }

    #[test]
    fn an_unreadable_lock_changes_all_of_its_packages_and_no_other_lock() {
        let mut history = history(&[&["uv.lock"], &["uv.lock"], &["uv.lock"]]);
        let numpy = PackageName::new("numpy");
        if let Some(commit) = history.commits.get_mut(0) {
            commit.changed_packages.insert("uv.lock".to_owned(), [numpy].into());
            commit.interpreter_changed = true;
        }
        if let Some(commit) = history.commits.get_mut(2) {
            commit.unread.insert("uv.lock".to_owned(), "cut short".to_owned());
        }
        let index = HistoryIndex::new(&history);
        for (lock, name, expected) in
            [("uv.lock", "numpy", vec![0, 2]), ("uv.lock", "torch", vec![2]), ("b.lock", "numpy", vec![])]
        {
            let package = PackageName::new(name);
            assert_eq!(ones(&package_row(&history, lock, &package)), expected, "{lock} {name}");
            assert_eq!(ones(&index.package_row(lock, &package)), expected, "{lock} {name}");
        }
        assert_eq!(ones(&interpreter_row(&history)), [0]);
        assert_eq!(ones(index.interpreter_row()), [0]);
    }

    proptest! {
        #[test]
        fn the_index_gives_the_same_rows(commits in proptest::collection::vec(proptest::collection::vec("[a-d](/[a-b])?", 0..6), 0..150)) {
            let history = History::from_named_files(commits.iter().map(|files| (Commit::default(), files.clone())));
            let index = HistoryIndex::new(&history);
            for path in history.paths.iter().chain(["nowhere"]) {
                let expected: Vec<usize> = (0..commits.len())
                    .filter(|&at| commits.get(at).is_some_and(|files| files.iter().any(|file| file == path)))
                    .collect();
                prop_assert_eq!(ones(&index.file_row(path)), expected.clone());
                prop_assert_eq!(ones(&file_row(&history, path)), expected);
            }
        }
    }
}
