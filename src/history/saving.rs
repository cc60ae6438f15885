//! The saving of one layout over another, with a range from those of the sizes. An item has the same bytes in both, so
//! an uncertain size that both fetch equally often does not widen the range.

use std::collections::BTreeMap;
use std::ops::{Add as _, Range as Span};

use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemSet;
use crate::history::cost::{LayerNumbers, Measures, PullProfile};
use crate::history::model::ChangeRow;
use crate::layers::partition::Partition;
use crate::size::known_bytes::KnownBytes;
use crate::size::model::{Size, Unknown};
use crate::size::range::{Range, RangeOfSum};

/// The whole, in the parts that a saving is counted in.
pub const WHOLE: i64 = 1_000_000;

/// What is fetched less than before, over some deploys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// In millionths of what was fetched before; below zero where more is fetched.
    Known {
        /// It saves at least this.
        least: i64,
        /// What follows from the sizes as they are shown.
        likely: i64,
        /// It saves at most this.
        most: i64,
    },
    /// These items could turn it around.
    CouldTurn(Unknown),
    /// Nothing was fetched before.
    NothingFetched,
}

/// How often each item is fetched, by its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetches(Vec<u64>);

impl Fetches {
    /// Counts the fetches of layers in the deploys of `span`; `layers` are those of `partition`.
    #[must_use]
    pub fn of_layers(
        partition: &Partition,
        layers: &[LayerNumbers],
        measures: &Measures,
        profile: PullProfile,
        span: &Span<usize>,
    ) -> Self {
        let rows = partition.layers.iter().map(|layer| &layer.items).zip(layers.iter().map(|layer| &layer.row));
        Self::of_rows(rows, measures, profile, span)
    }

    /// Counts the fetches of `items` in one layer.
    #[must_use]
    pub fn of_one_layer(items: &ItemSet, measures: &Measures, span: &Span<usize>) -> Self {
        Self::of_rows(std::iter::once((items, &measures.row(items))), measures, PullProfile::Keep, span)
    }

    /// Counts the layers that hold each item: what a node fetches that has nothing.
    #[must_use]
    pub fn once<'a>(layers: impl IntoIterator<Item = &'a ItemSet>, measures: &Measures) -> Self {
        let mut counts = vec![0; measures.rows.len()];
        for item in layers.into_iter().flat_map(ItemSet::iter) {
            if let Some(count) = counts.get_mut(item.index()) {
                *count += 1;
            }
        }
        Self(counts)
    }

    /// Counts the fetches of `items` where each is fetched alone.
    #[must_use]
    pub fn of_each(items: &ItemSet, measures: &Measures, span: &Span<usize>) -> Self {
        let mut counts = vec![0; measures.rows.len()];
        for item in items.iter() {
            if let (Some(count), Some(row)) = (counts.get_mut(item.index()), measures.rows.get(item.index())) {
                *count = count_in(row, span);
            }
        }
        Self(counts)
    }

    fn of_rows<'a>(
        layers: impl Iterator<Item = (&'a ItemSet, &'a ChangeRow)>,
        measures: &Measures,
        profile: PullProfile,
        span: &Span<usize>,
    ) -> Self {
        let mut counts = vec![0; measures.rows.len()];
        let mut at_or_below = ChangeRow::default();
        for (items, row) in layers {
            at_or_below.merge(row);
            let fetched = match profile {
                PullProfile::Keep | PullProfile::Reuse => count_in(row, span),
                PullProfile::Chain => count_in(&at_or_below, span),
            };
            for item in items.iter() {
                if let Some(count) = counts.get_mut(item.index()) {
                    *count += fetched;
                }
            }
        }
        Self(counts)
    }
}

fn count_in(row: &ChangeRow, span: &Span<usize>) -> u64 {
    row.ones().filter(|deploy| span.contains(deploy)).count() as u64
}

/// Compares what is fetched `after` with what was `before`, in the bytes that `of` takes of a size.
#[must_use]
pub fn saving(before: &Fetches, after: &Fetches, measures: &Measures, of: fn(&Size) -> KnownBytes) -> Saving {
    let mut groups: BTreeMap<(u64, u64), Group> = BTreeMap::new();
    for ((item, &before), &after) in measures.sizes.all().iter().map(of).zip(&before.0).zip(&after.0) {
        if before + after > 0 {
            let group = groups.entry((before, after)).or_default();
            group.bytes += item.bytes;
            group.range.add(item.bytes, item.range);
            group.unknown = group.unknown + item.unknown;
        }
    }
    let fetched = |((before, after), group): ((u64, u64), Group)| Fetched {
        before,
        after,
        bytes: group.range.around(group.bytes),
        likely: group.bytes,
        unknown: group.unknown,
    };
    range(groups.into_iter().map(fetched).collect())
}

/// Items that both layouts fetch equally often.
#[derive(Default)]
struct Group {
    bytes: ByteCount,
    range: RangeOfSum,
    unknown: Unknown,
}

/// Fetches before and after.
#[derive(Clone, Copy)]
struct Fetched {
    before: u64,
    after: u64,
    bytes: Range,
    likely: ByteCount,
    unknown: Unknown,
}

impl Fetched {
    /// Millionths that are saved of this group alone.
    fn own_saving(&self) -> i64 {
        if self.before == 0 { i64::MIN } else { share(u128::from(self.before), u128::from(self.after)) }
    }
}

/// `1 - after / before`, in millionths.
fn share(before: u128, after: u128) -> i64 {
    let part = |bytes: u128| i64::try_from(bytes.saturating_mul(1_000_000) / before.max(1)).unwrap_or(i64::MAX);
    WHOLE.saturating_sub(part(after))
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
        (before > 0).then(|| share(before, after))
    };
    let unknown = groups.iter().map(|group| group.unknown).fold(Unknown::default(), Unknown::add);
    let Some(likely) = total(&|_, group| group.likely) else {
        return if unknown.is_empty() { Saving::NothingFetched } else { Saving::CouldTurn(unknown) };
    };
    let turns = 0..=groups.len();
    let most = turns
        .clone()
        .filter_map(|turn| total(&|at, group| if at < turn { group.bytes.least } else { group.bytes.most }));
    let least =
        turns.filter_map(|turn| total(&|at, group| if at < turn { group.bytes.most } else { group.bytes.least }));
    let (mut least, mut most) = (least.min().unwrap_or(likely), most.max().unwrap_or(likely));
    // Whatever the unknown bytes are, the saving lies between the known one and their own.
    for own in groups.iter().filter(|group| !group.unknown.is_empty()).map(Fetched::own_saving) {
        if own.signum() * likely.signum() < 0 {
            return Saving::CouldTurn(unknown);
        }
        (least, most) = (least.min(own), most.max(own));
    }
    Saving::Known { least, likely, most }
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
                unknown: if line.ends_with('?') { Unknown::PACKAGE } else { Unknown::default() },
            }
        };
        let found = match range(groups.split(',').map(group).collect()) {
            // In thousandths.
            Saving::Known { least, most, .. } => Some((least / 1_000, most / 1_000)),
            Saving::CouldTurn(_) | Saving::NothingFetched => None,
        };
        assert_eq!(found, expected, "{groups}");
    }

    #[test]
    fn the_range_of_a_saving_follows_from_the_ranges_of_its_parts() {
        // Exact sizes: 1,000 + 10 bytes at each of ten deploys, against 10 at each and 1,000 once.
        check("10 1 1000 1000 1000, 10 10 10 10 10", Some((891, 891)));
        // The packages may be from half to twice as large.
        check("10 1 500 1000 2000, 10 10 10 10 10", Some((882, 895)));
        // How large what both fetch equally often is matters more.
        check("10 1 1000 1000 1000, 10 10 10 10 1000", Some((450, 891)));
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
