//! The journal: what a write is about to do, with every byte needed to take it back. Does IO, in the state folder only.
//!
//! One file per workspace, outside of it: a line of JSON, then the bytes of all files before and after. Its name says
//! what recovery has to do: `.journal` while files are replaced, `.rollback` once they are being put back.
//! Removing it is the moment at which a write has happened.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::rewrite::write::error::{DiskError, WriteError};
use crate::rewrite::write::steps::{Access, Attributes, Steps, create_state_folder};

/// The layout of the journal file; others are refused.
const VERSION: u32 = 1;

/// The change of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    /// Relative to the workspace root, as the change set names it.
    pub path: PathBuf,
    /// The real file.
    pub real: PathBuf,
    /// The file beside it that holds the new content until it takes its place.
    pub staged: PathBuf,
    /// `None`: the file is created.
    pub before: Option<Vec<u8>>,
    /// `None`: the file is removed.
    pub after: Option<Vec<u8>>,
    /// Mode and owner of the file before; `None` when it is created.
    pub attributes: Option<Attributes>,
}

/// Everything that one write does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    /// The canonical workspace root.
    pub root: PathBuf,
    /// The folders that are made, outermost first.
    pub folders: Vec<PathBuf>,
    /// The files.
    pub jobs: Vec<Job>,
}

/// The progress of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Files were being replaced.
    Forward,
    /// Files were being put back.
    Back,
}

/// The right to write to a workspace; ends when dropped, or with the process.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a program that another thread is starting may share it for a moment.
        self.0.unlock().ok();
    }
}

/// The place of one workspace's journal.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    key: String,
}

impl Store {
    /// The store of a canonical root.
    pub(super) fn new(state_folder: &Path, root: &Path) -> Self {
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        Self { folder: state_folder.to_owned(), key: format!("{name}-{:032x}", fnv1a(root.as_os_str().as_bytes())) }
    }

    /// The journal's file in a phase.
    pub(super) fn file(&self, phase: Phase) -> PathBuf {
        match phase {
            Phase::Forward => self.named("journal"),
            Phase::Back => self.named("rollback"),
        }
    }

    /// Returns whether an earlier write left anything.
    pub(super) fn has_leftovers(&self) -> bool {
        [self.named("new"), self.file(Phase::Forward), self.file(Phase::Back)].iter().any(|path| path.exists())
    }

    /// The unfinished journal, if there is one.
    pub(super) fn unfinished(&self) -> Option<(Phase, PathBuf)> {
        [Phase::Back, Phase::Forward].map(|phase| (phase, self.file(phase))).into_iter().find(|(_, path)| path.exists())
    }

    /// Keeps other processes from writing to the same workspace until the answer is dropped, or the process ends.
    pub(super) fn lock(&self) -> Result<Lock, WriteError> {
        create_state_folder(&self.folder).map_err(|error| DiskError::new("make", &self.folder, error))?;
        let path = self.named("lock");
        let opened = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = opened.map_err(|error| DiskError::new("open", &path, error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Lock(lock)),
            Err(TryLockError::WouldBlock) => Err(WriteError::Busy { lock: path }),
            Err(TryLockError::Error(error)) => Err(DiskError::new("lock", &path, error).into()),
        }
    }

    /// Writes the journal; from now on a crash can be recovered from. On an error there is no journal.
    pub(super) fn save(&self, steps: &dyn Steps, journal: &Journal) -> Result<(), DiskError> {
        let (new, file) = (self.named("new"), self.file(Phase::Forward));
        let written = self.discard_new(steps).and_then(|()| {
            let bytes = encode(journal).map_err(|error| DiskError::new("write", &new, error))?;
            steps.create_file(&new, &bytes, Access::Private).map_err(|error| DiskError::new("write", &new, error))?;
            steps.replace(&new, &file).map_err(|error| DiskError::new("write", &file, error))?;
            steps.sync_folder(&self.folder).map_err(|error| DiskError::new("save", &self.folder, error))
        });
        if written.is_err() {
            // The first error is the one to tell; what can't be removed now is removed by `recover`.
            self.discard_new(steps).and_then(|()| remove_if_there(steps, &file)).ok();
        }
        written
    }

    /// Removes a journal that was never finished, and so never followed.
    pub(super) fn discard_new(&self, steps: &dyn Steps) -> Result<(), DiskError> {
        remove_if_there(steps, &self.named("new"))
    }

    /// Marks that files are being put back.
    pub(super) fn turn_back(&self, steps: &dyn Steps) -> Result<(), DiskError> {
        let file = self.file(Phase::Back);
        steps.replace(&self.file(Phase::Forward), &file).map_err(|error| DiskError::new("write", &file, error))?;
        steps.sync_folder(&self.folder).map_err(|error| DiskError::new("save", &self.folder, error))
    }

    /// Removes the journal: what it describes has happened, or never will.
    pub(super) fn close(&self, steps: &dyn Steps) -> Result<(), DiskError> {
        remove_if_there(steps, &self.file(Phase::Back))?;
        remove_if_there(steps, &self.file(Phase::Forward))?;
        // A journal that comes back after a power failure describes what has happened, and recovery finds nothing to do.
        steps.sync_folder(&self.folder).ok();
        Ok(())
    }

    /// Reads the journal of a phase.
    pub(super) fn load(&self, phase: Phase, root: &Path) -> Result<Journal, WriteError> {
        let path = self.file(phase);
        let bytes = fs::read(&path).map_err(|error| DiskError::new("read", &path, error))?;
        let journal = decode(&bytes).and_then(|journal| {
            if journal.root == root { Ok(journal) } else { Err("it is another workspace's".into()) }
        });
        journal.map_err(|reason| WriteError::JournalUnreadable { journal: path, reason })
    }

    fn named(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.key))
    }
}

/// Removes a file that may be gone already.
pub(super) fn remove_if_there(steps: &dyn Steps, path: &Path) -> Result<(), DiskError> {
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(());
    }
    match steps.remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(DiskError::new("remove", path, error)),
        _ => Ok(()),
    }
}

/// The first line of the journal file. `OsString` keeps names that are not UTF-8.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    root: OsString,
    folders: Vec<OsString>,
    jobs: Vec<JobHead>,
}

#[derive(Serialize, Deserialize)]
struct JobHead {
    path: OsString,
    real: OsString,
    staged: OsString,
    before_bytes: Option<usize>,
    after_bytes: Option<usize>,
    attributes: Option<Attributes>,
}

fn encode(journal: &Journal) -> io::Result<Vec<u8>> {
    let head = Head {
        version: VERSION,
        root: journal.root.clone().into(),
        folders: journal.folders.iter().map(|folder| folder.clone().into()).collect(),
        jobs: journal.jobs.iter().map(job_head).collect(),
    };
    let mut bytes = serde_json::to_vec(&head)?;
    bytes.push(b'\n');
    for content in journal.jobs.iter().flat_map(|job| [&job.before, &job.after]).flatten() {
        bytes.extend_from_slice(content);
    }
    Ok(bytes)
}

fn job_head(job: &Job) -> JobHead {
    JobHead {
        path: job.path.clone().into(),
        real: job.real.clone().into(),
        staged: job.staged.clone().into(),
        before_bytes: job.before.as_ref().map(Vec::len),
        after_bytes: job.after.as_ref().map(Vec::len),
        attributes: job.attributes,
    }
}

fn decode(bytes: &[u8]) -> Result<Journal, String> {
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or("its first line has no end")?;
    let (head, content) = bytes.split_at_checked(end + 1).ok_or("it is cut short")?;
    let head: Head = serde_json::from_slice(head).map_err(|error| error.to_string())?;
    if head.version != VERSION {
        return Err(format!("it has version {}, this Layerwright knows version {VERSION}", head.version));
    }
    let mut rest = content;
    let mut take = |length: Option<usize>| -> Result<Option<Vec<u8>>, String> {
        let Some(length) = length else { return Ok(None) };
        let (taken, left) = rest.split_at_checked(length).ok_or("it is cut short")?;
        rest = left;
        Ok(Some(taken.to_vec()))
    };
    let mut jobs = Vec::new();
    for job in head.jobs {
        jobs.push(Job {
            path: job.path.into(),
            real: job.real.into(),
            staged: job.staged.into(),
            before: take(job.before_bytes)?,
            after: take(job.after_bytes)?,
            attributes: job.attributes,
        });
    }
    if !rest.is_empty() {
        return Err("it is too long".into());
    }
    Ok(Journal { root: head.root.into(), folders: head.folders.into_iter().map(PathBuf::from).collect(), jobs })
}

/// FNV-1a with 128 bits (RFC 9923): the same in every version, as the standard library's hashes are not.
fn fnv1a(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        use std::os::unix::ffi::OsStringExt;
        let job = Job {
            path: OsString::from_vec(b"not utf-8 \xff/BUILD".to_vec()).into(),
            real: "/w/BUILD".into(),
            staged: "/w/.tmp".into(),
            before: Some(b"old\n".to_vec()),
            after: None,
            attributes: None,
        };
        let created = Job { before: None, after: Some(Vec::new()), ..job.clone() };
        Journal { root: "/w".into(), folders: vec!["/w/new".into()], jobs: vec![job, created] }
    }

    #[test]
    fn a_journal_is_read_as_it_was_written() {
        assert_eq!(decode(&encode(&journal()).unwrap()), Ok(journal()));
    }

    #[test]
    fn a_journal_cut_short_anywhere_is_no_journal() {
        let bytes = encode(&journal()).unwrap();
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length]).is_err(), "{length}");
        }
        assert!(decode(&[bytes.as_slice(), b"x"].concat()).is_err());
    }

    #[test]
    fn the_hash_gives_the_published_values() {
        assert_eq!(fnv1a(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(fnv1a(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
