//! A snapshot of all files of a workspace, for polling. Lists folders, opens no file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::app::run::watch::folders::{Visit, each_folder};
use crate::history::reader::head;
use crate::workspace::walk::ignored_folders;

const SHORTEST_PAUSE: Duration = Duration::from_millis(700);
/// A look takes at most this fraction of the time.
const PART: u32 = 20;

#[derive(Debug)]
pub(crate) struct Look {
    /// Length and modification time.
    pub files: BTreeMap<PathBuf, (u64, SystemTime)>,
    pub newest: SystemTime,
    pub head: Option<String>,
    took: Duration,
}

impl Look {
    #[must_use]
    pub(crate) fn pause(&self) -> Duration {
        SHORTEST_PAUSE.max(self.took * PART)
    }
}

#[must_use]
pub(crate) fn look(root: &Path) -> Look {
    let begun = Instant::now();
    let mut files = BTreeMap::new();
    each_folder(root, root, &ignored_folders(root), &mut |visit| {
        let Visit::Entries(entries) = visit else { return true };
        for (path, about) in entries {
            // A folder's time only says that entries came or went, which `files` shows.
            let time = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let facts = if about.is_dir() { (0, SystemTime::UNIX_EPOCH) } else { (about.len(), time) };
            files.insert(path.clone(), facts);
        }
        true
    });
    let newest = files.values().map(|(_, time)| *time).max().unwrap_or(SystemTime::UNIX_EPOCH);
    Look { files, newest, head: head(root), took: begun.elapsed() }
}
