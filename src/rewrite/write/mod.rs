//! Writes a change set: all files or none. Does IO.
//!
//! Every file is checked first. Then a journal with all bytes before and after is written outside of the workspace;
//! each new content is written beside its file and renamed over it after one more check. Removing the journal completes
//! the edit. If a step fails, files are restored; if the process dies, [`recover()`] does so at the next start. Between
//! the last check and the rename another program's save can be lost, within microseconds; there is no portable way to
//! prevent it.
//!
//! Follows links inside the workspace and keeps mode and, where allowed, owner, but not access control lists or hard
//! links, like most editors. Needs a Unix system (Linux, macOS).

mod checks;
pub mod error;
mod journal;
mod place;
pub mod recover;
mod steps;
mod transaction;
mod written;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use error::{DiskError, WriteError};
pub use recover::{Direction, Recovery, recover};
pub use written::{FileState, MAX_CHANGE_SET_BYTES, MAX_FILE_BYTES, MAX_FILES, Written, WrittenFile};

use self::journal::{Journal, Store};
use self::steps::{Disk, Steps};
use crate::rewrite::change_set::ChangeSet;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOptions {
    /// Folder for journals and locks, outside of the workspace; created if missing. Recovery needs the same.
    pub state_dir: PathBuf,
}

/// Writes all files of the change set, or none.
///
/// # Errors
/// [`WriteError::Refused`] with the codes `outside_workspace`, `changed_on_disk`, `read_only`, `name_taken`,
/// `ambiguous_target` (two paths lead to one file) and `too_large`; others when the disk fails. Except for `HalfDone`
/// and `LeftAlone`, all files are unchanged.
pub fn write_change_set(root: &Path, change_set: &ChangeSet, options: &WriteOptions) -> Result<Written, WriteError> {
    write_with(&Disk, root, &changes_of(change_set), options)
}

/// Restores all files, and removes created files and folders. The result undoes the undo. A process that dies right
/// after the last file may leave empty folders.
///
/// # Errors
/// As [`write_change_set`]; `changed_on_disk` when any of the files was touched since.
pub fn undo(root: &Path, written: &Written, options: &WriteOptions) -> Result<Written, WriteError> {
    undo_with(&Disk, root, written, options)
}

fn changes_of(change_set: &ChangeSet) -> Vec<WrittenFile> {
    let files = change_set.files.iter();
    files
        .map(|file| WrittenFile {
            path: file.path.clone(),
            before: file.before.clone(),
            after: Some(file.after.clone()),
        })
        .collect()
}

fn undo_with(steps: &dyn Steps, root: &Path, written: &Written, options: &WriteOptions) -> Result<Written, WriteError> {
    let back = written.files.iter();
    let back = back.map(|file| WrittenFile {
        path: file.path.clone(),
        before: file.after.clone(),
        after: file.before.clone(),
    });
    let undone = write_with(steps, root, &back.collect::<Vec<_>>(), options)?;
    for folder in written.folders.iter().rev() {
        // A folder in use stays; an empty one does no harm.
        steps.remove_folder(&root.join(folder)).ok();
    }
    Ok(undone)
}

fn write_with(
    steps: &dyn Steps,
    root: &Path,
    changes: &[WrittenFile],
    options: &WriteOptions,
) -> Result<Written, WriteError> {
    let root = root.canonicalize().map_err(|error| DiskError::new("open", root, error))?;
    let store = Store::new(&options.state_dir, &root);
    let _lock = store.lock()?;
    if let Some((_, journal)) = store.unfinished() {
        return Err(WriteError::Unfinished { journal });
    }
    let (jobs, folders) = checks::check(&root, changes)?;
    let journal = Journal { root, folders, jobs };
    if !journal.jobs.is_empty() {
        transaction::run(steps, &store, &journal)?;
    }
    let Journal { root, folders, jobs } = journal;
    let relative = |folder: PathBuf| folder.strip_prefix(&root).map(Path::to_owned).unwrap_or(folder);
    Ok(Written {
        files: jobs
            .into_iter()
            .map(|job| WrittenFile { path: job.path, before: job.before, after: job.after })
            .collect(),
        folders: folders.into_iter().map(relative).collect(),
    })
}
