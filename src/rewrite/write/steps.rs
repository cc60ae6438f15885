//! The steps that change the disk, behind a trait so that tests can let each fail or be the last. Does IO.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Attributes that a rewrite keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attributes {
    /// Permission bits.
    mode: u32,
    owner: u32,
    group: u32,
}

impl Attributes {
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        Self { mode: metadata.mode() & 0o7777, owner: metadata.uid(), group: metadata.gid() }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Access {
    /// The user alone: journals hold text of files that others may not be allowed to read.
    Private,
    /// By the umask.
    Ordinary,
    /// The same as the replaced file.
    Like(Attributes),
}

pub(super) trait Steps {
    /// The parent must exist.
    fn create_folder(&self, folder: &Path) -> io::Result<()>;
    /// It must be empty.
    fn remove_folder(&self, folder: &Path) -> io::Result<()>;
    /// Creates a file and waits until its content is on the disk.
    fn create_file(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()>;
    /// Atomically.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Fails with `AlreadyExists` if the name is taken.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Waits until the folder's names are on the disk.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

pub(super) struct Disk;

impl Steps for Disk {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir(folder)
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        fs::remove_dir(folder)
    }

    fn create_file(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        let first_mode = match access {
            Access::Ordinary => 0o666,
            // A kept file may be more private than the umask; it is opened up once its content and owner stand.
            Access::Private | Access::Like(_) => 0o600,
        };
        let mut file = OpenOptions::new().write(true).create_new(true).mode(first_mode).open(path)?;
        file.write_all(bytes)?;
        if let Access::Like(attributes) = access {
            keep_attributes(&file, attributes)?;
        }
        file.sync_all()
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        match rename_without_replacing(from, to) {
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => {
                // For file systems that can't do it atomically.
                if fs::symlink_metadata(to).is_ok() {
                    return Err(ErrorKind::AlreadyExists.into());
                }
                fs::rename(from, to)
            }
            result => result,
        }
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        match File::open(folder)?.sync_all() {
            // Some network file systems have no such call for folders.
            Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
            result => result,
        }
    }
}

/// Readable by the user alone.
pub(super) fn create_state_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Returns `true` if the owner and the process may write. The mode is checked first, since the superuser may always
/// write.
pub(super) fn is_writable(path: &Path, metadata: &fs::Metadata) -> bool {
    metadata.mode() & 0o200 != 0 && rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

/// Owner first: changing it clears the set-user-id bit. Without the right to change the owner, the file belongs to the
/// user and loses the bits that would now mean somebody else.
fn keep_attributes(file: &File, kept: Attributes) -> io::Result<()> {
    let own = Attributes::of(&file.metadata()?);
    let mut mode = kept.mode;
    if (own.owner, own.group) != (kept.owner, kept.group)
        && let Err(error) = fchown(file, Some(kept.owner), Some(kept.group))
    {
        if error.kind() != ErrorKind::PermissionDenied {
            return Err(error);
        }
        mode &= 0o1777;
    }
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_without_replacing(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_without_replacing(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}
