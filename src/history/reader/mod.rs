//! Reads a git repository: the first-parent line, changed files, and changes of lock files. Starts no program, reads no
//! environment variable, obeys no setting of the repository or the user, and writes nothing. Reads blobs of changed
//! lock and interpreter files only.

mod contents;
mod line;
mod moves;
mod open;
mod paths;
mod ranges;
mod step;
mod tags;
#[cfg(test)]
mod tests;
mod trees;

use std::path::{Path, PathBuf};

use crate::history::join;
use crate::history::model::{Commit, History, PathTable, sorted_ids, sorted_moves};
use crate::history::request::{ContentReaders, HistoryError, HistoryRequest};
use crate::jobs::Watch;

use line::{Line, Stop};
use open::OpenRepository;

/// # Errors
/// A [`HistoryError`] with the place and the way out.
pub fn read_history(
    request: &HistoryRequest,
    contents: &ContentReaders<'_>,
    watch: &dyn Watch,
) -> Result<History, HistoryError> {
    let repository = open::open(&request.root)?;
    let line = line::read(&repository, request.window, None, watch)?;
    read_line(&repository, request, line, contents, watch)
}

/// Updates `old`. If HEAD only moved forward on the first-parent line, reads just the new commits; otherwise, or if
/// `old` was read for other files or another window, everything. Equals [`read_history`] as long as `contents`
/// understands files as before.
///
/// # Errors
/// As [`read_history`].
pub fn extend_history(
    old: History,
    request: &HistoryRequest,
    contents: &ContentReaders<'_>,
    watch: &dyn Watch,
) -> Result<History, HistoryError> {
    let known = if old.request.as_ref() == Some(request) { old.head().and_then(line::parse_id) } else { None };
    let Some(known) = known else {
        return read_history(request, contents, watch);
    };
    let repository = open::open(&request.root)?;
    let line = line::read(&repository, request.window, Some(known), watch)?;
    let reached_known = line.stop == Stop::Known;
    let newer = read_line(&repository, request, line, contents, watch)?;
    if !reached_known {
        return Ok(newer);
    }
    let mut joined = join::keep_window(join::append(old, newer), request.window);
    // A tag may have been added, moved or removed.
    let tags = tags::by_commit(&repository);
    for commit in &mut joined.commits {
        commit.tags = tags.get(&commit.id).cloned().unwrap_or_default();
    }
    Ok(joined)
}

/// The commit that is checked out, if there is one.
#[must_use]
pub fn head(root: &Path) -> Option<String> {
    let repository = open::open(root).ok()?.repository.to_thread_local();
    Some(repository.head_id().ok()?.to_string())
}

/// The folder of the repository around `root`, and the one shared with other work trees; may be the same.
#[must_use]
pub fn git_folders(root: &Path) -> Option<(PathBuf, PathBuf)> {
    let repository = open::open(root).ok()?.repository.to_thread_local();
    let whole = |path: &Path| path.canonicalize().ok();
    Some((whole(repository.git_dir())?, whole(repository.common_dir())?))
}

fn read_line(
    repository: &OpenRepository,
    request: &HistoryRequest,
    line: Line,
    contents: &ContentReaders<'_>,
    watch: &dyn Watch,
) -> Result<History, HistoryError> {
    let watched: Vec<&str> = request.lock_paths.iter().chain(&request.interpreter_files).map(String::as_str).collect();
    let mut changes = ranges::changed_files(repository, &line, &watched, watch)?;
    let (paths, ids) = PathTable::build(&changes.paths);
    let tags = tags::by_commit(repository);
    let found = contents::compare(repository, request, &changes.watched, contents, watch)?;

    let path = |place: u32| ids.get(place as usize).copied();
    let mut commits: Vec<Commit> = line
        .commits
        .into_iter()
        .zip(changes.per_commit.drain(..).zip(changes.moves.drain(..)).zip(found))
        .map(|(commit, ((files, moves), found))| {
            let id = commit.id.to_hex().to_string();
            Commit {
                time: commit.time,
                author: commit.author,
                subject: commit.subject,
                tags: tags.get(&id).cloned().unwrap_or_default(),
                changed_files: sorted_ids(files.iter().filter_map(|&place| path(place)).collect()),
                moved_files: sorted_moves(
                    moves.iter().filter_map(|&(from, to)| Some((path(from)?, path(to)?))).collect(),
                ),
                changed_packages: found.changed_packages,
                unread: found.unread,
                interpreter_changed: found.interpreter_changed,
                id,
            }
        })
        .collect();
    commits.reverse();
    Ok(History { commits, paths, start: line.stop.start(), request: Some(request.clone()), is_sample: false })
}
