//! The efficiency of an image as dive defines it (`dive/filetree/efficiency.go`, `Efficiency`), to be comparable.
//!
//! Each path has a size in each layer that holds it; the score is the sum of each path's smallest size over the sum of
//! all sizes. Only paths with nothing below them in their layer count. A whiteout of a file has size zero, so the whole
//! removed file is waste; a whiteout of a directory has the size of all it removes. One difference: after a whiteout
//! that removes nothing, dive skips the rest of the layer.
//!
//! Ignores compression and equal contents at different paths; the latter are in `duplicates`.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::built_image::model::{BuiltLayer, EntryKind};
use crate::built_image::stack::Stack;
use crate::byte_count::ByteCount;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Efficiency {
    pub smallest_bytes: ByteCount,
    pub all_bytes: ByteCount,
    /// As dive defines it: all sizes of each path in two layers or more, with the copy that is needed (dive#684).
    pub dive_wasted_bytes: ByteCount,
}

impl Efficiency {
    /// Between 0 and 1; 1 for an image without bytes.
    #[must_use]
    pub fn score(&self) -> f64 {
        // Only for display; the sums are integers.
        if self.all_bytes == ByteCount::ZERO { 1.0 } else { self.smallest_bytes.0 as f64 / self.all_bytes.0 as f64 }
    }
}

#[derive(Default)]
struct Sizes {
    smallest: Option<ByteCount>,
    all: ByteCount,
    layers: usize,
}

/// Layers are lowest first.
#[must_use]
pub fn efficiency(layers: &[BuiltLayer]) -> Efficiency {
    let mut stack = Stack::default();
    let mut sizes: BTreeMap<&str, Sizes> = BTreeMap::new();
    for (position, layer) in layers.iter().enumerate() {
        for (path, bytes) in leaves(layer, &stack) {
            let sizes = sizes.entry(path).or_default();
            sizes.smallest = Some(sizes.smallest.map_or(bytes, |smallest| smallest.min(bytes)));
            sizes.all += bytes;
            sizes.layers += 1;
        }
        stack.apply(position, layer);
    }
    Efficiency {
        smallest_bytes: sizes.values().filter_map(|sizes| sizes.smallest).sum(),
        all_bytes: sizes.values().map(|sizes| sizes.all).sum(),
        dive_wasted_bytes: sizes.values().filter(|sizes| sizes.layers > 1).map(|sizes| sizes.all).sum(),
    }
}

/// Paths with nothing below them in the layer, with sizes.
fn leaves<'a>(layer: &'a BuiltLayer, lower: &Stack<'_>) -> Vec<(&'a str, ByteCount)> {
    // The last entry of a path wins; to dive a whiteout and a file are two paths.
    let mut entries: BTreeMap<(&str, bool), ByteCount> = BTreeMap::new();
    for entry in layer.entries() {
        let is_whiteout = entry.kind == EntryKind::Whiteout;
        let bytes = match entry.kind {
            EntryKind::OpaqueWhiteout => continue,
            EntryKind::Whiteout => lower.bytes_below(&entry.path),
            _ => entry.bytes,
        };
        entries.insert((&entry.path, is_whiteout), bytes);
    }
    let has_below = |path: &str| {
        let prefix = format!("{path}/");
        let range = entries.range((Bound::Included((prefix.as_str(), false)), Bound::Unbounded));
        range.map(|((path, _), _)| path).next().is_some_and(|next| next.starts_with(&prefix))
    };
    let is_leaf = |&(&(path, is_whiteout), &bytes): &(&(&str, bool), &ByteCount)| {
        // Directories have no size, so only those matter that shrink a path to nothing.
        is_whiteout || bytes > ByteCount::ZERO || (path != "." && !has_below(path))
    };
    entries.iter().filter(is_leaf).map(|(&(path, _), &bytes)| (path, bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_image::fixture::layers;

    fn check(text: &str, smallest: u64, all: u64, wasted: u64) {
        let found = efficiency(&layers(text));
        assert_eq!(
            (found.smallest_bytes.0, found.all_bytes.0, found.dive_wasted_bytes.0),
            (smallest, all, wasted),
            "{text}"
        );
    }

    #[test]
    fn a_path_in_two_layers_counts_with_its_smallest_size() {
        check("a 10; b 5", 15, 15, 0);
        check("a 10; b 5 | a 7", 12, 22, 17);
        check("a 10 | a 10 | a 10", 10, 30, 30);
        check("dir/ ; dir/a 10 | dir/ ; dir/b 10", 20, 20, 0);
        check("", 0, 0, 0);
        assert_eq!(efficiency(&[]).score(), 1.0);
        assert_eq!(efficiency(&layers("a 10 | a 10")).score(), 0.5);
    }

    #[test]
    fn a_removed_file_is_wasted_whole() {
        check("a 10; b 5 | -a", 5, 15, 10);
        // The directory's whiteout has the size of what it removes, and no other layer has that path as a leaf.
        check("dir/ ; dir/a 10; dir/b 5 | -dir", 30, 30, 0);
        check("a 10 | -nothing", 10, 10, 0);
    }

    #[test]
    fn other_paths_with_the_same_content_are_not_seen() {
        check("a 10 =x | b 10 =x", 20, 20, 0);
    }
}
