//! A workspace with some of its files' texts replaced, for the evaluation of a change that is not on disk.
//!
//! Only texts: what a package holds is what the tree behind says. Reads nothing itself.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::evaluate::source_tree::{PackageContents, SourceError, SourceTree};

/// A tree with other texts for some of its files.
pub struct ChangedTree<T> {
    behind: T,
    changed: BTreeMap<String, String>,
}

impl<T> ChangedTree<T> {
    /// `behind` with the texts of `changed`, by path.
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
