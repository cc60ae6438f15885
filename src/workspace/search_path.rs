//! Finds programs on PATH; runs nothing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    in_folders(name, &std::env::var_os("PATH")?)
}

/// Ignores relative entries: the current folder may be hostile.
pub(super) fn in_folders(name: &str, search: &OsStr) -> Option<PathBuf> {
    let folders = std::env::split_paths(search).filter(|folder| folder.is_absolute());
    let mut candidates = folders.flat_map(|folder| ["", ".exe"].map(|ending| folder.join(format!("{name}{ending}"))));
    candidates.find(|path| is_program(path))
}

#[cfg(unix)]
pub(super) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_program_in_the_current_folder_is_never_taken_by_its_name() {
        let place = tempfile::tempdir().unwrap();
        let program = place.path().join("bazel");
        std::fs::write(&program, "#!/bin/sh\n").unwrap();
        assert_eq!(in_folders("bazel", place.path().as_os_str()), None, "it may not be run");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(in_folders("bazel", place.path().as_os_str()), Some(program));
        assert!(in_folders("bazel", &seen_from_here(place.path())).is_none());
        assert!(in_folders("bazel", OsStr::new(":")).is_none());
    }

    fn seen_from_here(folder: &Path) -> OsString {
        let up = std::env::current_dir().unwrap().components().count() - 1;
        let mut relative: PathBuf = std::iter::repeat_n("..", up).collect();
        relative.push(folder.strip_prefix("/").unwrap());
        relative.into_os_string()
    }
}
