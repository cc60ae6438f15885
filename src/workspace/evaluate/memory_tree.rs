//! A workspace in memory, for tests.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::source_tree::{PackageContents, SourceError, SourceTree};

/// Files by path.
pub struct MemoryTree(BTreeMap<String, String>);

impl MemoryTree {
    /// These files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }
}

impl SourceTree for MemoryTree {
    fn read(&self, path: &str) -> Result<String, SourceError> {
        self.0.get(path).cloned().ok_or_else(|| SourceError::Missing(path.to_owned()))
    }

    fn contents(&self, package: &str) -> Rc<PackageContents> {
        let prefix = if package.is_empty() { String::new() } else { format!("{package}/") };
        let below: Vec<&str> = self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).collect();
        let is_build = |name: &str| matches!(name, "BUILD" | "BUILD.bazel");
        let mut contents = PackageContents::default();
        for path in &below {
            if let Some((folder, name)) = path.rsplit_once('/')
                && is_build(name)
            {
                contents.subpackages.push(folder.to_owned());
            }
        }
        let inside = |path: &str| contents.subpackages.iter().any(|folder| path.starts_with(&format!("{folder}/")));
        contents.files = below.iter().filter(|path| !inside(path)).map(|path| (*path).to_owned()).collect();
        Rc::new(contents)
    }
}
