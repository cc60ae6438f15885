//! A workspace in memory, for evaluation.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::workspace::evaluate::source_tree::{PackageContents, SourceError, SourceTree};

/// Texts by path; the names of `p` are those that globs see.
pub struct Files(pub BTreeMap<&'static str, String>);

impl SourceTree for Files {
    fn read(&self, path: &str) -> Result<String, SourceError> {
        self.0.get(path).cloned().ok_or_else(|| SourceError::Missing(path.to_owned()))
    }

    fn contents(&self, _package: &str) -> Rc<PackageContents> {
        let names = |list: &[&str]| list.iter().map(|&name| name.to_owned()).collect();
        Rc::new(PackageContents {
            files: names(&["BUILD", "a.py", "b/c.py", "m.bzl"]),
            folders: names(&["b"]),
            subpackages: names(&["q"]),
        })
    }
}
