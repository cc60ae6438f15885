//! Follows a journal forwards or back. Does IO through [`Steps`].

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::rewrite::refusal::RefusalCode;
use crate::rewrite::write::checks::check_again;
use crate::rewrite::write::error::{DiskError, WriteError, refuse};
use crate::rewrite::write::journal::{Job, Journal, Store, remove_if_there};
use crate::rewrite::write::place;
use crate::rewrite::write::steps::{Access, Steps};
use crate::rewrite::write::written::FileState;

/// On an error every file is unchanged, unless the error says otherwise.
pub(super) fn run(steps: &dyn Steps, store: &Store, journal: &Journal) -> Result<(), WriteError> {
    store.save(steps, journal)?;
    let Err(cause) = forward(steps, store, journal) else { return Ok(()) };
    // A file not yet replaced still has its staged file; others' edits of it are not lost.
    let replaced: Vec<bool> = journal.jobs.iter().map(|job| !job.staged.exists()).collect();
    // Restoring matters more than the mark.
    store.turn_back(steps).ok();
    let states = match back(steps, store, journal) {
        Ok(states) => states,
        Err(restoring) => {
            let journal = store.unfinished().map(|(_, path)| path).unwrap_or_default();
            return Err(WriteError::HalfDone { cause: Box::new(cause), restoring, journal });
        }
    };
    let left = journal.jobs.iter().zip(states).zip(replaced);
    let left = left.filter(|((_, state), replaced)| *replaced && *state == FileState::EditedSince);
    let paths: Vec<_> = left.map(|((job, _), _)| job.path.clone()).collect();
    if paths.is_empty() { Err(cause) } else { Err(WriteError::LeftAlone { cause: Box::new(cause), paths }) }
}

fn forward(steps: &dyn Steps, store: &Store, journal: &Journal) -> Result<(), WriteError> {
    for folder in &journal.folders {
        steps.create_folder(folder).map_err(|error| DiskError::new("make", folder, error))?;
    }
    for job in &journal.jobs {
        if let Some(after) = &job.after {
            let access = job.attributes.map_or(Access::Ordinary, Access::Like);
            stage(steps, job, after, access)?;
        }
    }
    for job in &journal.jobs {
        check_again(&journal.root, job)?;
        put_in_place(steps, job)?;
    }
    sync_folders(steps, journal)?;
    Ok(store.close(steps)?)
}

fn stage(steps: &dyn Steps, job: &Job, bytes: &[u8], access: Access) -> Result<(), DiskError> {
    steps.create_file(&job.staged, bytes, access).map_err(|error| DiskError::new("write", &job.staged, error))
}

fn put_in_place(steps: &dyn Steps, job: &Job) -> Result<(), WriteError> {
    let done = match (&job.before, &job.after) {
        (_, None) => steps.remove_file(&job.real),
        (Some(_), Some(_)) => steps.replace(&job.staged, &job.real),
        (None, Some(_)) => steps.rename_new(&job.staged, &job.real),
    };
    match done {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let message = format!("{} has come into being since the edit was made; load it again", job.path.display());
            Err(refuse(RefusalCode::ChangedOnDisk, &job.path, message))
        }
        result => Ok(result.map_err(|error| DiskError::new("replace", &job.real, error))?),
    }
}

/// Restores every file that still holds what the journal wrote, and closes the journal. Can be interrupted and
/// repeated.
pub(super) fn back(steps: &dyn Steps, store: &Store, journal: &Journal) -> Result<Vec<FileState>, DiskError> {
    let mut states = Vec::new();
    for job in journal.jobs.iter().rev() {
        // A created file keeps its staged file until it has its name: if both exist, it is somebody else's.
        let is_foreign = job.before.is_none() && job.staged.exists();
        remove_if_there(steps, &job.staged)?;
        states.push(match held(&journal.root, job)? {
            Held::Before => FileState::Old,
            Held::After if !is_foreign => {
                restore(steps, job)?;
                FileState::Old
            }
            Held::After | Held::Other => FileState::EditedSince,
        });
    }
    states.reverse();
    for folder in journal.folders.iter().rev() {
        // It may be in use or never created; an empty folder does no harm.
        steps.remove_folder(folder).ok();
    }
    sync_folders(steps, journal)?;
    store.close(steps)?;
    Ok(states)
}

fn restore(steps: &dyn Steps, job: &Job) -> Result<(), DiskError> {
    let Some(before) = &job.before else {
        return steps.remove_file(&job.real).map_err(|error| DiskError::new("remove", &job.real, error));
    };
    stage(steps, job, before, job.attributes.map_or(Access::Ordinary, Access::Like))?;
    let restored = match job.after {
        Some(_) => steps.replace(&job.staged, &job.real),
        None => steps.rename_new(&job.staged, &job.real),
    };
    restored.map_err(|error| DiskError::new("restore", &job.real, error))
}

/// The content of a file compared with the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Before,
    After,
    /// Somebody else's.
    Other,
}

pub(super) fn held(root: &Path, job: &Job) -> Result<Held, DiskError> {
    let failed = |error| DiskError::new("look at", &job.real, error);
    // The folder was moved or became a link; nothing is written through it.
    let Some(folder) = job.real.parent() else { return Ok(Held::Other) };
    let folder_is_same = match fs::canonicalize(folder) {
        Ok(real) => real == folder && real.starts_with(root),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(failed(error)),
    };
    if !folder_is_same {
        return Ok(Held::Other);
    }
    let found = match fs::symlink_metadata(&job.real) {
        Ok(found) => Some(found),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => None,
        Err(error) => return Err(failed(error)),
    };
    let is = |bytes: &Option<Vec<u8>>| match (bytes, &found) {
        (None, None) => Ok(true),
        (Some(bytes), Some(found)) => place::holds(&job.real, found, bytes).map_err(failed),
        _ => Ok(false),
    };
    Ok(match (is(&job.before)?, is(&job.after)?) {
        (true, _) => Held::Before,
        (_, true) => Held::After,
        _ => Held::Other,
    })
}

/// Waits until the names of all files are on the disk.
pub(super) fn sync_folders(steps: &dyn Steps, journal: &Journal) -> Result<(), DiskError> {
    let files = journal.jobs.iter().map(|job| &job.real);
    let folders: BTreeSet<&Path> = files.chain(&journal.folders).filter_map(|path| path.parent()).collect();
    for folder in folders {
        match steps.sync_folder(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            result => result.map_err(|error| DiskError::new("save", folder, error))?,
        }
    }
    Ok(())
}
