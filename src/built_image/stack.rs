//! Layers applied one after the other (OCI image-spec, layer.md, "Applying Changesets" and "Whiteouts"). Whiteouts
//! concern lower layers only; anything but a directory replaces all at its path.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::built_image::model::{BuiltLayer, Entry, EntryKind};
use crate::byte_count::ByteCount;

#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Counted from the lowest.
    pub layer: usize,
    pub entry: &'a Entry,
}

/// What a container sees of the layers applied so far.
#[derive(Default)]
pub(crate) struct Stack<'a> {
    places: BTreeMap<&'a str, Place<'a>>,
}

impl<'a> Stack<'a> {
    pub(crate) fn apply(&mut self, layer: usize, built: &'a BuiltLayer) {
        for entry in built.entries() {
            match entry.kind {
                EntryKind::Whiteout => self.remove(&entry.path),
                EntryKind::OpaqueWhiteout => self.remove_below(&entry.path),
                _ => {}
            }
        }
        for entry in built.entries() {
            match entry.kind {
                EntryKind::Whiteout | EntryKind::OpaqueWhiteout => continue,
                EntryKind::Directory => {}
                _ => self.remove_below(&entry.path),
            }
            self.places.insert(&entry.path, Place { layer, entry });
        }
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = (&'a str, Place<'a>)> + '_ {
        self.places.iter().map(|(path, place)| (*path, *place))
    }

    pub(crate) fn at(&self, path: &str) -> Option<Place<'a>> {
        self.places.get(path).copied()
    }

    /// Zero if there is no directory.
    pub(crate) fn bytes_below(&self, path: &str) -> ByteCount {
        let prefix = below(path);
        self.below(&prefix).map(|(_, place)| place.entry.bytes).sum()
    }

    fn below<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'a str, Place<'a>)> + 's {
        let range = self.places.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        range.map(|(path, place)| (*path, *place)).take_while(move |(path, _)| path.starts_with(prefix))
    }

    fn remove(&mut self, path: &str) {
        self.places.remove(path);
        self.remove_below(path);
    }

    fn remove_below(&mut self, path: &str) {
        let prefix = below(path);
        let gone: Vec<&str> = self.below(&prefix).map(|(path, _)| path).collect();
        for path in gone {
            self.places.remove(path);
        }
    }
}

/// The prefix of paths below a directory.
fn below(path: &str) -> String {
    if path == "." { String::new() } else { format!("{path}/") }
}
