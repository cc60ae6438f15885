//! Compares both versions of changed lock and interpreter files by the caller's functions.

use std::collections::{BTreeMap, BTreeSet};

use gix::Repository;
use gix::objs::tree::EntryKind;
use gix::objs::{Find, Kind};

use super::open::OpenRepository;
use super::ranges::WatchedChange;
use super::step::step;
use super::trees::File;
use crate::history::request::{ContentReaders, HistoryError, HistoryRequest, LockDifference};
use crate::jobs::{Progress, Watch};
use crate::workspace::lock::PackageName;

/// In bytes. The largest seen in the wild is about 3 MB.
const LONGEST_FILE: u64 = 64 << 20;

/// Fields of `Commit`.
#[derive(Default)]
pub(super) struct Found {
    pub(super) changed_packages: BTreeMap<String, BTreeSet<PackageName>>,
    pub(super) unread: BTreeMap<String, String>,
    pub(super) interpreter_changed: bool,
}

/// Results are in the order of `changes`.
pub(super) fn compare(
    repository: &OpenRepository,
    request: &HistoryRequest,
    changes: &[Vec<WatchedChange>],
    readers: &ContentReaders<'_>,
    watch: &dyn Watch,
) -> Result<Vec<Found>, HistoryError> {
    let local = repository.repository.to_thread_local();
    let total = changes.iter().map(Vec::len).sum();
    let mut done = 0;
    let mut all = Vec::with_capacity(changes.len());
    for commit in changes {
        let mut found = Found::default();
        for change in commit {
            step(watch, Progress::counted("Comparing locked packages", done, total))?;
            compare_one(&local, request, change, readers, &mut found);
            done += 1;
        }
        all.push(found);
    }
    Ok(all)
}

/// A file may be a lock, an interpreter file, or both.
fn compare_one(
    local: &Repository,
    request: &HistoryRequest,
    change: &WatchedChange,
    readers: &ContentReaders<'_>,
    found: &mut Found,
) {
    let path = request.lock_paths.iter().chain(&request.interpreter_files).nth(change.watched);
    let Some(path) = path else { return };
    let (is_lock, is_interpreter) = (request.lock_paths.contains(path), request.interpreter_files.contains(path));
    let versions = read(local, change.old).and_then(|old| Ok((old, read(local, change.new)?)));
    let (old, new) = match versions {
        Ok(versions) => versions,
        Err(reason) => {
            found.unread.insert(path.clone(), reason);
            found.interpreter_changed |= is_interpreter;
            return;
        }
    };
    if is_lock {
        match (readers.lock_difference)(path, old.as_deref(), new.as_deref()) {
            LockDifference::Packages(packages) if packages.is_empty() => {}
            LockDifference::Packages(packages) => {
                found.changed_packages.insert(path.clone(), packages);
            }
            LockDifference::Unreadable(reason) => {
                found.unread.insert(path.clone(), reason);
            }
        }
    }
    if is_interpreter {
        let version =
            |content: Option<Vec<u8>>| content.and_then(|content| (readers.interpreter_version)(path, &content));
        found.interpreter_changed |= version(old) != version(new);
    }
}

fn read(local: &Repository, file: Option<File>) -> Result<Option<Vec<u8>>, String> {
    let Some(File { kind, id }) = file else { return Ok(None) };
    match kind {
        EntryKind::Blob | EntryKind::BlobExecutable => {}
        EntryKind::Link => return Err("it is a symbolic link".to_owned()),
        EntryKind::Commit => return Err("it is a submodule".to_owned()),
        EntryKind::Tree => return Err("it is a folder".to_owned()),
    }
    let header = local.try_find_header(id).map_err(|error| error.to_string())?;
    let size = header.ok_or_else(|| missing(id))?.size();
    if size > LONGEST_FILE {
        return Err(format!("it has {size} bytes, more than {LONGEST_FILE}"));
    }
    let mut content = Vec::new();
    match local.objects.try_find(&id, &mut content).map_err(|error| error.to_string())?.map(|data| data.kind) {
        Some(Kind::Blob) => Ok(Some(content)),
        Some(other) => Err(format!("object {id} is a {other} where a file belongs")),
        None => Err(missing(id)),
    }
}

fn missing(id: gix::ObjectId) -> String {
    format!("object {id} is not in this clone; `git fetch --refetch` brings it")
}
