//! Checks every file before any is touched. Reads the disk only.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::rewrite::refusal::RefusalCode;
use crate::rewrite::write::error::{DiskError, WriteError, refuse};
use crate::rewrite::write::journal::Job;
use crate::rewrite::write::place::{self, Place};
use crate::rewrite::write::steps::{Attributes, is_writable};
use crate::rewrite::write::written::{MAX_CHANGE_SET_BYTES, MAX_FILE_BYTES, MAX_FILES, WrittenFile};

/// Returns the files to change, and the folders to create, outermost first. Writes nothing.
pub(super) fn check(root: &Path, changes: &[WrittenFile]) -> Result<(Vec<Job>, Vec<PathBuf>), WriteError> {
    check_sizes(changes)?;
    let (mut jobs, mut folders) = (Vec::new(), Vec::new());
    let mut names = Names::default();
    for change in changes {
        let place = place::find(root, &change.path)?;
        names.claim(&change.path, &place)?;
        check_content(change, &place)?;
        check_writable(&change.path, &place)?;
        if change.before == change.after {
            continue;
        }
        for folder in &place.missing_folders {
            if !folders.contains(folder) {
                folders.push(folder.clone());
            }
        }
        jobs.push(Job {
            path: change.path.clone(),
            staged: staged_name(&place.real),
            real: place.real,
            before: change.before.clone(),
            after: change.after.clone(),
            attributes: place.found.as_ref().map(Attributes::of),
        });
    }
    Ok((jobs, folders))
}

/// Repeats [`check`] right before the file is replaced: somebody may have saved it since.
pub(super) fn check_again(root: &Path, job: &Job) -> Result<(), WriteError> {
    let place = place::find(root, &job.path)?;
    if place.real != job.real {
        let message = format!("{} leads to another file now; load it again", job.path.display());
        return Err(refuse(RefusalCode::ChangedOnDisk, &job.path, message));
    }
    let change = WrittenFile { path: job.path.clone(), before: job.before.clone(), after: None };
    check_content(&change, &place)
}

fn check_sizes(changes: &[WrittenFile]) -> Result<(), WriteError> {
    let mut total: u64 = 0;
    for (index, change) in changes.iter().enumerate() {
        for bytes in [&change.before, &change.after].into_iter().flatten() {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            total = total.saturating_add(length);
            if length > MAX_FILE_BYTES {
                let message = format!("{} has {length} bytes, the limit is {MAX_FILE_BYTES}", change.path.display());
                return Err(refuse(RefusalCode::TooLarge, &change.path, message));
            }
        }
        if index >= MAX_FILES || total > MAX_CHANGE_SET_BYTES {
            let message = format!(
                "the edit is over the limit of {MAX_FILES} files and {MAX_CHANGE_SET_BYTES} bytes; make it in parts"
            );
            return Err(refuse(RefusalCode::TooLarge, &change.path, message));
        }
    }
    Ok(())
}

fn check_content(change: &WrittenFile, place: &Place) -> Result<(), WriteError> {
    let path = change.path.display();
    let message = match (&change.before, &place.found) {
        (None, None) => return Ok(()),
        (None, Some(_)) => format!("{path} has come into being since the edit was made; load it again"),
        (Some(_), None) => format!("{path} is gone since it was read; restore it, or load the workspace again"),
        (Some(_), Some(found)) if !found.is_file() => format!("{path} is no longer a regular file; restore it"),
        (Some(before), Some(found)) => {
            let same = place::holds(&place.real, found, before);
            if same.map_err(|error| DiskError::new("read", &place.real, error))? {
                return Ok(());
            }
            format!("{path} was changed by another program since it was read; load it again and repeat the edit")
        }
    };
    Err(refuse(RefusalCode::ChangedOnDisk, &change.path, message))
}

/// Replacing needs no write permission, but its owner has forbidden edits.
fn check_writable(path: &Path, place: &Place) -> Result<(), WriteError> {
    if let Some(found) = &place.found
        && !is_writable(&place.real, found)
    {
        let message = format!("{0} is read-only; allow writing with `chmod u+w {0}` and try again", path.display());
        return Err(refuse(RefusalCode::ReadOnly, path, message));
    }
    let Some(folder) = place.existing_folder() else { return Ok(()) };
    let metadata = fs::metadata(folder).map_err(|error| DiskError::new("look at", folder, error))?;
    if !is_writable(folder, &metadata) {
        let message = format!(
            "the folder of {} is read-only; allow writing with `chmod u+w {}` and try again",
            path.display(),
            folder.display()
        );
        return Err(refuse(RefusalCode::ReadOnly, path, message));
    }
    Ok(())
}

/// Files named so far, by real place and by name without case.
#[derive(Default)]
struct Names {
    real: BTreeMap<PathBuf, PathBuf>,
    folded: BTreeMap<String, bool>,
}

impl Names {
    fn claim(&mut self, path: &Path, place: &Place) -> Result<(), WriteError> {
        if let Some(other) = self.real.insert(place.real.clone(), path.to_owned()) {
            let message =
                format!("{} and {} are the same file; give its edits under one path", other.display(), path.display());
            return Err(refuse(RefusalCode::AmbiguousTarget, path, message));
        }
        let is_new = place.found.is_none();
        let folded = place.real.to_string_lossy().to_lowercase();
        match self.folded.insert(folded, is_new) {
            Some(other_is_new) if is_new || other_is_new => {
                let message = format!(
                    "the edit has another file whose name differs from {} in case alone; use another name",
                    path.display()
                );
                Err(refuse(RefusalCode::NameTaken, path, message))
            }
            _ => Ok(()),
        }
    }
}

/// An unpredictable name beside the real file, on the same file system (`RandomState` is seeded by the system). The
/// leading dot keeps it out of `glob(["*"])`.
fn staged_name(real: &Path) -> PathBuf {
    use std::hash::{BuildHasher, RandomState};
    let number = RandomState::new().hash_one(real);
    real.with_file_name(format!(".layerwright-{number:016x}.tmp"))
}
