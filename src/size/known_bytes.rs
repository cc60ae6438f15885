//! Bytes as they are shown: with how they are known, how far they may be off, and what is missing in them. Pure.

use std::collections::BTreeMap;
use std::fmt;

use crate::byte_count::ByteCount;
use crate::size::model::{Provenance, Size, Unknown};
use crate::size::range::{Range, RangeOfSum};

/// A number of bytes with how it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownBytes {
    /// The bytes that are known.
    pub bytes: ByteCount,
    /// How far they may be off.
    pub range: Range,
    /// How they are known.
    pub provenance: Provenance,
    /// What is in none of these bytes.
    pub unknown: Unknown,
}

impl KnownBytes {
    /// Returns `true` where there is no figure at all, only unknown items.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.provenance == Provenance::Unknown
    }

    /// Returns `true` where the figure rests on what packages usually weigh.
    #[must_use]
    pub fn is_typical(&self) -> bool {
        self.provenance == Provenance::Typical
    }

    /// Returns the figure with what is missing in it: `12.3 MB + 3 packages of unknown size`.
    #[must_use]
    pub fn with_missing(&self) -> String {
        match (self.is_unknown(), self.unknown.is_empty()) {
            (_, true) => self.to_string(),
            (true, false) => self.unknown.to_string(),
            (false, false) => format!("{self} + {}", self.unknown),
        }
    }

    /// Returns how far the figure may be off, as `10.1 to 14.2 MB`, where that is more than a tenth of it.
    #[must_use]
    pub fn range_words(&self) -> Option<String> {
        let width = self.range.most - self.range.least;
        let is_wide = !self.is_unknown() && width.0 / 10 > self.bytes.0 / 100;
        is_wide.then(|| self.range.to_string())
    }

    /// Returns a part of the figure, which may be off as far.
    #[must_use]
    pub fn part(self, bytes: ByteCount) -> Self {
        let end = |end: ByteCount| end.scaled(bytes.0, self.bytes.0);
        Self { bytes, range: Range { least: end(self.range.least), most: end(self.range.most) }, ..self }
    }

    /// Returns `bytes` as the mean of so many.
    #[must_use]
    pub fn mean(self, of: u64) -> Self {
        let part = |bytes: ByteCount| bytes.scaled(1, of);
        let range = Range { least: part(self.range.least), most: part(self.range.most) };
        Self { bytes: part(self.bytes), range, ..self }
    }
}

impl fmt::Display for KnownBytes {
    /// `12.3 MB`, `~12.3 MB` where it is typical, `unknown` where nothing says it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.provenance {
            Provenance::Unknown => formatter.pad("unknown"),
            Provenance::Typical => formatter.pad(&format!("~{}", self.bytes)),
            Provenance::Measured | Provenance::Packed | Provenance::Listed | Provenance::Estimated => {
                self.bytes.fmt(formatter)
            }
        }
    }
}

impl Size {
    /// Returns what a registry stores.
    #[must_use]
    pub fn stored(&self) -> KnownBytes {
        let (bytes, range) = (self.compressed_bytes, self.compressed_range);
        KnownBytes { bytes, range, provenance: self.provenance, unknown: self.unknown }
    }

    /// Returns the tar's bytes.
    #[must_use]
    pub fn tar(&self) -> KnownBytes {
        let (bytes, range) = (self.tar_bytes, self.tar_range);
        KnownBytes { bytes, range, provenance: self.tar_provenance(), unknown: self.unknown }
    }
}

/// A sum of figures. Its provenance is the weakest one that carries a twentieth of the bytes or more.
#[derive(Clone, Debug, Default)]
pub struct SumOfKnown {
    bytes: ByteCount,
    range: RangeOfSum,
    by_provenance: BTreeMap<Provenance, ByteCount>,
    unknown: Unknown,
}

impl SumOfKnown {
    /// Adds a figure that counts so many times. One that never counts leaves the sum as it is.
    pub fn add(&mut self, part: KnownBytes, times: u64) {
        if times == 0 {
            return;
        }
        let [bytes, least, most] = [part.bytes, part.range.least, part.range.most].map(|bytes| bytes.times(times));
        self.bytes += bytes;
        self.range.add(bytes, Range { least, most });
        self.unknown = self.unknown + part.unknown;
        if !part.is_unknown() {
            *self.by_provenance.entry(part.provenance).or_default() += bytes;
        }
    }

    /// Returns the sum.
    #[must_use]
    pub fn total(self) -> KnownBytes {
        let is_weighty = |(_, bytes): &(&Provenance, &ByteCount)| bytes.times(20) >= self.bytes;
        let weakest = self.by_provenance.iter().filter(is_weighty).map(|(&provenance, _)| provenance).max();
        let without_any = if self.unknown.is_empty() { Provenance::Measured } else { Provenance::Unknown };
        KnownBytes {
            bytes: self.bytes,
            range: self.range.around(self.bytes),
            provenance: weakest.unwrap_or(without_any),
            unknown: self.unknown,
        }
    }
}

impl FromIterator<KnownBytes> for SumOfKnown {
    fn from_iter<T: IntoIterator<Item = KnownBytes>>(parts: T) -> Self {
        let mut sum = Self::default();
        parts.into_iter().for_each(|part| sum.add(part, 1));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(bytes: u64, provenance: Provenance) -> KnownBytes {
        Size::exactly(ByteCount(bytes), ByteCount(bytes), provenance).stored()
    }

    #[test]
    fn what_is_typical_or_unknown_says_so() {
        let words = |provenance| size(12_300_000, provenance).to_string();
        assert_eq!([Provenance::Listed, Provenance::Typical].map(words), ["12.3 MB".to_owned(), "~12.3 MB".to_owned()]);
        let unknown = Size::unknown(Unknown::PACKAGE).stored();
        assert_eq!((unknown.to_string(), format!("{unknown:>8}")), ("unknown".to_owned(), " unknown".to_owned()));
        assert_eq!(unknown.with_missing(), "1 package of unknown size");
    }

    #[test]
    fn a_sum_names_what_is_missing_and_is_known_as_its_weakest_weighty_part() {
        let parts = [
            size(90, Provenance::Packed),
            size(9, Provenance::Typical),
            size(1, Provenance::Estimated),
            Size::unknown(Unknown::PACKAGE).stored(),
            Size::unknown(Unknown::OTHER).stored(),
        ];
        let sum = parts.into_iter().collect::<SumOfKnown>().total();
        assert_eq!(sum.with_missing(), "~100 B + 1 package and 1 file of unknown size");
        assert_eq!(
            [size(4, Provenance::Listed); 2].into_iter().collect::<SumOfKnown>().total(),
            size(8, Provenance::Listed)
        );
    }

    #[test]
    fn what_is_never_fetched_adds_nothing() {
        let mut sum = SumOfKnown::default();
        sum.add(size(10, Provenance::Packed), 3);
        sum.add(Size::unknown(Unknown::PACKAGE).stored(), 0);
        assert_eq!(sum.total(), size(30, Provenance::Packed));
    }

    #[test]
    fn a_range_is_said_where_it_is_wide() {
        let wide = |least, most| KnownBytes {
            range: Range { least: ByteCount(least), most: ByteCount(most) },
            ..size(1_000_000, Provenance::Typical)
        };
        assert_eq!(wide(960_000, 1_040_000).range_words(), None);
        assert_eq!(wide(500_000, 1_500_000).range_words().as_deref(), Some("500 kB to 1.50 MB"));
    }
}
