//! Paths as texts with `/`, whatever the system.

use std::path::Path;

/// The path with `/` between its parts.
#[must_use]
pub(crate) fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// `folder/name`, where the root folder is empty.
#[must_use]
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
