//! A workspace with replaced texts of files, to evaluate a change that is not on disk.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::evaluate::source_tree::{PackageContents, SourceError, SourceTree};

pub struct ChangedTree<T> {
    behind: T,
    changed: BTreeMap<String, String>,
}

impl<T> ChangedTree<T> {
    /// `changed` are texts by path.
    #[must_use]
    pub fn new(behind: T, changed: BTreeMap<String, String>) -> Self {
        Self { behind, changed }
    }
}

impl<T: SourceTree> SourceTree for ChangedTree<T> {
    fn read(&self, path: &str) -> Result<String, SourceError> {
        self.changed.get(path).map_or_else(|| self.behind.read(path), |text| Ok(text.clone()))
    }

    fn contents(&self, package: &str) -> Rc<PackageContents> {
        self.behind.contents(package)
    }
}
