//! Ranges of numbers and of sums.

use std::fmt;

use crate::byte_count::ByteCount;

/// Equal ends if exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub least: ByteCount,
    pub most: ByteCount,
}

impl Range {
    #[must_use]
    pub fn exactly(bytes: ByteCount) -> Self {
        Self { least: bytes, most: bytes }
    }

    /// Thousandths of `bytes`.
    #[must_use]
    pub fn permille(bytes: ByteCount, least: u64, most: u64) -> Self {
        Self { least: bytes.scaled(least, 1_000), most: bytes.scaled(most, 1_000) }
    }

    #[must_use]
    pub fn is_exact(self) -> bool {
        self.least == self.most
    }

    #[must_use]
    pub fn contains(self, bytes: ByteCount) -> bool {
        (self.least..=self.most).contains(&bytes)
    }
}

impl fmt::Display for Range {
    /// `10.1 to 14.2 MB`, `900 kB to 1.20 MB`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (least, most) = (self.least.to_string(), self.most.to_string());
        let unit = most.rfind(' ').and_then(|at| most.get(at..)).unwrap_or_default();
        formatter.pad(&format!("{} to {most}", least.strip_suffix(unit).unwrap_or(&least)))
    }
}

/// The range of a sum of independent parts: squares of deviations add up, below and above (propagation of independent
/// errors). For one part it is the part's own range.
#[derive(Clone, Copy, Debug, Default)]
pub struct RangeOfSum {
    below: u128,
    above: u128,
}

impl RangeOfSum {
    pub fn add(&mut self, bytes: ByteCount, range: Range) {
        let square = |difference: u64| u128::from(difference).saturating_mul(u128::from(difference));
        self.below = self.below.saturating_add(square(bytes.0.saturating_sub(range.least.0)));
        self.above = self.above.saturating_add(square(range.most.0.saturating_sub(bytes.0)));
    }

    #[must_use]
    pub fn around(self, sum: ByteCount) -> Range {
        let root = |squares: u128| ByteCount(u64::try_from(squares.isqrt()).unwrap_or(u64::MAX));
        Range { least: sum - root(self.below), most: sum + root(self.above) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_keeps_its_range_and_exact_parts_add_nothing() {
        let mut sum = RangeOfSum::default();
        sum.add(ByteCount(100), Range::permille(ByteCount(100), 500, 1_300));
        sum.add(ByteCount(7), Range::exactly(ByteCount(7)));
        let range = sum.around(ByteCount(107));
        assert_eq!(range, Range { least: ByteCount(57), most: ByteCount(137) });
        assert!(range.contains(ByteCount(137)) && !range.contains(ByteCount(138)) && !range.is_exact());
    }

    #[test]
    fn many_parts_are_not_all_off_the_same_way() {
        let mut sum = RangeOfSum::default();
        for _ in 0..100 {
            sum.add(ByteCount(100), Range::permille(ByteCount(100), 900, 1_100));
        }
        assert_eq!(sum.around(ByteCount(10_000)), Range { least: ByteCount(9_900), most: ByteCount(10_100) });
    }
}
