//! The files of a workspace on disk, for evaluation. Does IO: reads files and lists folders below one root.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::evaluate::source_tree::{LARGEST_FILE, PackageContents, SourceError, SourceTree};
use super::root::is_root;
use super::walk::{build_file_name, ignored_folders, is_left_out, join};

/// Most files that one package is looked at for.
const MOST_FILES: usize = 300_000;
/// Deepest folder of one package.
const DEEPEST_FOLDER: usize = 100;

/// A workspace on disk. What a package holds is listed once.
pub struct DiskTree {
    root: PathBuf,
    ignored: BTreeSet<String>,
    contents: RefCell<BTreeMap<String, Rc<PackageContents>>>,
}

impl DiskTree {
    /// The workspace whose root is `root`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), ignored: ignored_folders(root), contents: RefCell::default() }
    }

    fn list(&self, package: &str) -> PackageContents {
        let mut contents = PackageContents::default();
        let mut folders = vec![(String::new(), 0_usize)];
        while let Some((folder, depth)) = folders.pop() {
            let real = self.root.join(package).join(&folder);
            let Ok(listing) = std::fs::read_dir(&real) else { continue };
            for entry in listing.flatten() {
                let Ok(name) = entry.file_name().into_string() else { continue };
                let relative = join(&folder, &name);
                let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
                if !entry.path().is_dir() {
                    contents.files.push(relative);
                    continue;
                }
                let from_root = join(package, &relative);
                let circular = is_link && self.leads_upwards_or_out(&entry.path());
                if circular || depth > DEEPEST_FOLDER || is_left_out(&from_root, &name, is_link, &self.ignored) {
                    continue;
                }
                if build_file_name(&entry.path()).is_some() {
                    contents.subpackages.push(relative);
                } else if !is_root(&entry.path()) {
                    contents.folders.push(relative.clone());
                    folders.push((relative, depth + 1));
                }
            }
            if contents.files.len() > MOST_FILES {
                break;
            }
        }
        contents.files.sort();
        contents.folders.sort();
        contents.subpackages.sort();
        contents
    }

    fn leads_upwards_or_out(&self, link: &Path) -> bool {
        let target = link.canonicalize();
        target.is_ok_and(|target| !target.starts_with(&self.root) || link.starts_with(&target))
    }
}

impl SourceTree for DiskTree {
    fn read(&self, path: &str) -> Result<String, SourceError> {
        let full = self.root.join(path);
        let unreadable = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => SourceError::Missing(path.to_owned()),
            _ => SourceError::Unreadable { path: path.to_owned(), reason: error.to_string() },
        };
        let about = std::fs::metadata(&full).map_err(unreadable)?;
        if about.len() > LARGEST_FILE {
            return Err(SourceError::TooLarge { path: path.to_owned(), bytes: about.len(), limit: LARGEST_FILE });
        }
        // A pipe or a device has no length and may never end.
        if !about.is_file() {
            return Err(SourceError::Unreadable { path: path.to_owned(), reason: "it is no regular file".to_owned() });
        }
        let bytes = std::fs::read(&full).map_err(unreadable)?;
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    fn contents(&self, package: &str) -> Rc<PackageContents> {
        if let Some(known) = self.contents.borrow().get(package) {
            return Rc::clone(known);
        }
        let contents = Rc::new(self.list(package));
        self.contents.borrow_mut().insert(package.to_owned(), Rc::clone(&contents));
        contents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_ends_where_the_next_one_begins() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["p/BUILD", "p/a.py", "p/sub/b.py", "p/other/BUILD.bazel", "p/other/c.py", "p/nested/WORKSPACE"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let contents = DiskTree::new(folder.path()).contents("p");
        assert_eq!(contents.files, ["BUILD", "a.py", "sub/b.py"]);
        assert_eq!(contents.folders, ["sub"]);
        assert_eq!(contents.subpackages, ["other"]);
    }

    #[test]
    fn reads_no_giant_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(folder.path().join("BUILD")).unwrap();
        file.set_len(100 * 1024 * 1024).unwrap();
        let tree = DiskTree::new(folder.path());
        assert!(matches!(tree.read("BUILD"), Err(SourceError::TooLarge { .. })));
        assert!(matches!(tree.read("none"), Err(SourceError::Missing(_))));
    }
}
