//! The cost of a second image for a node that has a first one.
//!
//! Layers are equal by digest; if one image is from `docker save`, which loses the registry's digests, by the digests
//! of their tars. A layer is unpacked again when it or one below changed (OCI image-spec, descriptor.md and config.md,
//! "Layer ChainID").

use std::collections::BTreeSet;

use crate::built_image::model::{BuiltImage, BuiltLayer, ContentHash, Storage};
use crate::byte_count::ByteCount;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// The registry's digest.
    Digest,
    /// The digest of the tar.
    DiffId,
}

impl MatchedBy {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::DiffId => "diff_id",
        }
    }
}

/// Cost of the second image for a node with the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub matched_by: MatchedBy,
    /// For each layer of the second image, `true` if it is in the first.
    pub is_shared: Vec<bool>,
    /// Lowest layer of the second image that differs from the first's at its position.
    pub lowest_changed: Option<usize>,
    /// For clients that keep unchanged layers (pull profiles `keep` and `reuse`).
    pub fetched_bytes: ByteCount,
    /// For clients that fetch everything from the lowest changed layer up (pull profile `chain`).
    pub fetched_by_chain_bytes: ByteCount,
    /// For every client; `None` if the tars were not read.
    pub unpacked_bytes: Option<ByteCount>,
}

#[must_use]
pub fn compare(first: &BuiltImage, second: &BuiltImage) -> Comparison {
    let is_saved = |image: &BuiltImage| {
        image.storage == Storage::DockerArchive || image.layers.iter().any(|layer| layer.compressed_bytes.is_none())
    };
    let matched_by = if is_saved(first) || is_saved(second) { MatchedBy::DiffId } else { MatchedBy::Digest };
    let identity = |layer: &BuiltLayer| match matched_by {
        MatchedBy::Digest => layer.digest,
        MatchedBy::DiffId => layer.diff_id,
    };
    let present: BTreeSet<ContentHash> = first.layers.iter().map(identity).collect();
    let is_shared: Vec<bool> = second.layers.iter().map(|layer| present.contains(&identity(layer))).collect();
    let same = first.layers.iter().zip(&second.layers).take_while(|(old, new)| old.diff_id == new.diff_id).count();
    let lowest_changed = (same < second.layers.len()).then_some(same);
    let above = || second.layers.iter().skip(same);
    // A layer that occurs twice is fetched once.
    let mut fetched = present;
    let missing = second.layers.iter().filter(|layer| fetched.insert(identity(layer)));
    Comparison {
        matched_by,
        lowest_changed,
        fetched_bytes: missing.map(BuiltLayer::fetched_bytes).sum(),
        fetched_by_chain_bytes: above().map(BuiltLayer::fetched_bytes).sum(),
        unpacked_bytes: above().map(BuiltLayer::tar_bytes).sum(),
        is_shared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_image::fixture::image;

    #[test]
    fn only_what_is_missing_is_fetched_and_all_above_a_change_unpacked() {
        let first = image("a 1 | b 2 | c 3");
        let second = image("a 1 | b 9 | c 3 | d 4");
        let found = compare(&first, &second);
        assert_eq!(found.is_shared, [true, false, true, false]);
        assert_eq!(found.lowest_changed, Some(1));
        assert_eq!(found.fetched_bytes, ByteCount(9 + 4));
        assert_eq!(found.fetched_by_chain_bytes, ByteCount(9 + 3 + 4));
        assert_eq!(found.unpacked_bytes, Some(ByteCount((9 + 3 + 4) * 2)));
    }

    #[test]
    fn the_same_image_costs_nothing() {
        let same = compare(&image("a 1 | b 2"), &image("a 1 | b 2"));
        assert_eq!((same.fetched_bytes, same.unpacked_bytes), (ByteCount::ZERO, Some(ByteCount::ZERO)));
        assert_eq!(same.lowest_changed, None);
        assert_eq!(compare(&image("a 1 | b 2"), &image("a 1")).lowest_changed, None);
    }

    #[test]
    fn saved_images_are_matched_by_their_tars() {
        let mut saved = image("a 1 | b 2");
        for layer in &mut saved.layers {
            layer.digest = layer.diff_id;
            layer.compressed_bytes = None;
        }
        let found = compare(&saved, &image("a 1 | b 2"));
        assert_eq!((found.matched_by, found.fetched_bytes), (MatchedBy::DiffId, ByteCount::ZERO));
    }

    #[test]
    fn a_layer_that_stands_twice_is_fetched_once() {
        assert_eq!(compare(&image("a 1"), &image("b 2 | b 2")).fetched_bytes, ByteCount(2));
    }
}
