//! Several apps on one node: equal layers are fetched once, equal stacks unpacked once. The caller gives equal layers
//! equal content.

use std::collections::BTreeMap;

use crate::history::cost::{LayerNumbers, PullProfile};
use crate::history::replay::{Pulls, replay};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetLayer<Content> {
    /// Equal for the same blob.
    pub content: Content,
    /// Deploys are the fleet's.
    pub numbers: LayerNumbers,
}

/// Replays deploys of the whole fleet, with layers from the bottom up on an equal base image. Blobs are known by
/// digest: equal layers are fetched once under `keep` and `reuse`. Unpacked layers are known by their chain of parents
/// (OCI image-spec, config.md, "Layer ChainID"): unpacked once, and under `chain` fetched once, only if all below are
/// equal too.
#[must_use]
pub fn fleet<Content: Ord + Clone>(apps: &[Vec<FleetLayer<Content>>], deploys: usize, profile: PullProfile) -> Pulls {
    let mut blobs: BTreeMap<Content, LayerNumbers> = BTreeMap::new();
    let mut chains: BTreeMap<Vec<Content>, LayerNumbers> = BTreeMap::new();
    for layers in apps {
        let mut chain = Vec::with_capacity(layers.len());
        let mut at_or_below = crate::history::model::ChangeRow::default();
        for layer in layers {
            chain.push(layer.content.clone());
            at_or_below.merge(&layer.numbers.row);
            merge(&mut blobs, &layer.content, &layer.numbers);
            merge(&mut chains, &chain, &LayerNumbers { row: at_or_below.clone(), ..layer.numbers.clone() });
        }
    }
    // Each chain already contains the changes of all below it.
    let alone = |layers: &[&LayerNumbers]| {
        let mut sum = Pulls::none(deploys);
        for &layer in layers {
            sum.add(&replay(std::slice::from_ref(layer), deploys, PullProfile::Keep));
        }
        sum
    };
    let blobs = alone(&blobs.values().collect::<Vec<_>>());
    let chains = alone(&chains.values().collect::<Vec<_>>());
    match profile {
        PullProfile::Keep | PullProfile::Reuse => Pulls { unpacked: chains.unpacked, ..blobs },
        PullProfile::Chain => chains,
    }
}

/// A layer of several apps changes whenever it changes for one of them.
fn merge<Key: Ord + Clone>(layers: &mut BTreeMap<Key, LayerNumbers>, key: &Key, numbers: &LayerNumbers) {
    match layers.get_mut(key) {
        Some(known) => known.row.merge(&numbers.row),
        None => drop(layers.insert(key.clone(), numbers.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::byte_count::ByteCount;
    use crate::history::model::ChangeRow;
    use crate::size::model::{Provenance, Size};

    fn layer(content: &'static str, bytes: u64, changes: &[usize]) -> FleetLayer<&'static str> {
        let mut row = ChangeRow::default();
        changes.iter().for_each(|&deploy| row.set(deploy));
        let size = Size::exactly(ByteCount(bytes * 10), ByteCount(bytes), Provenance::Listed);
        FleetLayer { content, numbers: LayerNumbers { size, row } }
    }

    fn check(
        apps: &[Vec<FleetLayer<&'static str>>],
        profile: PullProfile,
        first: u64,
        fetched: [u64; 2],
        unpacked: [u64; 2],
    ) {
        let pulls = fleet(apps, 2, profile);
        assert_eq!(pulls.first_pull, ByteCount(first), "{profile:?}");
        assert_eq!(pulls.fetched, fetched.map(ByteCount), "{profile:?}");
        assert_eq!(pulls.unpacked, unpacked.map(ByteCount), "{profile:?}");
    }

    #[test]
    fn an_equal_layer_on_equal_layers_counts_once() {
        let app = |name, bytes| vec![layer("python", 100, &[]), layer("pip", 50, &[1]), layer(name, bytes, &[0])];
        let apps = [app("a", 1), app("b", 2)];
        check(&apps, PullProfile::Keep, 153, [3, 50], [30, 500 + 30]);
        check(&apps, PullProfile::Reuse, 153, [3, 50], [30, 500 + 30]);
        check(&apps, PullProfile::Chain, 153, [3, 53], [30, 500 + 30]);
    }

    #[test]
    fn an_equal_layer_on_others_is_another_stack() {
        let apps = [
            vec![layer("python", 100, &[]), layer("pip", 50, &[1]), layer("a", 1, &[0])],
            vec![layer("libs", 7, &[0]), layer("pip", 50, &[1]), layer("b", 2, &[])],
        ];
        // The blob is fetched once where blobs are kept, and unpacked for each stack.
        check(&apps, PullProfile::Keep, 160, [8, 50], [10 + 590, 510 + 520]);
        check(&apps, PullProfile::Chain, 210, [1 + 59, 51 + 52], [10 + 590, 510 + 520]);
    }

    #[test]
    fn without_equal_layers_the_fleet_is_the_sum() {
        let one = vec![layer("one", 10, &[0, 1])];
        let two = vec![layer("two", 20, &[1])];
        for profile in PullProfile::ALL {
            let mut sum = fleet(std::slice::from_ref(&one), 2, profile);
            sum.add(&fleet(std::slice::from_ref(&two), 2, profile));
            assert_eq!(fleet(&[one.clone(), two.clone()], 2, profile), sum);
        }
    }
}
