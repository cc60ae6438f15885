//! Finds the root of a workspace: the nearest folder upwards that Bazel would take.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Files that mark a root (<https://bazel.build/concepts/build-ref#workspace>).
pub const ROOT_MARKERS: [&str; 4] = ["MODULE.bazel", "REPO.bazel", "WORKSPACE.bazel", "WORKSPACE"];

/// The first one wins.
pub const BUILD_FILE_NAMES: [&str; 2] = ["BUILD.bazel", "BUILD"];

#[derive(Debug, Error)]
pub enum RootError {
    #[error(
        "no Bazel workspace: neither `{}` nor any folder above it has a file MODULE.bazel, REPO.bazel, WORKSPACE.bazel or WORKSPACE; name the workspace's folder",
        start.display()
    )]
    NotFound { start: PathBuf },
    #[error("`{}` can't be opened: {reason}; name a folder inside a Bazel workspace", path.display())]
    Unreadable { path: PathBuf, reason: std::io::Error },
}

/// `start` is a folder or a file.
///
/// # Errors
/// When `start` does not exist, or no folder upwards has a marker file.
pub fn find_root(start: &Path) -> Result<PathBuf, RootError> {
    let unreadable = |reason| RootError::Unreadable { path: start.to_owned(), reason };
    let start = start.canonicalize().map_err(unreadable)?;
    let root = start.ancestors().find(|folder| is_root(folder));
    root.map(Path::to_owned).ok_or(RootError::NotFound { start })
}

#[must_use]
pub fn is_root(folder: &Path) -> bool {
    ROOT_MARKERS.iter().any(|marker| folder.join(marker).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_marker_upwards() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("WORKSPACE"), "").unwrap();
        std::fs::write(root.join("a/b/x.py"), "").unwrap();
        assert_eq!(find_root(&root.join("a/b/x.py")).unwrap(), root);
        std::fs::write(root.join("a/MODULE.bazel"), "").unwrap();
        assert_eq!(find_root(&root.join("a/b")).unwrap(), root.join("a"));
    }

    #[test]
    fn a_folder_of_that_name_is_no_marker() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("WORKSPACE")).unwrap();
        let error = find_root(folder.path()).unwrap_err().to_string();
        assert!(error.contains("MODULE.bazel"), "{error}");
        assert!(matches!(find_root(&folder.path().join("none")), Err(RootError::Unreadable { .. })));
    }
}
