//! Joins neighbouring pieces of history, and cuts them to a window.

use std::sync::Arc;

use crate::history::model::{Commit, History, HistoryStart, PathId, PathTable, sorted_ids, sorted_moves};
use crate::history::request::Window;

/// The first commit of `newer` is the child of `old`'s last.
#[must_use]
pub fn append(old: History, newer: History) -> History {
    let History { commits: old_commits, paths: old_paths, start, request, is_sample } = old;
    let commits = old_commits.into_iter().map(|commit| (commit, &old_paths));
    let commits = commits.chain(newer.commits.into_iter().map(|commit| (commit, &newer.paths)));
    let (commits, paths) = with_one_table(commits.collect());
    History { commits, paths, start, request, is_sample }
}

#[must_use]
pub fn keep_window(mut history: History, window: Window) -> History {
    let first = match window {
        Window::Commits(limit) => history.commits.len().saturating_sub(limit),
        // From the newest back to the first that is too old, as in the reader.
        Window::Since(moment) => {
            history.commits.iter().rposition(|commit| commit.time < moment).map_or(0, |place| place + 1)
        }
        Window::All => 0,
    };
    if first == 0 {
        return history;
    }
    let kept = history.commits.split_off(first);
    let (commits, paths) = with_one_table(kept.into_iter().map(|commit| (commit, &history.paths)).collect());
    History { commits, paths, start: HistoryStart::Window, ..history }
}

/// Moves commits to one new table that holds only their paths.
fn with_one_table(commits: Vec<(Commit, &PathTable)>) -> (Vec<Commit>, PathTable) {
    let mut named: Vec<Arc<str>> = Vec::new();
    let mut places = Vec::with_capacity(commits.len());
    for (commit, table) in commits {
        let first = named.len();
        named.extend(commit.changed_files.iter().filter_map(|&id| table.shared(id)).map(Arc::clone));
        places.push((commit, first..named.len()));
    }
    let (paths, ids) = PathTable::build(&named);
    let commits = places.into_iter().map(|(commit, range)| {
        let new: &[PathId] = ids.get(range).unwrap_or_default();
        // A moved file's paths are among the changed ones, sorted by old id.
        let renumbered = |old: PathId| new.get(commit.changed_files.binary_search(&old).ok()?).copied();
        let moves = commit.moved_files.iter().filter_map(|&(from, to)| Some((renumbered(from)?, renumbered(to)?)));
        let moved_files = sorted_moves(moves.collect());
        Commit { changed_files: sorted_ids(new.to_vec()), moved_files, ..commit }
    });
    (commits.collect(), paths)
}
