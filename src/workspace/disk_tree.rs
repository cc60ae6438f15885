//! A workspace on disk, for evaluation. Reads files and lists folders below one root.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::evaluate::source_tree::{LARGEST_FILE, PackageContents, SourceError, SourceTree};
use super::listing::Listing;
use super::walk::{ignored_folders, is_label_part, is_left_out};
use super::way::Way;
use crate::path_text::join;

/// Of one package.
const MOST_FILES: usize = 300_000;
/// Of one package.
const DEEPEST_FOLDER: usize = 100;

/// Each package is listed once.
pub struct DiskTree {
    root: PathBuf,
    ignored: BTreeSet<String>,
    contents: RefCell<BTreeMap<String, Rc<PackageContents>>>,
}

impl DiskTree {
    #[must_use]
    pub fn new(root: &Path) -> Self {
        // Links are checked against the real root.
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        Self { ignored: ignored_folders(&root), root, contents: RefCell::default() }
    }

    fn list(&self, package: &str) -> PackageContents {
        let mut contents = PackageContents::default();
        let start = self.root.join(package);
        let start = start.canonicalize().unwrap_or(start);
        let mut folders = vec![(String::new(), Way::to(start), 0_usize)];
        let mut linked = 0;
        while let Some((folder, way, depth)) = folders.pop() {
            let entries = Listing::of(&way.real);
            if !folder.is_empty() {
                if entries.build_file_name().is_some() {
                    contents.subpackages.push(folder);
                    continue;
                }
                if entries.is_root() {
                    continue;
                }
                contents.folders.push(folder.clone());
            }
            for entry in entries.into_entries().filter(|entry| is_label_part(&entry.name)) {
                let relative = join(&folder, &entry.name);
                match way.enter(&entry, &self.root, &mut linked) {
                    Ok(None) => contents.files.push(relative),
                    Ok(Some(way)) => {
                        let from_root = join(package, &relative);
                        let is_left_out = is_left_out(&from_root, &entry.name, entry.is_link, &self.ignored);
                        if depth <= DEEPEST_FOLDER && !is_left_out {
                            folders.push((relative, way, depth + 1));
                        }
                    }
                    // The walk over all packages reports it.
                    Err(_) => {}
                }
            }
            if contents.files.len() + contents.folders.len() > MOST_FILES {
                break;
            }
        }
        contents.files.sort();
        contents.folders.sort();
        contents.subpackages.sort();
        contents
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
