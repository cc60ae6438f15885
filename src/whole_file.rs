//! Replaces whole files by way of a temporary file, so that nobody reads half of one. IO.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::Builder;

/// Writes a file of this program, readable only by its owner. Makes its folder.
///
/// # Errors
/// When the folder or the file can't be written; the old file stays.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    std::fs::create_dir_all(folder)?;
    replace(path, bytes, Builder::new().tempfile_in(folder)?)
}

/// Writes a file that the user named: follows links and keeps permissions.
///
/// # Errors
/// When the file can't be written; the old one stays.
pub(crate) fn write_document(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = std::fs::metadata(path).ok();
    if old.as_ref().is_some_and(|about| !about.is_file()) {
        // A device or a pipe can't be replaced.
        return std::fs::write(path, bytes);
    }
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let temporary = builder.tempfile_in(folder_of(&target))?;
    if let Some(about) = old {
        // Unlike replacing, opening fails where the file may not be changed.
        File::options().write(true).open(&target)?;
        temporary.as_file().set_permissions(about.permissions())?;
    }
    replace(&target, bytes, temporary)
}

fn replace(path: &Path, bytes: &[u8], mut temporary: tempfile::NamedTempFile) -> io::Result<()> {
    temporary.write_all(bytes)?;
    temporary.as_file().sync_data()?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_file_is_replaced_and_its_folder_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/settings.toml");
        write_whole(&path, b"one").unwrap();
        write_whole(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_document_keeps_its_link_and_its_permissions() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("plan.toml"), folder.path().join("link.toml"));
        std::fs::write(&path, "one").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        write_document(&link, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        let new = folder.path().join("new.toml");
        write_document(&new, b"three").unwrap();
        assert_ne!(new.metadata().unwrap().permissions().mode() & 0o444, 0o400, "as readable as any other file");
        assert!(write_document(&folder.path().join("no/such.toml"), b"").is_err());
    }
}
