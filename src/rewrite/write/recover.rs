//! Recovers an interrupted write: its files become all old or all new. Reads only the journal and its files, and leaves
//! files that somebody edited since. Does IO.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::rewrite::write::error::{DiskError, WriteError};
use crate::rewrite::write::journal::{Phase, Store};
use crate::rewrite::write::steps::{Disk, Steps};
use crate::rewrite::write::transaction::{Held, back, held, sync_folders};
use crate::rewrite::write::written::FileState;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    pub direction: Direction,
    /// By path relative to the workspace root.
    pub files: Vec<(PathBuf, FileState)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Every file had been written.
    Finished,
    /// Some files had not been written, so the others were restored.
    RolledBack,
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.direction {
            Direction::Finished => "An edit that was cut short is now complete.",
            Direction::RolledBack => "An edit that was cut short has been taken back.",
        })?;
        for (path, state) in &self.files {
            if *state == FileState::EditedSince {
                write!(formatter, " {} was changed by another program since and was left as it is.", path.display())?;
            }
        }
        Ok(())
    }
}

/// Recovers an interrupted write; `None` if there is none. To be called before a workspace's files are read.
///
/// # Errors
/// [`WriteError::Busy`] when another process is writing, [`WriteError::JournalUnreadable`], and [`WriteError::Failed`]
/// when the disk fails; then the journal stays, and the call can be repeated.
pub fn recover(root: &Path, state_dir: &Path) -> Result<Option<Recovery>, WriteError> {
    recover_with(&Disk, root, state_dir)
}

pub(super) fn recover_with(steps: &dyn Steps, root: &Path, state_dir: &Path) -> Result<Option<Recovery>, WriteError> {
    let root = root.canonicalize().map_err(|error| DiskError::new("open", root, error))?;
    let store = Store::new(state_dir, &root);
    if !store.has_leftovers() {
        return Ok(None);
    }
    let _lock = store.lock()?;
    store.discard_new(steps)?;
    let Some((phase, _)) = store.unfinished() else { return Ok(None) };
    let journal = store.load(phase, &root)?;

    let mut helds = Vec::new();
    for job in &journal.jobs {
        helds.push(held(&root, job)?);
    }
    // Replacing starts once all are staged, so none staged and none old means that all were replaced.
    let is_complete = phase == Phase::Forward
        && !helds.contains(&Held::Before)
        && !journal.jobs.iter().any(|job| job.staged.exists());
    let (direction, states) = if is_complete {
        sync_folders(steps, &journal)?;
        store.close(steps)?;
        let states =
            helds.iter().map(|held| if *held == Held::After { FileState::New } else { FileState::EditedSince });
        (Direction::Finished, states.collect())
    } else {
        if phase == Phase::Forward {
            store.turn_back(steps)?;
        }
        (Direction::RolledBack, back(steps, &store, &journal)?)
    };
    let files = journal.jobs.into_iter().map(|job| job.path).zip(states).collect();
    Ok(Some(Recovery { direction, files }))
}
