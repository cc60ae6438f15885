//! Writes new files that the user named. IO.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Returns the absolute path.
///
/// # Errors
/// A sentence when the file exists or can't be written.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<PathBuf, String> {
    let mut file = File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => "this file already exists: choose another name".to_owned(),
        _ => error.to_string(),
    })?;
    file.write_all(bytes).map_err(|error| error.to_string())?;
    Ok(std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Dockerfile");
        assert_eq!(write_new(&path, b"one"), Ok(path.clone()));
        assert!(write_new(&path, b"two").unwrap_err().contains("another name"));
        assert_eq!(std::fs::read(&path).unwrap(), b"one");
        assert!(write_new(&folder.path().join("no/such"), b"").is_err());
    }
}
