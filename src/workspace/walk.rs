//! Which folders of a workspace are packages. Does IO: lists folders.
//!
//! As Bazel does, with two bounds: no link is followed out of the workspace or in a circle, and nested workspaces are
//! noted but not entered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::model::ReadFinding;
use super::root::is_root;

/// Deepest folder that is looked into.
const DEEPEST_FOLDER: usize = 100;
/// Most folders of one workspace.
const MOST_FOLDERS: usize = 500_000;

/// A folder that is a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackagePlace {
    /// Path below the root, with `/`; empty for the root.
    pub path: String,
    /// `BUILD.bazel`, or `BUILD` where there is no such file.
    pub build_file_name: &'static str,
}

impl PackagePlace {
    /// The BUILD file's path below the root.
    #[must_use]
    pub fn build_file(&self) -> String {
        join(&self.path, self.build_file_name)
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// The packages, sorted by path.
    pub packages: Vec<PackagePlace>,
    /// What was not entered, and why.
    pub findings: Vec<ReadFinding>,
    /// Whether the walk was stopped from outside.
    pub cancelled: bool,
}

/// `folder/name`, where the root folder is empty.
#[must_use]
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The BUILD file of a folder, if it is a package.
#[must_use]
pub fn build_file_name(folder: &Path) -> Option<&'static str> {
    ["BUILD.bazel", "BUILD"].into_iter().find(|name| folder.join(name).is_file())
}

/// Folders that `.bazelignore` names (<https://bazel.build/run/bazelrc#bazelignore>).
#[must_use]
pub fn ignored_folders(root: &Path) -> BTreeSet<String> {
    let text = std::fs::read(root.join(".bazelignore")).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.trim_start_matches("./").trim_end_matches('/').to_owned()).collect()
}

/// Whether a folder is left out of every walk: version control, Bazel's own links, what `.bazelignore` names.
#[must_use]
pub fn is_left_out(path: &str, name: &str, is_link: bool, ignored: &BTreeSet<String>) -> bool {
    let bazel_link = is_link && path == name && name.starts_with("bazel-");
    bazel_link || name == ".git" || ignored.contains(path)
}

/// Finds all packages below `root`, which must be canonical.
pub fn walk(root: &Path, cancelled: &dyn Fn() -> bool) -> Walk {
    let mut result = Walk::default();
    let ignored = ignored_folders(root);
    let mut folders = vec![(String::new(), root.to_owned(), 0_usize)];
    let mut seen = 0_usize;
    while let Some((path, real, depth)) = folders.pop() {
        if cancelled() {
            result.cancelled = true;
            break;
        }
        seen += 1;
        if seen > MOST_FOLDERS || depth > DEEPEST_FOLDER {
            let message = format!("`{path}` is not read: it lies deeper, or beyond more folders, than is looked at");
            result.findings.push(finding(&path, "too_deep", message));
            continue;
        }
        if let Some(build_file_name) = build_file_name(&real) {
            result.packages.push(PackagePlace { path: path.clone(), build_file_name });
        }
        for entry in entries(&real, &path, &mut result.findings) {
            let below = join(&path, &entry.name);
            if is_left_out(&below, &entry.name, entry.is_link, &ignored) {
                continue;
            }
            match enter(&entry, root, &real) {
                Ok(Some(real)) if is_root(&real) => {
                    let message = format!("`{below}` is a workspace of its own and is not read with this one");
                    result.findings.push(finding(&below, "nested_workspace", message));
                }
                Ok(Some(real)) => folders.push((below, real, depth + 1)),
                Ok(None) => {}
                Err(reason) => {
                    result.findings.push(finding(&below, "link_not_followed", format!("`{below}` {reason}")));
                }
            }
        }
    }
    result.packages.sort();
    result.findings.sort();
    result
}

/// One entry of a folder.
struct Entry {
    name: String,
    path: PathBuf,
    is_link: bool,
    is_folder: bool,
}

fn entries(folder: &Path, path: &str, findings: &mut Vec<ReadFinding>) -> Vec<Entry> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) => {
            findings.push(finding(path, "unreadable", format!("`{path}` can't be listed: {error}")));
            return Vec::new();
        }
    };
    let mut entries = Vec::new();
    for entry in listing.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        // A name that is not UTF-8 can't be part of a label.
        let Ok(name) = entry.file_name().into_string() else { continue };
        entries.push(Entry { name, path: entry.path(), is_link: kind.is_symlink(), is_folder: kind.is_dir() });
    }
    entries
}

/// The folder to go into; `None` for a file, an error for a link that must not be followed.
fn enter(entry: &Entry, root: &Path, from: &Path) -> Result<Option<PathBuf>, &'static str> {
    if entry.is_folder {
        return Ok(Some(entry.path.clone()));
    }
    if !entry.is_link || !entry.path.is_dir() {
        return Ok(None);
    }
    let Ok(target) = entry.path.canonicalize() else { return Ok(None) };
    if !target.starts_with(root) {
        return Err("is a link out of the workspace and is not followed");
    }
    let from = from.canonicalize().unwrap_or_else(|_| from.to_owned());
    if from.starts_with(&target) {
        return Err("is a link to a folder that holds it and is not followed");
    }
    Ok(Some(target))
}

fn finding(path: &str, code: &str, message: String) -> ReadFinding {
    ReadFinding { path: PathBuf::from(path), line: None, code: code.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for file in files {
            let path = root.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        (folder, root)
    }

    fn build_files(root: &Path) -> Vec<String> {
        walk(root, &|| false).packages.iter().map(PackagePlace::build_file).collect()
    }

    #[test]
    fn build_bazel_wins_over_build() {
        let (_folder, root) = tree(&["BUILD", "a/BUILD", "a/BUILD.bazel", "b/c/BUILD", "b/BUILD.txt"]);
        assert_eq!(build_files(&root), ["BUILD", "a/BUILD.bazel", "b/c/BUILD"]);
    }

    #[test]
    fn leaves_out_what_bazel_leaves_out() {
        let (_folder, root) = tree(&["BUILD", "out/x/BUILD", "third/BUILD", "bazel-tools/BUILD", ".git/BUILD"]);
        std::fs::write(root.join(".bazelignore"), "# comment\n./third/\nout\n").unwrap();
        // A real folder of that name is an ordinary one; only links of that name are Bazel's.
        assert_eq!(build_files(&root), ["BUILD", "bazel-tools/BUILD"]);
    }

    #[test]
    fn notes_nested_workspaces() {
        let (_folder, root) = tree(&["MODULE.bazel", "BUILD", "e2e/MODULE.bazel", "e2e/BUILD", "e2e/x/BUILD"]);
        let walk = walk(&root, &|| false);
        assert_eq!(walk.packages.len(), 1);
        assert_eq!(walk.findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["nested_workspace"]);
    }

    #[cfg(unix)]
    #[test]
    fn follows_no_link_in_a_circle_or_out() {
        use std::os::unix::fs::symlink;
        let (_folder, root) = tree(&["BUILD", "a/BUILD", "a/b/x.py"]);
        symlink(&root, root.join("a/b/up")).unwrap();
        symlink("/", root.join("a/everything")).unwrap();
        symlink(root.join("a"), root.join("bazel-out")).unwrap();
        symlink(root.join("a/b"), root.join("linked")).unwrap();
        let walk = walk(&root, &|| false);
        assert_eq!(walk.packages.len(), 2);
        let codes: Vec<_> = walk.findings.iter().map(|finding| finding.path.display().to_string()).collect();
        assert_eq!(codes, ["a/b/up", "a/everything", "linked/up"]);
    }

    #[test]
    fn stops_when_told() {
        let (_folder, root) = tree(&["BUILD"]);
        assert!(walk(&root, &|| true).cancelled);
    }
}
