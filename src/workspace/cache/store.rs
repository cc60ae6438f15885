//! The cache folder with one file per workspace. Does IO there alone.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::format::{self, Kept};
use crate::whole_file::write_whole;
use crate::workspace::evaluate::reads::Digest;

/// In bytes.
const LARGEST_FILE: u64 = 128 * 1024 * 1024;
/// In bytes.
const LARGEST_FOLDER: u64 = 512 * 1024 * 1024;
const MOST_FILES: usize = 100;
const EXTENSION: &str = "evaluations";

pub struct Store {
    folder: PathBuf,
    file: PathBuf,
    root: String,
    build: String,
}

impl Store {
    /// `None` if the root's name can't be written, or builds of the program can't be told apart.
    #[must_use]
    pub fn new(folder: &Path, root: &Path, program: &Path) -> Option<Self> {
        let root = root.to_str()?.to_owned();
        let name = Digest::of(&root).to_string();
        let file = folder.join(name.get(..32)?).with_extension(EXTENSION);
        Some(Self { folder: folder.to_owned(), file, root, build: build_of(program)? })
    }

    #[must_use]
    pub fn load(&self) -> Option<Kept> {
        let file = std::fs::File::open(&self.file).ok()?;
        let about = file.metadata().ok()?;
        if !about.is_file() || about.len() > LARGEST_FILE || !is_ours(&about) {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(about.len()).ok()?);
        (&file).take(LARGEST_FILE).read_to_end(&mut bytes).ok()?;
        format::parse(&bytes, &self.build, &self.root)
    }

    /// Replaces the file, and removes old files of other workspaces.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn save(&self, mut kept: Kept) -> io::Result<()> {
        kept.root.clone_from(&self.root);
        let bytes = format::print(&kept, &self.build)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Ok(());
        }
        write_whole(&self.file, &bytes)?;
        bound(&self.folder, &self.file);
        Ok(())
    }
}

/// The program's file identifies its build; its version does not.
fn build_of(program: &Path) -> Option<String> {
    let about = program.metadata().ok()?;
    let modified = about.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{}-{}-{}", env!("CARGO_PKG_VERSION"), about.len(), modified.as_nanos()))
}

/// Returns `true` if only this user can have written the file.
#[cfg(unix)]
fn is_ours(about: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    about.uid() == rustix::process::geteuid().as_raw() && about.mode() & 0o022 == 0
}

/// Other systems keep the folder private.
#[cfg(not(unix))]
fn is_ours(_about: &std::fs::Metadata) -> bool {
    true
}

/// Time, length and path of cache files.
fn files(folder: &Path) -> Vec<(SystemTime, u64, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter(|entry| Path::new(&entry.file_name()).extension().is_some_and(|extension| extension == EXTENSION))
        .filter_map(|entry| {
            let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((about.modified().ok()?, about.len(), entry.path()))
        })
        .collect();
    files.sort();
    files
}

/// Removes the oldest files over the bounds, except `newest`.
fn bound(folder: &Path, newest: &Path) {
    let files = files(folder);
    let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    let mut count = files.len();
    for (_, length, path) in files {
        if count <= MOST_FILES && bytes <= LARGEST_FOLDER {
            break;
        }
        // Another program may have removed it.
        if path != newest && std::fs::remove_file(&path).is_ok() {
            count -= 1;
            bytes -= length;
        }
    }
}

/// Number of workspaces in `folder`, and their bytes.
#[must_use]
pub fn folder_bytes(folder: &Path) -> (usize, u64) {
    let files = files(folder);
    (files.len(), files.iter().map(|(_, bytes, _)| bytes).sum())
}

/// Removes cache files and nothing else.
///
/// # Errors
/// When one can't be removed.
pub fn clear(folder: &Path) -> io::Result<()> {
    files(folder).into_iter().try_for_each(|(_, _, path)| std::fs::remove_file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &Path, root: &str) -> Store {
        Store::new(folder, Path::new(root), &std::env::current_exe().unwrap()).unwrap()
    }

    #[test]
    fn keeps_each_workspace_apart_and_forgets_on_demand() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (store(folder.path(), "/one"), store(folder.path(), "/other"));
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert!(one.load().is_none());
        one.save(Kept::default()).unwrap();
        assert!(one.load().is_some() && other.load().is_none());
        assert_eq!(folder_bytes(folder.path()).0, 1);
        clear(folder.path()).unwrap();
        assert!(one.load().is_none());
        assert!(folder.path().join("notes.txt").exists(), "what is not ours stays");
    }

    #[test]
    fn nonsense_and_folders_are_no_kept_files() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), "/one");
        std::fs::write(&store.file, "nonsense").unwrap();
        assert!(store.load().is_none());
        store.save(Kept::default()).unwrap();
        assert!(store.load().is_some(), "it is written over");
        std::fs::remove_file(&store.file).unwrap();
        std::fs::create_dir(&store.file).unwrap();
        assert!(store.load().is_none() && store.save(Kept::default()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_write_is_foreign() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), "/one");
        store.save(Kept::default()).unwrap();
        std::fs::set_permissions(&store.file, std::fs::Permissions::from_mode(0o666)).unwrap();
        assert!(store.load().is_none());
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        for index in 0..MOST_FILES + 3 {
            let path = folder.path().join(format!("{index}.{EXTENSION}"));
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(index as u64);
            std::fs::File::create(path).unwrap().set_modified(time).unwrap();
        }
        let store = store(folder.path(), "/one");
        store.save(Kept::default()).unwrap();
        let left = files(folder.path());
        assert_eq!(left.len(), MOST_FILES);
        assert!(left.iter().any(|(_, _, path)| *path == store.file));
        assert!(!folder.path().join(format!("3.{EXTENSION}")).exists());
        assert!(folder.path().join(format!("4.{EXTENSION}")).exists());
    }
}
