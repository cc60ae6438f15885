//! One look at all files of a workspace, to be held against the last one. Does IO: lists folders, opens no file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::app::run::watch::folders::{Visit, each_folder};
use crate::history::reader::head;
use crate::workspace::walk::ignored_folders;

/// Shortest time between two looks.
const SHORTEST_PAUSE: Duration = Duration::from_millis(700);
/// A look may take this part of the time between two of them.
const PART: u32 = 20;

/// What was seen.
#[derive(Debug)]
pub(crate) struct Look {
    /// Length and time of each file.
    pub files: BTreeMap<PathBuf, (u64, SystemTime)>,
    /// When the newest of them was changed.
    pub newest: SystemTime,
    /// The commit that is checked out.
    pub head: Option<String>,
    /// How long the look took.
    took: Duration,
}

impl Look {
    /// How long to wait before the next look.
    #[must_use]
    pub(crate) fn pause(&self) -> Duration {
        SHORTEST_PAUSE.max(self.took * PART)
    }
}

/// Looks at the workspace at `root`.
#[must_use]
pub(crate) fn look(root: &Path) -> Look {
    let begun = Instant::now();
    let mut files = BTreeMap::new();
    each_folder(root, root, &ignored_folders(root), &mut |visit| {
        let Visit::Entries(entries) = visit else { return true };
        for (path, about) in entries {
            // A folder's time says what came and went in it, which its entries say better.
            let time = about.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let facts = if about.is_dir() { (0, SystemTime::UNIX_EPOCH) } else { (about.len(), time) };
            files.insert(path.clone(), facts);
        }
        true
    });
    let newest = files.values().map(|(_, time)| *time).max().unwrap_or(SystemTime::UNIX_EPOCH);
    Look { files, newest, head: head(root), took: begun.elapsed() }
}
