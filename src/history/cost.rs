//! What a plan costs: first pull, re-pull and unpack per deploy, for one pull profile.
//!
//! Formulas: a layer is fetched when its content changed (`keep`, `reuse`) or when it or one below changed (`chain`);
//! it is unpacked again when it or one below changed, because a layer's chain id hashes all its parents
//! (OCI image-spec, config.md, "Layer ChainID").

use crate::byte_count::ByteCount;
use crate::graph::item_set::{ItemId, ItemSet};
use crate::history::deploys::{Deploys, fold};
use crate::history::model::ChangeRow;
use crate::layers::partition::Partition;
use crate::size::item_sizes::ItemSizes;
use crate::size::model::Size;

/// Which client the bytes are counted for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PullProfile {
    /// containerd with its content store kept, Docker 29 and later on new installs.
    #[default]
    Keep,
    /// containerd that discards unpacked layers, Docker's classic store.
    Chain,
    /// Podman and CRI-O: unchanged layers are unpacked from local storage.
    Reuse,
}

impl PullProfile {
    /// Every profile, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Chain, Self::Reuse];

    /// The word on the command line and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Chain => "chain",
            Self::Reuse => "reuse",
        }
    }

    /// Returns the best known runtime that pulls like this.
    #[must_use]
    pub fn runtime(self) -> &'static str {
        match self {
            Self::Keep => "containerd",
            Self::Chain => "classic Docker",
            Self::Reuse => "Podman",
        }
    }

    /// Returns who pulls like this, and how, in one line.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Keep => "containerd, Docker 29 and later: pulls changed layers only",
            Self::Chain => "Classic Docker, many managed clusters: pulls every layer from the lowest changed one up",
            Self::Reuse => "Podman, CRI-O: pulls changed layers, unpacks the others from local storage",
        }
    }
}

/// What is known of each item of an app: its size and when it changed.
#[derive(Clone, Debug)]
pub struct Measures {
    /// Sizes.
    pub sizes: ItemSizes,
    /// One row per item: the commits of the history that changed it.
    pub commit_rows: Vec<ChangeRow>,
    /// One row per item: the deploys that bring a change of it.
    pub rows: Vec<ChangeRow>,
    /// The deploys that bring a change of the app; a mark in `rows` is a position here.
    pub deploys: Deploys,
    /// Commits in the window.
    pub commits: usize,
}

/// The figures of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerNumbers {
    /// Its size.
    pub size: Size,
    /// The deploys that change its content.
    pub row: ChangeRow,
}

/// The figures of one image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes that a node with nothing fetches, base image not counted.
    pub first_pull: ByteCount,
    /// Items whose bytes nothing says, and that are in none of these figures.
    pub unknown: u32,
    /// Bytes fetched again per deploy, on average; `None` where no deploy of the window changes the app.
    pub repull_per_deploy: Option<ByteCount>,
    /// Bytes unpacked again per deploy, on average.
    pub unpack_per_deploy: Option<ByteCount>,
}

/// The figures of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanNumbers {
    /// Per layer of the partition, in its order.
    pub layers: Vec<LayerNumbers>,
    /// The whole image.
    pub totals: Totals,
    /// The same contents as one layer.
    pub single_layer: Totals,
    /// Deploys that change anything in the image.
    pub deploys: u64,
}

/// Computes the figures of `partition`.
#[must_use]
pub fn plan_numbers(partition: &Partition, measures: &Measures, profile: PullProfile) -> PlanNumbers {
    let layers: Vec<LayerNumbers> = partition
        .layers
        .iter()
        .map(|layer| LayerNumbers { size: measures.sizes.layer(&layer.items), row: measures.row(&layer.items) })
        .collect();
    let whole = partition.layers.iter().fold(ItemSet::default(), |mut whole, layer| {
        whole.union_with(&layer.items);
        whole
    });
    let single = [LayerNumbers { size: measures.sizes.layer(&whole), row: measures.row(&whole) }];
    let deploys = measures.deploys.deploys.len() as u64;
    PlanNumbers {
        totals: totals(&layers, deploys, profile),
        single_layer: totals(&single, deploys, profile),
        layers,
        deploys,
    }
}

impl Measures {
    /// Puts them together: `deploys` are those of a history of `commits` commits, of which the ones that change none of
    /// `image` are left out, because a node that has the image has nothing to fetch for them.
    #[must_use]
    pub fn new(
        sizes: ItemSizes,
        commit_rows: Vec<ChangeRow>,
        image: &ItemSet,
        deploys: &Deploys,
        commits: usize,
    ) -> Self {
        let deploys = deploys.changing(&merged(&commit_rows, image.iter()));
        let rows = commit_rows.iter().map(|row| fold(row, &deploys)).collect();
        Self { sizes, commit_rows, rows, deploys, commits }
    }

    /// The deploys that change any of `items`.
    #[must_use]
    pub fn row(&self, items: &ItemSet) -> ChangeRow {
        merged(&self.rows, items.iter())
    }

    /// The same for items that are no set yet.
    #[must_use]
    pub fn row_of(&self, items: impl IntoIterator<Item = ItemId>) -> ChangeRow {
        merged(&self.rows, items)
    }

    /// The commits of the history that change any of `items`.
    #[must_use]
    pub fn commit_row(&self, items: &ItemSet) -> ChangeRow {
        merged(&self.commit_rows, items.iter())
    }
}

fn merged(rows: &[ChangeRow], items: impl IntoIterator<Item = ItemId>) -> ChangeRow {
    let mut merged = ChangeRow::default();
    for item in items {
        if let Some(row) = rows.get(item.index()) {
            merged.merge(row);
        }
    }
    merged
}

/// What one layer costs over all deploys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerCost {
    /// Compressed bytes fetched again.
    pub fetched: ByteCount,
    /// Bytes of tar unpacked again.
    pub unpacked: ByteCount,
}

/// Returns how often each layer is fetched again, for the rows of layers from the bottom up: under `chain` whenever one at or
/// below it changes.
pub(super) fn fetches<'a>(rows: impl Iterator<Item = &'a ChangeRow>, profile: PullProfile) -> Vec<u64> {
    let mut at_or_below = ChangeRow::default();
    let mut count = |row: &ChangeRow| {
        at_or_below.merge(row);
        match profile {
            PullProfile::Keep | PullProfile::Reuse => row.count(),
            PullProfile::Chain => at_or_below.count(),
        }
    };
    rows.map(&mut count).collect()
}

/// Returns what each layer costs over all deploys, for layers from the bottom up. With every client a layer is unpacked again
/// whenever one at or below it changes.
#[must_use]
pub fn layer_costs(layers: &[LayerNumbers], profile: PullProfile) -> Vec<LayerCost> {
    let fetched = fetches(layers.iter().map(|layer| &layer.row), profile);
    let unpacked = fetches(layers.iter().map(|layer| &layer.row), PullProfile::Chain);
    let cost = |(layer, (fetched, unpacked)): (&LayerNumbers, (u64, u64))| LayerCost {
        fetched: layer.size.compressed_bytes.times(fetched),
        unpacked: layer.size.tar_bytes.times(unpacked),
    };
    layers.iter().zip(fetched.into_iter().zip(unpacked)).map(cost).collect()
}

/// First pull and averages over `deploys`.
#[must_use]
pub fn totals(layers: &[LayerNumbers], deploys: u64, profile: PullProfile) -> Totals {
    let first_pull = layers.iter().map(|layer| layer.size.compressed_bytes).sum();
    let unknown = layers.iter().map(|layer| layer.size.unknown).fold(0, u32::saturating_add);
    if deploys == 0 {
        return Totals { first_pull, unknown, repull_per_deploy: None, unpack_per_deploy: None };
    }
    let costs = layer_costs(layers, profile);
    let fetched: ByteCount = costs.iter().map(|cost| cost.fetched).sum();
    let unpacked: ByteCount = costs.iter().map(|cost| cost.unpacked).sum();
    Totals {
        first_pull,
        unknown,
        repull_per_deploy: Some(fetched.scaled(1, deploys)),
        unpack_per_deploy: Some(unpacked.scaled(1, deploys)),
    }
}
