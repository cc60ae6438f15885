use crate::built_image::compare::Comparison;
use crate::built_image::duplicates::Duplicates;
use crate::built_image::efficiency::Efficiency;
use crate::built_image::model::BuiltImage;
use crate::built_image::read::ListedImage;
use crate::byte_count::ByteCount;
use crate::engine::image::against_image::Against;
use crate::history::cost::PullProfile;

pub(super) struct Report {
    pub(super) image: BuiltImage,
    pub(super) listed: Vec<ListedImage>,
    /// `None` for layers in a registry.
    pub(super) contents: Option<Contents>,
    pub(super) comparison: Option<(BuiltImage, Comparison)>,
    pub(super) against: Option<Against>,
}

pub(super) struct Contents {
    pub(super) efficiency: Efficiency,
    pub(super) duplicates: Duplicates,
}

/// Bytes fetched for the second image.
pub(super) fn fetched(comparison: &Comparison, profile: PullProfile) -> ByteCount {
    match profile {
        PullProfile::Keep | PullProfile::Reuse => comparison.fetched_bytes,
        PullProfile::Chain => comparison.fetched_by_chain_bytes,
    }
}
