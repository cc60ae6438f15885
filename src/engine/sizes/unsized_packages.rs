//! The packages whose sizes rest on little, and who would tell. Pure.

use crate::counted::counted;
use crate::graph::contents::{Contents, ItemKind};
use crate::size::item_sizes::ItemSizes;
use crate::size::model::Provenance;

/// The packages of an app whose sizes are typical or unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnsizedPackages {
    /// Packages of typical size.
    pub typical: usize,
    /// Packages of unknown size.
    pub unknown: usize,
    /// The servers that would be asked for them.
    pub indexes: Vec<String>,
}

impl UnsizedPackages {
    /// Counts them.
    #[must_use]
    pub fn new(contents: &Contents, sizes: &ItemSizes, indexes: &[String]) -> Self {
        let packages = contents.ids().filter(|(_, item)| matches!(item.kind, ItemKind::Package { .. }));
        let known: Vec<Provenance> =
            packages.filter_map(|(id, _)| sizes.item(id)).map(|size| size.provenance).collect();
        let count = |of: Provenance| known.iter().filter(|known| **known == of).count();
        Self { typical: count(Provenance::Typical), unknown: count(Provenance::Unknown), indexes: indexes.to_vec() }
    }

    /// Returns how many packages there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.typical + self.unknown
    }

    /// Returns `66 packages of typical and 1 of unknown size`; `None` where all sizes are known better.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        match (self.typical, self.unknown) {
            (0, 0) => None,
            (typical, 0) => Some(format!("{} of typical size", counted(typical as u64, "package"))),
            (0, unknown) => Some(format!("{} of unknown size", counted(unknown as u64, "package"))),
            (typical, unknown) => {
                Some(format!("{} of typical and {unknown} of unknown size", counted(typical as u64, "package")))
            }
        }
    }

    /// Returns the line that every output has which rests on such sizes.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        self.words().map(|words| format!("Sizes rest on {words}; --fetch-sizes asks the package index"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_many_and_names_the_flag() {
        let note = |typical, unknown| UnsizedPackages { typical, unknown, indexes: Vec::new() }.note();
        assert_eq!(note(0, 0), None);
        assert_eq!(
            note(66, 1).as_deref(),
            Some("Sizes rest on 66 packages of typical and 1 of unknown size; --fetch-sizes asks the package index")
        );
        assert!(note(0, 1).unwrap().starts_with("Sizes rest on 1 package of unknown size;"));
    }
}
