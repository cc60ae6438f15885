//! What a plan would have cost: the bytes that each deploy of a history makes a node fetch, and the least that any
//! layering could have fetched.
//!
//! The rules are those of `cost`, deploy by deploy instead of on average. Pure.

use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemSet;
use crate::history::cost::{LayerNumbers, Measures, PullProfile};
use crate::history::deploys::{Deploys, fold};
use crate::history::model::ChangeRow;

/// Per deploy the bytes fetched by a node that has the deploy before, for `layers` from the bottom up.
#[must_use]
pub fn replay(layers: &[LayerNumbers], deploys: &Deploys, profile: PullProfile) -> Vec<ByteCount> {
    let mut fetched = vec![ByteCount::ZERO; deploys.deploys.len()];
    let mut at_or_below = ChangeRow::default();
    for layer in layers {
        let changed = fold(&layer.row, deploys);
        at_or_below.merge(&changed);
        let fetches = match profile {
            PullProfile::Keep | PullProfile::Reuse => &changed,
            PullProfile::Chain => &at_or_below,
        };
        add(&mut fetched, fetches, layer.size.compressed_bytes);
    }
    fetched
}

/// Per deploy the compressed bytes of the changed items alone: what a layer of its own per item would fetch.
#[must_use]
pub fn floor(measures: &Measures, items: &ItemSet, deploys: &Deploys) -> Vec<ByteCount> {
    let mut fetched = vec![ByteCount::ZERO; deploys.deploys.len()];
    for item in items.iter() {
        let (Some(row), Some(size)) = (measures.rows.get(item.index()), measures.sizes.item(item)) else { continue };
        add(&mut fetched, &fold(row, deploys), size.compressed_bytes);
    }
    fetched
}

fn add(fetched: &mut [ByteCount], deploys: &ChangeRow, bytes: ByteCount) {
    for deploy in deploys.ones() {
        if let Some(sum) = fetched.get_mut(deploy) {
            *sum += bytes;
        }
    }
}

/// The running sums of `bytes`.
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
    use crate::size::item_sizes::{Provenance, Size};

    const COMMITS: usize = 12;

    fn layer((bytes, changes): &(u32, u16)) -> LayerNumbers {
        let size = ByteCount(u64::from(*bytes));
        let mut row = ChangeRow::default();
        (0..COMMITS).filter(|commit| changes >> commit & 1 == 1).for_each(|commit| row.set(commit));
        LayerNumbers { size: Size { tar_bytes: size, compressed_bytes: size, provenance: Provenance::Listed }, row }
    }

    /// Cuts after each commit whose bit is set.
    fn deploys_at(cuts: u16) -> Deploys {
        let mut deploys = Deploys::default();
        let mut start = 0;
        for end in (1..=COMMITS).filter(|end| cuts >> (end - 1) & 1 == 1) {
            deploys.deploys.push(start..end);
            start = end;
        }
        deploys.pending = start..COMMITS;
        deploys
    }

    /// The same, told as a node sees it: it compares every layer with the one it has.
    fn by_hand(layers: &[LayerNumbers], deploys: &Deploys, profile: PullProfile) -> Vec<ByteCount> {
        let fetched = |range: &std::ops::Range<usize>| {
            let mut sum = 0;
            let mut lower_changed = false;
            for layer in layers {
                let changed = range.clone().any(|commit| layer.row.get(commit));
                lower_changed |= changed;
                if changed || (profile == PullProfile::Chain && lower_changed) {
                    sum += layer.size.compressed_bytes.0;
                }
            }
            ByteCount(sum)
        };
        deploys.deploys.iter().map(fetched).collect()
    }

    fn layers() -> impl Strategy<Value = Vec<(u32, u16)>> {
        proptest::collection::vec((0_u32..1_000_000, 0_u16..1 << COMMITS), 0..5)
    }

    proptest! {
        #[test]
        fn agrees_with_a_node_that_compares_layers(layers in layers(), cuts in 0_u16..1 << COMMITS) {
            let layers: Vec<LayerNumbers> = layers.iter().map(layer).collect();
            let deploys = deploys_at(cuts);
            for profile in PullProfile::ALL {
                prop_assert_eq!(replay(&layers, &deploys, profile), by_hand(&layers, &deploys, profile));
            }
        }

        /// One deploy per commit: the replay sums up to what the plan's average says.
        #[test]
        fn sums_up_to_the_average(layers in layers()) {
            let layers: Vec<LayerNumbers> = layers.iter().map(layer).collect();
            let deploys = deploys_at((1 << COMMITS) - 1);
            for profile in PullProfile::ALL {
                let sum: ByteCount = replay(&layers, &deploys, profile).into_iter().sum();
                let average = totals(&layers, COMMITS as u64, profile).repull_per_deploy;
                prop_assert_eq!(average, Some(sum.scaled(1, COMMITS as u64)));
            }
        }
    }
}
