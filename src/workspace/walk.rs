//! Finds packages as Bazel does, but follows no link out of the workspace or in a circle, and does not enter nested
//! workspaces. Lists folders.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::finding::ReadFinding;
use super::listing::{Entry, Listing};
use super::root::BUILD_FILE_NAMES;
use super::way::{TOO_MANY, Way};
use crate::jobs::Watch;
use crate::path_text::join;

const DEEPEST_FOLDER: usize = 100;
const MOST_FOLDERS: usize = 500_000;
/// In bytes.
const LONGEST_SMALL_FILE: u64 = 4 * 1024 * 1024;
/// Reported invalid names.
const MOST_BAD_NAMES: usize = 50;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackagePlace {
    /// Below the root, with `/`; empty for the root.
    pub path: String,
    /// `BUILD.bazel`, else `BUILD`.
    pub build_file_name: &'static str,
}

impl PackagePlace {
    /// Below the root.
    #[must_use]
    pub fn build_file(&self) -> String {
        join(&self.path, self.build_file_name)
    }
}

#[derive(Debug, Default)]
pub struct Walk {
    /// Sorted by path.
    pub packages: Vec<PackagePlace>,
    /// What was not entered, and why.
    pub findings: Vec<ReadFinding>,
    pub cancelled: bool,
}

#[must_use]
pub fn build_file_name(folder: &Path) -> Option<&'static str> {
    BUILD_FILE_NAMES.into_iter().find(|name| folder.join(name).is_file())
}

/// Folders in `.bazelignore` (<https://bazel.build/run/bazelrc#bazelignore>).
#[must_use]
pub fn ignored_folders(root: &Path) -> BTreeSet<String> {
    let text = read_small(&root.join(".bazelignore")).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.trim_start_matches("./").trim_end_matches('/').to_owned()).collect()
}

/// Reads a short file. A pipe is not even opened, because that could block.
#[must_use]
pub fn read_small(path: &Path) -> Option<String> {
    let about = std::fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > LONGEST_SMALL_FILE {
        return None;
    }
    Some(String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned())
}

/// Returns `true` if labels can contain `name`.
#[must_use]
pub fn is_label_part(name: &str) -> bool {
    !name.chars().any(|character| character.is_control() || matches!(character, ':' | '\\'))
}

/// Returns `true` for folders that are always skipped: version control, Bazel's links, `.bazelignore`.
#[must_use]
pub fn is_left_out(path: &str, name: &str, is_link: bool, ignored: &BTreeSet<String>) -> bool {
    let bazel_link = is_link && path == name && name.starts_with("bazel-");
    bazel_link || name == ".git" || ignored.contains(path)
}

/// Finds packages below `root`, which must be canonical, and below local modules.
pub fn walk(root: &Path, local: &BTreeMap<String, String>, watch: &dyn Watch) -> Walk {
    let mut result = Walk::default();
    let mut ignored = ignored_folders(root);
    let local: BTreeSet<&str> = local.values().map(String::as_str).collect();
    let mut folders = vec![(String::new(), Way::to(root.to_owned()), 0_usize)];
    for folder in &local {
        ignored.extend(ignored_folders(&root.join(folder)).iter().map(|below| join(folder, below)));
        if let Ok(real) = root.join(folder).canonicalize()
            && real.starts_with(root)
        {
            folders.push(((*folder).to_owned(), Way::to(real), 0));
        }
    }
    let mut nested = Vec::new();
    let (mut seen, mut linked, mut said_too_many) = (0_usize, 0_usize, false);
    while let Some((path, way, depth)) = folders.pop() {
        if watch.is_cancelled() {
            result.cancelled = true;
            break;
        }
        seen += 1;
        if seen > MOST_FOLDERS || depth > DEEPEST_FOLDER {
            let message = format!("`{path}` is not read: it lies deeper, or beyond more folders, than is looked at");
            result.findings.push(finding(&path, "too_deep", message));
            continue;
        }
        let listing = Listing::of(&way.real);
        let is_start = depth == 0;
        if !is_start && (local.contains(path.as_str()) || listing.is_root()) {
            if !local.contains(path.as_str()) {
                nested.push(path);
            }
            continue;
        }
        if let Some(build_file_name) = listing.build_file_name() {
            result.packages.push(PackagePlace { path: path.clone(), build_file_name });
        }
        for entry in usable_entries(listing, &path, &mut result.findings) {
            let below = join(&path, &entry.name);
            if is_left_out(&below, &entry.name, entry.is_link, &ignored) {
                continue;
            }
            match way.enter(&entry, root, &mut linked) {
                Ok(Some(way)) => folders.push((below, way, depth + 1)),
                Ok(None) => {}
                Err(TOO_MANY) if std::mem::replace(&mut said_too_many, true) => {}
                Err(reason) => {
                    result.findings.push(finding(&below, "link_not_followed", format!("`{below}` {reason}")));
                }
            }
        }
    }
    result.findings.extend(nested_workspaces(nested));
    result.packages.sort();
    result.findings.sort();
    result
}

/// One finding for all nested workspaces.
fn nested_workspaces(mut folders: Vec<String>) -> Option<ReadFinding> {
    folders.sort();
    let first = folders.first()?;
    let message = match folders.len() {
        1 => format!("`{first}` is a workspace of its own and is not read with this one"),
        count => {
            format!("{count} folders are workspaces of their own and are not read with this one, such as `{first}`")
        }
    };
    Some(finding(first, "nested_workspace", message))
}

/// Entries that labels can name; the others are reported.
fn usable_entries(listing: Listing, folder: &str, findings: &mut Vec<ReadFinding>) -> Vec<Entry> {
    if let Some(error) = &listing.problem {
        findings.push(finding(folder, "unreadable", format!("`{folder}` can't be listed: {error}")));
    }
    for name in &listing.unreadable_names {
        bad_name(folder, name, "it is not UTF-8", findings);
    }
    let (usable, others): (Vec<Entry>, Vec<Entry>) =
        listing.into_entries().partition(|entry| is_label_part(&entry.name));
    // Files with a `:` are common among test data, and no label can mean them.
    for entry in others.iter().filter(|entry| entry.is_folder || entry.name.chars().any(char::is_control)) {
        bad_name(folder, &entry.name, "it has a character that no label can have", findings);
    }
    usable
}

fn bad_name(folder: &str, name: &str, why: &str, findings: &mut Vec<ReadFinding>) {
    if findings.iter().filter(|finding| finding.code == "bad_name").count() >= MOST_BAD_NAMES {
        return;
    }
    // Escaped, so that the message is one line.
    let path = join(folder, &name.escape_debug().to_string());
    findings.push(finding(&path, "bad_name", format!("`{path}` is left out: {why}")));
}

fn finding(path: &str, code: &str, message: String) -> ReadFinding {
    ReadFinding { path: PathBuf::from(path), line: None, code: code.to_owned(), message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Unwatched;
    use std::sync::atomic::AtomicBool;

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
        walk(root, &BTreeMap::new(), &Unwatched).packages.iter().map(PackagePlace::build_file).collect()
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
    fn nested_workspaces_are_one_note() {
        let (_folder, root) =
            tree(&["MODULE.bazel", "BUILD", "e2e/MODULE.bazel", "e2e/BUILD", "e2e/x/BUILD", "z/WORKSPACE"]);
        let walk = walk(&root, &BTreeMap::new(), &Unwatched);
        assert_eq!(walk.packages.len(), 1);
        assert_eq!(walk.findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["nested_workspace"]);
        assert!(walk.findings[0].message.starts_with("2 folders"), "{}", walk.findings[0].message);
    }

    #[test]
    fn modules_in_folders_of_the_workspace_are_walked_even_where_the_root_ignores_them() {
        let (_folder, root) =
            tree(&["MODULE.bazel", "m/MODULE.bazel", "m/BUILD", "m/out/BUILD", "m/x/BUILD", "n/MODULE.bazel"]);
        std::fs::write(root.join(".bazelignore"), "m\n").unwrap();
        std::fs::write(root.join("m/.bazelignore"), "out\n").unwrap();
        let local = BTreeMap::from([("module".to_owned(), "m".to_owned())]);
        let walk = walk(&root, &local, &Unwatched);
        let found: Vec<_> = walk.packages.iter().map(PackagePlace::build_file).collect();
        assert_eq!(found, ["m/BUILD", "m/x/BUILD"]);
        assert_eq!(walk.findings.len(), 1, "{:?}", walk.findings);
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
        let walk = walk(&root, &BTreeMap::new(), &Unwatched);
        assert_eq!(walk.packages.len(), 2);
        let codes: Vec<_> = walk.findings.iter().map(|finding| finding.path.display().to_string()).collect();
        assert_eq!(codes, ["a/b/up", "a/everything", "linked/up"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_no_label_can_have_are_said() {
        use std::os::unix::ffi::OsStrExt;
        let (_folder, root) = tree(&["BUILD", "new\nline/BUILD", "a:b.py"]);
        std::fs::create_dir(root.join(std::ffi::OsStr::from_bytes(b"caf\xe9"))).unwrap();
        let walk = walk(&root, &BTreeMap::new(), &Unwatched);
        assert_eq!(walk.packages.len(), 1);
        let findings: Vec<_> = walk.findings.iter().map(|finding| finding.path.display().to_string()).collect();
        assert_eq!(findings, ["caf\u{fffd}", "new\\nline"]);
        assert!(walk.findings.iter().all(|finding| finding.code == "bad_name" && !finding.message.contains('\n')));
    }

    #[test]
    fn a_file_of_a_small_kind_is_read_only_if_it_is_small() {
        let (_folder, root) = tree(&["BUILD"]);
        let file = std::fs::File::create(root.join(".bazelignore")).unwrap();
        file.set_len(LONGEST_SMALL_FILE + 1).unwrap();
        assert_eq!(read_small(&root.join(".bazelignore")), None);
        assert_eq!(read_small(&root), None);
        assert!(ignored_folders(&root).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_around_or_branch_without_end_are_left() {
        use std::os::unix::fs::symlink;
        let (_folder, root) = tree(&["BUILD", "a/BUILD", "b/BUILD"]);
        symlink("../b", root.join("a/to_b")).unwrap();
        symlink("../a", root.join("b/to_a")).unwrap();
        assert_eq!(build_files(&root), ["BUILD", "a/BUILD", "a/to_b/BUILD", "b/BUILD", "b/to_a/BUILD"]);
        let (_folder, root) = tree(&["BUILD"]);
        for step in 0..40 {
            std::fs::create_dir_all(root.join(format!("s/{step}"))).unwrap();
            for way in ["left", "right"] {
                symlink(format!("../{}", step + 1), root.join(format!("s/{step}/{way}"))).unwrap();
            }
        }
        std::fs::create_dir_all(root.join("s/40")).unwrap();
        let walk = walk(&root, &BTreeMap::new(), &Unwatched);
        let said = walk.findings.iter().filter(|finding| finding.message.contains("more folders than are looked at"));
        assert_eq!((walk.packages.len(), said.count()), (1, 1));
    }

    #[test]
    fn stops_when_told() {
        let (_folder, root) = tree(&["BUILD"]);
        assert!(walk(&root, &BTreeMap::new(), &AtomicBool::new(true)).cancelled);
    }
}
