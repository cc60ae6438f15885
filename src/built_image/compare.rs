//! Two images: what a node that has the first fetches and unpacks for the second.
//!
//! Layers are the same when their digests are; where one image came out of `docker save`, which loses the digests that a
//! registry knows, when the digests of their tars are. Rules: OCI image-spec, descriptor.md and config.md ("Layer
//! ChainID"): a layer is unpacked again when it or one below it changed. Pure.

use std::collections::BTreeSet;

use crate::built_image::model::{BuiltImage, BuiltLayer, ContentHash, Storage};
use crate::byte_count::ByteCount;

/// How layers were recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// By the digest that a registry knows.
    Digest,
    /// By the digest of the tar.
    DiffId,
}

impl MatchedBy {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::DiffId => "diff_id",
        }
    }
}

/// What the second image costs a node that has the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How layers were recognised.
    pub matched_by: MatchedBy,
    /// Per layer of the second image: whether the first has it.
    pub is_shared: Vec<bool>,
    /// The lowest layer of the second image that differs from the first's at the same place.
    pub lowest_changed: Option<usize>,
    /// Bytes fetched where unchanged layers are kept (pull profiles `keep` and `reuse`).
    pub fetched_bytes: ByteCount,
    /// Bytes fetched where every layer above the lowest changed one is fetched again (pull profile `chain`).
    pub fetched_by_chain_bytes: ByteCount,
    /// Bytes of the tars unpacked again, for every client; `None` where the tars were not read.
    pub unpacked_bytes: Option<ByteCount>,
}

/// Compares two images.
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
    // A layer that stands twice in an image is fetched once.
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
