//! The journal of a write, with every byte needed to undo it. One file per workspace in the state folder: a line of
//! JSON, then all files before and after. Named `.journal` while files are replaced, `.rollback` while they are
//! restored; its removal completes the write. Does IO.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::rewrite::write::error::{DiskError, WriteError};
use crate::rewrite::write::steps::{Access, Attributes, Steps, create_state_folder};

/// The format of the journal; others are refused.
const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    /// Relative to the workspace root, as in the change set.
    pub path: PathBuf,
    pub real: PathBuf,
    /// The file beside it with the new content.
    pub staged: PathBuf,
    /// `None` for a new file.
    pub before: Option<Vec<u8>>,
    /// `None` for a removed file.
    pub after: Option<Vec<u8>>,
    /// Mode and owner before; `None` for a new file.
    pub attributes: Option<Attributes>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    pub root: PathBuf,
    /// New folders, outermost first.
    pub folders: Vec<PathBuf>,
    pub jobs: Vec<Job>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Files were being replaced.
    Forward,
    /// Files were being restored.
    Back,
}

/// The right to write to a workspace until dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a child process that is just starting may share it.
        self.0.unlock().ok();
    }
}

#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
    key: String,
}

impl Store {
    /// `root` must be canonical.
    pub(super) fn new(state_folder: &Path, root: &Path) -> Self {
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
        Self { folder: state_folder.to_owned(), key: format!("{name}-{:032x}", fnv1a(root.as_os_str().as_bytes())) }
    }

    pub(super) fn file(&self, phase: Phase) -> PathBuf {
        match phase {
            Phase::Forward => self.named("journal"),
            Phase::Back => self.named("rollback"),
        }
    }

    /// Returns `true` if an earlier write left anything.
    pub(super) fn has_leftovers(&self) -> bool {
        [self.named("new"), self.file(Phase::Forward), self.file(Phase::Back)].iter().any(|path| path.exists())
    }

    pub(super) fn unfinished(&self) -> Option<(Phase, PathBuf)> {
        [Phase::Back, Phase::Forward].map(|phase| (phase, self.file(phase))).into_iter().find(|(_, path)| path.exists())
    }

    /// Excludes other processes until the lock is dropped.
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

    /// From now on a crash can be recovered from. On an error there is no journal.
    pub(super) fn save(&self, steps: &dyn Steps, journal: &Journal) -> Result<(), DiskError> {
        let (new, file) = (self.named("new"), self.file(Phase::Forward));
        let written = self.discard_new(steps).and_then(|()| {
            let bytes = encode(journal).map_err(|error| DiskError::new("write", &new, error))?;
            steps.create_file(&new, &bytes, Access::Private).map_err(|error| DiskError::new("write", &new, error))?;
            steps.replace(&new, &file).map_err(|error| DiskError::new("write", &file, error))?;
            steps.sync_folder(&self.folder).map_err(|error| DiskError::new("save", &self.folder, error))
        });
        if written.is_err() {
            // Returns the first error; `recover` removes the rest.
            self.discard_new(steps).and_then(|()| remove_if_there(steps, &file)).ok();
        }
        written
    }

    /// Removes a journal that was never finished.
    pub(super) fn discard_new(&self, steps: &dyn Steps) -> Result<(), DiskError> {
        remove_if_there(steps, &self.named("new"))
    }

    /// Marks that files are being restored.
    pub(super) fn turn_back(&self, steps: &dyn Steps) -> Result<(), DiskError> {
        let file = self.file(Phase::Back);
        steps.replace(&self.file(Phase::Forward), &file).map_err(|error| DiskError::new("write", &file, error))?;
        steps.sync_folder(&self.folder).map_err(|error| DiskError::new("save", &self.folder, error))
    }

    /// Removes the journal.
    pub(super) fn close(&self, steps: &dyn Steps) -> Result<(), DiskError> {
        remove_if_there(steps, &self.file(Phase::Back))?;
        remove_if_there(steps, &self.file(Phase::Forward))?;
        // If it comes back after a power failure, recovery finds nothing to do.
        steps.sync_folder(&self.folder).ok();
        Ok(())
    }

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

/// A missing file is no error.
pub(super) fn remove_if_there(steps: &dyn Steps, path: &Path) -> Result<(), DiskError> {
    if fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(());
    }
    match steps.remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(DiskError::new("remove", path, error)),
        _ => Ok(()),
    }
}

/// The first line. `OsString` keeps names that are not UTF-8.
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

/// FNV-1a with 128 bits (RFC 9923): stable across versions, unlike the standard library's hashes.
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
