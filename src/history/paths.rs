//! A shared table of file paths: with it, 31,000 commits take a few megabytes.

use std::sync::Arc;

/// An index into the [`PathTable`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId(u32);

impl PathId {
    #[must_use]
    pub fn index(self) -> usize {
        // A table is built from 32-bit places, so this never loses anything on the platforms that can hold one.
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// Sorted unique paths relative to the workspace's root. Copies share memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathTable {
    paths: Arc<[Arc<str>]>,
}

impl PathTable {
    /// Sorts `paths` and removes repeats. Also returns the id of each given path.
    #[must_use]
    pub fn build(paths: &[Arc<str>]) -> (Self, Vec<PathId>) {
        let mut order: Vec<usize> = (0..paths.len()).collect();
        order.sort_by_key(|&given| paths.get(given));
        let mut sorted: Vec<Arc<str>> = Vec::with_capacity(paths.len());
        let mut ids = vec![PathId(0); paths.len()];
        for given in order {
            let Some(path) = paths.get(given) else { continue };
            if sorted.last() != Some(path) {
                sorted.push(Arc::clone(path));
            }
            if let Some(slot) = ids.get_mut(given) {
                // More than 2^32 paths would need over 100 GB; such a table saturates instead of wrapping around.
                *slot = PathId(u32::try_from(sorted.len() - 1).unwrap_or(u32::MAX));
            }
        }
        (Self { paths: sorted.into() }, ids)
    }

    /// `None` for an id of another table.
    #[must_use]
    pub fn get(&self, id: PathId) -> Option<&str> {
        self.shared(id).map(AsRef::as_ref)
    }

    #[must_use]
    pub fn find(&self, path: &str) -> Option<PathId> {
        let place = self.paths.binary_search_by(|held| held.as_ref().cmp(path)).ok()?;
        u32::try_from(place).ok().map(PathId)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(AsRef::as_ref)
    }

    pub(super) fn shared(&self, id: PathId) -> Option<&Arc<str>> {
        self.paths.get(id.index())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_sorted_once_each_and_found_again() {
        let given: Vec<Arc<str>> = ["b", "a/x", "b", "a"].into_iter().map(Arc::from).collect();
        let (table, ids) = PathTable::build(&given);
        assert_eq!(table.iter().collect::<Vec<_>>(), ["a", "a/x", "b"]);
        let named: Vec<_> = ids.iter().map(|&id| table.get(id)).collect();
        assert_eq!(named, [Some("b"), Some("a/x"), Some("b"), Some("a")]);
        assert_eq!(table.find("a/x"), ids.get(1).copied());
        assert_eq!(table.find("a/"), None);
    }
}
