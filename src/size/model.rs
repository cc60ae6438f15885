//! Sizes and their provenance.

use std::fmt;
use std::ops::Add;

use crate::byte_count::ByteCount;
use crate::counted::counted;
use crate::size::range::Range;

/// Best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// In a built image, or by a build.
    Measured,
    /// The files were compressed here.
    Packed,
    /// By a lock file, a wheel or an index.
    Listed,
    /// By a formula.
    Estimated,
    /// Typical for this package, from public lock files.
    Typical,
    Unknown,
}

impl Provenance {
    /// Best first.
    pub const ALL: [Self; 6] =
        [Self::Measured, Self::Packed, Self::Listed, Self::Estimated, Self::Typical, Self::Unknown];

    /// The name in JSON and in the window.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Packed => "packed",
            Self::Listed => "listed",
            Self::Estimated => "estimated",
            Self::Typical => "typical",
            Self::Unknown => "unknown",
        }
    }
}

/// Items whose bytes nothing says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// Locked packages.
    pub packages: u32,
    /// Generated files, and an interpreter that no table has.
    pub others: u32,
}

impl Unknown {
    /// One package.
    pub const PACKAGE: Self = Self { packages: 1, others: 0 };
    /// One item that is no package.
    pub const OTHER: Self = Self { packages: 0, others: 1 };

    /// Returns how many items there are.
    #[must_use]
    pub fn count(self) -> u32 {
        self.packages.saturating_add(self.others)
    }

    /// Returns `true` if everything is known.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.count() == 0
    }
}

impl Add for Unknown {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            packages: self.packages.saturating_add(other.packages),
            others: self.others.saturating_add(other.others),
        }
    }
}

impl fmt::Display for Unknown {
    /// `3 packages of unknown size`, `1 package and 2 files of unknown size`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [(self.packages, "package"), (self.others, "file")];
        let parts: Vec<String> =
            parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)).collect();
        formatter.pad(&format!("{} of unknown size", parts.join(" and ")))
    }
}

/// The known bytes, and the number of items without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Entries in a tar; for a layer the whole tar.
    pub tar_bytes: ByteCount,
    /// As a registry stores it.
    pub compressed_bytes: ByteCount,
    /// Of the compressed bytes.
    pub provenance: Provenance,
    /// Equal ends if exact.
    pub tar_range: Range,
    pub compressed_range: Range,
    /// Items that are in none of the figures above.
    pub unknown: Unknown,
}

impl Size {
    #[must_use]
    pub fn exactly(tar_bytes: ByteCount, compressed_bytes: ByteCount, provenance: Provenance) -> Self {
        Self {
            tar_bytes,
            compressed_bytes,
            provenance,
            tar_range: Range::exactly(tar_bytes),
            compressed_range: Range::exactly(compressed_bytes),
            unknown: Unknown::default(),
        }
    }

    /// Returns the size of an item of which nothing is known.
    #[must_use]
    pub fn unknown(item: Unknown) -> Self {
        Self { unknown: item, ..Self::exactly(ByteCount::ZERO, ByteCount::ZERO, Provenance::Unknown) }
    }

    /// There is no figure, only unknown items.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.provenance == Provenance::Unknown
    }

    /// Listed, unless a formula stands in.
    #[must_use]
    pub fn tar_provenance(&self) -> Provenance {
        match self.provenance {
            Provenance::Typical | Provenance::Unknown => self.provenance,
            _ if !self.tar_range.is_exact() => Provenance::Estimated,
            Provenance::Measured => Provenance::Measured,
            _ => Provenance::Listed,
        }
    }
}
