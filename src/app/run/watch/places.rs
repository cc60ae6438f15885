//! The system's watches for a workspace, by the `notify` library. On Linux each folder takes a watch, so only folders
//! that matter get one; other systems watch a whole tree at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::SystemTime;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::app::run::watch::folders::{MOST_FOLDERS, Visit, each_folder, is_watched};
use crate::history::reader::git_folders;
use crate::workspace::walk::ignored_folders;

/// One watch covers everything below a folder.
const WHOLE_TREES: bool = !cfg!(any(target_os = "linux", target_os = "android"));

pub(crate) enum Message {
    Event(SystemTime, Result<Event, notify::Error>),
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relevance {
    None,
    Branch,
    Files,
}

pub(crate) struct Places {
    watcher: RecommendedWatcher,
    root: PathBuf,
    ignored: BTreeSet<String>,
    branch_folders: Vec<PathBuf>,
    watched: BTreeSet<PathBuf>,
}

impl Places {
    /// Watches the workspace at `root`; also returns the time of its newest file.
    ///
    /// # Errors
    /// When the system has too few watches.
    pub(crate) fn begin(root: &Path, inbox: Sender<Message>) -> notify::Result<(Self, SystemTime)> {
        let watcher = notify::recommended_watcher(move |event| {
            // The receiver is gone when the watch has ended.
            inbox.send(Message::Event(SystemTime::now(), event)).unwrap_or_default();
        })?;
        let mut places = Self {
            watcher,
            root: root.to_owned(),
            ignored: ignored_folders(root),
            branch_folders: branch_folders(root),
            watched: BTreeSet::new(),
        };
        let newest = places.add_below(root)?;
        for folder in places.branch_folders.clone() {
            // Without it a move of the branch is noticed with the next change of a file.
            if let Err(error) = places.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                tracing::debug!("watching {}: {error}", folder.display());
            }
        }
        Ok((places, newest))
    }

    /// Watches `start` and the folders below; returns the time of the newest file there.
    fn add_below(&mut self, start: &Path) -> notify::Result<SystemTime> {
        let Self { watcher, root, ignored, watched, .. } = self;
        if WHOLE_TREES && start == root.as_path() {
            watcher.watch(root, RecursiveMode::Recursive)?;
        }
        let (mut newest, mut outcome) = (SystemTime::UNIX_EPOCH, Ok(()));
        each_folder(root, start, ignored, &mut |visit| match visit {
            Visit::Enter(folder) => {
                if watched.len() >= MOST_FOLDERS {
                    outcome = Err(notify::Error::new(ErrorKind::MaxFilesWatch));
                    return false;
                }
                if WHOLE_TREES || watched.contains(folder) {
                    return true;
                }
                match watcher.watch(folder, RecursiveMode::NonRecursive) {
                    Ok(()) => {
                        watched.insert(folder.to_owned());
                    }
                    Err(error) if is_out_of_watches(&error) => {
                        outcome = Err(error);
                        return false;
                    }
                    Err(_) => {}
                }
                true
            }
            Visit::Entries(entries) => {
                let times = entries.iter().filter_map(|(_, about)| about.modified().ok());
                newest = times.fold(newest, SystemTime::max);
                true
            }
        });
        outcome.map(|()| newest)
    }

    #[must_use]
    pub(crate) fn relevance(&self, event: &Event) -> Relevance {
        let is_change = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
            EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
            EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Other => {
                true
            }
        };
        // The system lost events, so anything may have happened.
        if event.need_rescan() {
            return Relevance::Files;
        }
        if !is_change {
            return Relevance::None;
        }
        if event.paths.iter().any(|path| is_watched(&self.root, path, &self.ignored)) {
            return Relevance::Files;
        }
        let is_of_branch = |path: &PathBuf| {
            path.parent().is_some_and(|folder| self.branch_folders.iter().any(|known| known == folder))
        };
        if event.paths.iter().any(is_of_branch) { Relevance::Branch } else { Relevance::None }
    }

    /// Watches new folders and forgets removed ones.
    ///
    /// # Errors
    /// When the system has no more watches.
    pub(crate) fn follow(&mut self, event: &Event) -> notify::Result<()> {
        if event.need_rescan() {
            let root = self.root.clone();
            return self.add_below(&root).map(drop);
        }
        for path in &event.paths {
            if *path == self.root.join(".bazelignore") {
                self.ignored = ignored_folders(&self.root);
                let root = self.root.clone();
                self.add_below(&root)?;
                continue;
            }
            if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
                // The old watch follows the moved folder; a new one at this path gets its own.
                self.watched.retain(|watched| !watched.starts_with(path));
            }
            if !WHOLE_TREES
                && !self.watched.contains(path)
                && is_watched(&self.root, path, &self.ignored)
                && path.symlink_metadata().is_ok_and(|about| about.is_dir())
            {
                self.add_below(path)?;
            }
        }
        Ok(())
    }
}

#[must_use]
pub(crate) fn is_out_of_watches(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        // Out of watches, or of open files.
        ErrorKind::Io(error) => {
            error.kind() == std::io::ErrorKind::StorageFull || matches!(error.raw_os_error(), Some(23 | 24))
        }
        _ => false,
    }
}

/// Folders that change when the branch of the repository around `root` moves.
fn branch_folders(root: &Path) -> Vec<PathBuf> {
    let Some((own, common)) = git_folders(root) else { return Vec::new() };
    let mut folders = vec![own.join("logs"), common.clone(), own];
    let mut waiting = vec![common.join("refs/heads")];
    while let Some(folder) = waiting.pop() {
        let below = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        waiting
            .extend(below.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path()));
        folders.push(folder);
        // With more folders of branches only the log of HEAD is watched.
        if folders.len() > 200 {
            break;
        }
    }
    folders.sort();
    folders.dedup();
    folders.retain(|folder| folder.is_dir());
    folders
}
