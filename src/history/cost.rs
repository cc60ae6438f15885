//! Costs of a plan for one pull profile: first pull, re-pull and unpack per deploy.
//!
//! A layer is fetched when it changed (`keep`, `reuse`), or when it or one below changed (`chain`); it is unpacked when
//! it or one below changed, because a chain id hashes all parents (OCI image-spec, config.md, "Layer ChainID").

use crate::byte_count::ByteCount;
use crate::graph::item_set::{ItemId, ItemSet};
use crate::history::deploys::{Deploys, fold};
use crate::history::model::ChangeRow;
use crate::layers::partition::Partition;
use crate::size::item_sizes::ItemSizes;
use crate::size::known_bytes::{KnownBytes, SumOfKnown};
use crate::size::model::Size;

/// The client that pulls.
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
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Chain, Self::Reuse];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Chain => "chain",
            Self::Reuse => "reuse",
        }
    }

    #[must_use]
    pub fn runtime(self) -> &'static str {
        match self {
            Self::Keep => "containerd",
            Self::Chain => "classic Docker",
            Self::Reuse => "Podman",
        }
    }

    /// One line.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Keep => "containerd, Docker 29 and later: pulls changed layers only",
            Self::Chain => "Classic Docker, many managed clusters: pulls every layer from the lowest changed one up",
            Self::Reuse => "Podman, CRI-O: pulls changed layers, unpacks the others from local storage",
        }
    }
}

/// Sizes and changes of an app's items.
#[derive(Clone, Debug)]
pub struct Measures {
    pub sizes: ItemSizes,
    /// For each item, the commits that change it.
    pub commit_rows: Vec<ChangeRow>,
    /// For each item, the deploys that bring a change of it.
    pub rows: Vec<ChangeRow>,
    /// Deploys that change the app; bits of `rows` are positions here.
    pub deploys: Deploys,
    pub commits: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerNumbers {
    pub size: Size,
    /// Deploys that change its content.
    pub row: ChangeRow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Without the base image.
    pub first_pull: KnownBytes,
    /// Mean of fetched bytes; `None` if no deploy changes the app.
    pub repull_per_deploy: Option<KnownBytes>,
    /// Mean of unpacked bytes.
    pub unpack_per_deploy: Option<KnownBytes>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanNumbers {
    /// In the partition's order.
    pub layers: Vec<LayerNumbers>,
    pub totals: Totals,
    pub single_layer: Totals,
    /// Deploys that change the image.
    pub deploys: u64,
}

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
    /// Combines the figures. Deploys that change none of `image` are dropped: there is nothing to fetch.
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

    #[must_use]
    pub fn row(&self, items: &ItemSet) -> ChangeRow {
        merged(&self.rows, items.iter())
    }

    #[must_use]
    pub fn row_of(&self, items: impl IntoIterator<Item = ItemId>) -> ChangeRow {
        merged(&self.rows, items)
    }

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

/// Costs of a layer over all deploys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerCost {
    pub fetched: ByteCount,
    /// Bytes of tar.
    pub unpacked: ByteCount,
}

/// How often each layer is fetched, from the bottom up: under `chain` whenever one at or below it changes.
fn fetches<'a>(rows: impl Iterator<Item = &'a ChangeRow>, profile: PullProfile) -> Vec<u64> {
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

/// Costs of layers from the bottom up. Every client unpacks a layer whenever one at or below it changes.
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

#[must_use]
pub fn totals(layers: &[LayerNumbers], deploys: u64, profile: PullProfile) -> Totals {
    Totals {
        first_pull: layers.iter().map(|layer| layer.size.stored()).collect::<SumOfKnown>().total(),
        repull_per_deploy: (deploys > 0).then(|| fetched(layers, profile, Size::stored).mean(deploys)),
        // With every client a layer is unpacked again whenever one at or below it changes.
        unpack_per_deploy: (deploys > 0).then(|| fetched(layers, PullProfile::Chain, Size::tar).mean(deploys)),
    }
}

/// Returns what is fetched again over all deploys.
#[must_use]
pub(crate) fn fetched(layers: &[LayerNumbers], profile: PullProfile, of: fn(&Size) -> KnownBytes) -> KnownBytes {
    let mut sum = SumOfKnown::default();
    let times = fetches(layers.iter().map(|layer| &layer.row), profile);
    layers.iter().zip(times).for_each(|(layer, times)| sum.add(of(&layer.size), times));
    sum.total()
}
