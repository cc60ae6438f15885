//! Bytes that each deploy makes a node fetch, and the theoretical minimum. The rules of `cost`, per deploy instead of
//! on average.

use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemSet;
use crate::history::cost::{LayerNumbers, Measures, PullProfile};
use crate::history::model::ChangeRow;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulls {
    /// By a node with nothing, without the base image.
    pub first_pull: ByteCount,
    /// Per deploy, by a node with the previous one.
    pub fetched: Vec<ByteCount>,
    /// Bytes of tar per deploy.
    pub unpacked: Vec<ByteCount>,
}

impl Pulls {
    pub(super) fn none(deploys: usize) -> Self {
        let zeros = vec![ByteCount::ZERO; deploys];
        Self { first_pull: ByteCount::ZERO, fetched: zeros.clone(), unpacked: zeros }
    }

    /// Adds another image, deploy by deploy.
    pub fn add(&mut self, other: &Self) {
        self.first_pull += other.first_pull;
        let pairs = [(&mut self.fetched, &other.fetched), (&mut self.unpacked, &other.unpacked)];
        for (mine, theirs) in pairs {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += *theirs);
        }
    }

    /// Without the first pull.
    #[must_use]
    pub fn fetched_in_all(&self) -> ByteCount {
        self.fetched.iter().copied().sum()
    }

    /// Bytes of tar.
    #[must_use]
    pub fn unpacked_in_all(&self) -> ByteCount {
        self.unpacked.iter().copied().sum()
    }
}

/// Layers are from the bottom up, with one bit per deploy.
#[must_use]
pub fn replay(layers: &[LayerNumbers], deploys: usize, profile: PullProfile) -> Pulls {
    let mut pulls = Pulls::none(deploys);
    let mut at_or_below = ChangeRow::default();
    for layer in layers {
        at_or_below.merge(&layer.row);
        let fetches = match profile {
            PullProfile::Keep | PullProfile::Reuse => &layer.row,
            PullProfile::Chain => &at_or_below,
        };
        pulls.first_pull += layer.size.compressed_bytes;
        add(&mut pulls.fetched, fetches, layer.size.compressed_bytes);
        add(&mut pulls.unpacked, &at_or_below, layer.size.tar_bytes);
    }
    pulls
}

/// Only the changed items: the cost if each had a layer with none below it.
#[must_use]
pub fn floor(measures: &Measures, items: &ItemSet) -> Pulls {
    let mut pulls = Pulls::none(measures.deploys.deploys.len());
    for item in items.iter() {
        let (Some(row), Some(size)) = (measures.rows.get(item.index()), measures.sizes.item(item)) else { continue };
        pulls.first_pull += size.compressed_bytes;
        add(&mut pulls.fetched, row, size.compressed_bytes);
        add(&mut pulls.unpacked, row, size.tar_bytes);
    }
    pulls
}

fn add(sums: &mut [ByteCount], deploys: &ChangeRow, bytes: ByteCount) {
    for deploy in deploys.ones() {
        if let Some(sum) = sums.get_mut(deploy) {
            *sum += bytes;
        }
    }
}

/// Running sums.
#[must_use]
pub fn cumulative(bytes: &[ByteCount]) -> Vec<ByteCount> {
    let mut sum = ByteCount::ZERO;
    bytes
        .iter()
        .map(|&bytes| {
            sum += bytes;
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert_eq, proptest};

    use super::*;
    use crate::history::cost::totals;
    use crate::size::model::{Provenance, Size};

    const DEPLOYS: usize = 12;

    fn layer((bytes, changes): &(u32, u16)) -> LayerNumbers {
        let compressed_bytes = ByteCount(u64::from(*bytes));
        let mut row = ChangeRow::default();
        (0..DEPLOYS).filter(|deploy| changes >> deploy & 1 == 1).for_each(|deploy| row.set(deploy));
        let size = Size::exactly(compressed_bytes.times(3), compressed_bytes, Provenance::Listed);
        LayerNumbers { size, row }
    }

    /// The same, told as a node sees it: it compares every layer with the one it has.
    fn by_hand(layers: &[LayerNumbers], profile: PullProfile) -> Vec<(ByteCount, ByteCount)> {
        let deploy = |deploy: usize| {
            let (mut fetched, mut unpacked) = (0, 0);
            let mut lower_changed = false;
            for layer in layers {
                let changed = layer.row.get(deploy);
                lower_changed |= changed;
                if changed || (profile == PullProfile::Chain && lower_changed) {
                    fetched += layer.size.compressed_bytes.0;
                }
                if lower_changed {
                    unpacked += layer.size.tar_bytes.0;
                }
            }
            (ByteCount(fetched), ByteCount(unpacked))
        };
        (0..DEPLOYS).map(deploy).collect()
    }

    fn layers() -> impl Strategy<Value = Vec<(u32, u16)>> {
        proptest::collection::vec((0_u32..1_000_000, 0_u16..1 << DEPLOYS), 0..5)
    }

    proptest! {
        #[test]
        fn agrees_with_a_node_that_compares_layers(layers in layers()) {
            let layers: Vec<LayerNumbers> = layers.iter().map(layer).collect();
            for profile in PullProfile::ALL {
                let pulls = replay(&layers, DEPLOYS, profile);
                let both: Vec<_> = pulls.fetched.into_iter().zip(pulls.unpacked).collect();
                prop_assert_eq!(both, by_hand(&layers, profile));
            }
        }

        #[test]
        fn sums_up_to_the_average(layers in layers()) {
            let layers: Vec<LayerNumbers> = layers.iter().map(layer).collect();
            for profile in PullProfile::ALL {
                let pulls = replay(&layers, DEPLOYS, profile);
                let average = totals(&layers, DEPLOYS as u64, profile);
                prop_assert_eq!(average.first_pull.bytes, pulls.first_pull);
                prop_assert_eq!(average.repull_per_deploy.map(|mean| mean.bytes), Some(pulls.fetched_in_all().scaled(1, DEPLOYS as u64)));
                prop_assert_eq!(average.unpack_per_deploy.map(|mean| mean.bytes), Some(pulls.unpacked_in_all().scaled(1, DEPLOYS as u64)));
            }
        }
    }
}
