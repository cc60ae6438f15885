//! Paths as text with `/` on every system.

use std::path::Path;

#[must_use]
pub(crate) fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// `folder/name`; an empty folder is the root.
#[must_use]
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
