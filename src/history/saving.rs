//! The saving of one layout over another, with a range from those of the sizes. An item has the same bytes in both, so
//! an uncertain size that both fetch equally often does not widen the range.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemId;
use crate::history::cost::{Measures, PullProfile, fetches};
use crate::layers::partition::Partition;
use crate::size::range::{Range, RangeOfSum};

/// Fewer bytes fetched over all deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// In thousandths of the first layout's bytes; negative where the second fetches more.
    Permille { least: i64, most: i64 },
    /// Items of unknown size could reverse it, or nothing is fetched.
    NotKnown,
}

#[must_use]
pub fn saving(current: &Partition, plan: &Partition, measures: &Measures, profile: PullProfile) -> Saving {
    let (before, after) = (fetches_of_items(current, measures, profile), fetches_of_items(plan, measures, profile));
    let mut groups: BTreeMap<(u64, u64), Group> = BTreeMap::new();
    for &item in before.keys().chain(after.keys().filter(|item| !before.contains_key(item))) {
        let Some(size) = measures.sizes.item(item) else { continue };
        let count = |fetches: &BTreeMap<ItemId, u64>| fetches.get(&item).copied().unwrap_or(0);
        let group = groups.entry((count(&before), count(&after))).or_default();
        group.bytes += size.compressed_bytes;
        group.range.add(size.compressed_bytes, size.compressed_range);
        group.has_unknown |= size.unknown > 0;
    }
    let groups: Vec<Fetched> = groups
        .into_iter()
        .filter(|((before, after), _)| before + after > 0)
        .map(|((before, after), group)| Fetched {
            before,
            after,
            bytes: group.range.around(group.bytes),
            likely: group.bytes,
            has_unknown: group.has_unknown,
        })
        .collect();
    range(groups)
}

/// How often each item is fetched over all deploys.
fn fetches_of_items(partition: &Partition, measures: &Measures, profile: PullProfile) -> BTreeMap<ItemId, u64> {
    let rows: Vec<_> = partition.layers.iter().map(|layer| measures.row(&layer.items)).collect();
    let mut counts = BTreeMap::new();
    for (layer, count) in partition.layers.iter().zip(fetches(rows.iter(), profile)) {
        for item in layer.items.iter() {
            *counts.entry(item).or_insert(0) += count;
        }
    }
    counts
}

/// Items that both layouts fetch equally often.
#[derive(Default)]
struct Group {
    bytes: ByteCount,
    range: RangeOfSum,
    has_unknown: bool,
}

/// Fetches before and after.
#[derive(Clone, Copy)]
struct Fetched {
    before: u64,
    after: u64,
    bytes: Range,
    likely: ByteCount,
    has_unknown: bool,
}

impl Fetched {
    /// Saving of this group alone, in thousandths.
    fn own_saving(&self) -> i64 {
        if self.before == 0 { i64::MIN } else { permille(u128::from(self.before), u128::from(self.after)) }
    }
}

/// `1 - after / before`, in thousandths.
fn permille(before: u128, after: u128) -> i64 {
    let part = |bytes: u128| i64::try_from(bytes.saturating_mul(1_000) / before.max(1)).unwrap_or(i64::MAX);
    1_000_i64.saturating_sub(part(after))
}

fn range(mut groups: Vec<Fetched>) -> Saving {
    // A weighted mean is greatest where the best groups are as large as they can be and the others as small, so only
    // the boundary between them must be found.
    groups.sort_by_key(Fetched::own_saving);
    let total = |bytes: &dyn Fn(usize, &Fetched) -> ByteCount| {
        let sum = |count: &dyn Fn(&Fetched) -> u64| {
            groups.iter().enumerate().map(|(at, group)| u128::from(count(group)) * u128::from(bytes(at, group).0)).sum()
        };
        let (before, after): (u128, u128) = (sum(&|group| group.before), sum(&|group| group.after));
        (before > 0).then(|| permille(before, after))
    };
    let Some(likely) = total(&|_, group| group.likely) else { return Saving::NotKnown };
    let turns = 0..=groups.len();
    let most = turns
        .clone()
        .filter_map(|turn| total(&|at, group| if at < turn { group.bytes.least } else { group.bytes.most }));
    let least =
        turns.filter_map(|turn| total(&|at, group| if at < turn { group.bytes.most } else { group.bytes.least }));
    let (mut least, mut most) = (least.min().unwrap_or(likely), most.max().unwrap_or(likely));
    // Whatever the unknown bytes are, the saving lies between the known one and their own.
    for own in groups.iter().filter(|group| group.has_unknown).map(Fetched::own_saving) {
        if own.signum() * likely.signum() < 0 {
            return Saving::NotKnown;
        }
        (least, most) = (least.min(own), most.max(own));
    }
    Saving::Permille { least, most }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups as `before after least likely most`; a `?` behind one has unknown items.
    fn check(groups: &str, expected: Option<(i64, i64)>) {
        let group = |line: &str| {
            let numbers: Vec<u64> =
                line.trim_end_matches('?').split_whitespace().map(|word| word.parse().unwrap()).collect();
            let bytes = |at: usize| ByteCount(numbers[at]);
            Fetched {
                before: numbers[0],
                after: numbers[1],
                bytes: Range { least: bytes(2), most: bytes(4) },
                likely: bytes(3),
                has_unknown: line.ends_with('?'),
            }
        };
        let found = match range(groups.split(',').map(group).collect()) {
            Saving::Permille { least, most } => Some((least, most)),
            Saving::NotKnown => None,
        };
        assert_eq!(found, expected, "{groups}");
    }

    #[test]
    fn the_range_of_a_saving_follows_from_the_ranges_of_its_parts() {
        // Exact sizes: 1,000 + 10 bytes at each of ten deploys, against 10 at each and 1,000 once.
        check("10 1 1000 1000 1000, 10 10 10 10 10", Some((892, 892)));
        // The packages may be from half to twice as large.
        check("10 1 500 1000 2000, 10 10 10 10 10", Some((883, 896)));
        // How large what both fetch equally often is matters more.
        check("10 1 1000 1000 1000, 10 10 10 10 1000", Some((450, 892)));
        // However large one group is, it saves what it saves.
        check("10 5 1 100 1000", Some((500, 500)));
        check("10 12 100 100 100", Some((-200, -200)));
    }

    #[test]
    fn unknown_bytes_widen_the_range_or_leave_it_unknown() {
        check("10 1 1000 1000 1000, 10 10 0 0 0?", Some((0, 900)));
        check("10 1 1000 1000 1000, 10 5 0 0 0?", Some((500, 900)));
        check("10 1 1000 1000 1000, 10 11 0 0 0?", None);
        check("10 1 1000 1000 1000, 0 1 0 0 0?", None);
        check("10 12 1000 1000 1000, 10 1 0 0 0?", None);
        check("10 1 0 0 0?", None);
        check("0 5 10 10 10", None);
    }
}
