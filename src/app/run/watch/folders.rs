//! The watched folders of a workspace: those that reading looks into. Not version control, Bazel's links, what
//! `.bazelignore` names, or nested workspaces. Lists folders.

use std::collections::BTreeSet;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::workspace::root::is_root;
use crate::workspace::walk::is_left_out;

const DEEPEST_FOLDER: usize = 100;
/// More than systems usually have watches for.
pub(crate) const MOST_FOLDERS: usize = 100_000;

pub(crate) type Entries = [(PathBuf, Metadata)];

pub(crate) enum Visit<'a> {
    Enter(&'a Path),
    Entries(&'a Entries),
}

/// Walks the folders below `start` until `see` returns `false`. A folder is entered before it is listed, so whatever is
/// added later is either listed or seen by a watch.
pub(crate) fn each_folder(
    root: &Path,
    start: &Path,
    ignored: &BTreeSet<String>,
    see: &mut dyn FnMut(Visit<'_>) -> bool,
) {
    let mut folders = vec![(start.to_owned(), 0_usize)];
    let mut seen = 0_usize;
    while let Some((folder, depth)) = folders.pop() {
        if !see(Visit::Enter(&folder)) {
            return;
        }
        let entries: Vec<(PathBuf, Metadata)> = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?)))
            .collect();
        seen += 1;
        if !see(Visit::Entries(&entries)) || seen >= MOST_FOLDERS {
            return;
        }
        for (path, about) in entries {
            // A link to a folder of the workspace leads to one that is seen anyway.
            if about.is_dir() && depth < DEEPEST_FOLDER && is_watched(root, &path, ignored) && !is_root(&path) {
                folders.push((path, depth + 1));
            }
        }
    }
}

/// Returns `true` if a change at `path` can matter.
#[must_use]
pub(crate) fn is_watched(root: &Path, path: &Path, ignored: &BTreeSet<String>) -> bool {
    let Ok(relative) = path.strip_prefix(root) else { return false };
    let mut so_far = String::new();
    for (depth, part) in relative.components().enumerate() {
        let Some(name) = part.as_os_str().to_str() else { return false };
        if !so_far.is_empty() {
            so_far.push('/');
        }
        so_far.push_str(name);
        // A missing link with such a name was Bazel's.
        let is_link = || !root.join(name).symlink_metadata().is_ok_and(|about| !about.is_symlink());
        let may_be_bazels = depth == 0 && name.starts_with("bazel-");
        if is_left_out(&so_far, name, may_be_bazels && is_link(), ignored) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_while_a_folder_is_entered_is_listed() {
        let folder = tempfile::tempdir().unwrap();
        let (root, new) = (folder.path(), folder.path().join("new"));
        let mut entered = Vec::new();
        each_folder(root, root, &BTreeSet::new(), &mut |visit| {
            if let Visit::Enter(path) = visit {
                entered.push(path.to_owned());
                std::fs::create_dir_all(&new).unwrap();
            }
            true
        });
        assert_eq!(entered, [root.to_owned(), new]);
    }
}
