//! Sizes and their provenance.

use crate::byte_count::ByteCount;
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
    /// Items of unknown size, which are in none of the figures above.
    pub unknown: u32,
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
            unknown: 0,
        }
    }

    #[must_use]
    pub fn unknown() -> Self {
        Self { unknown: 1, ..Self::exactly(ByteCount::ZERO, ByteCount::ZERO, Provenance::Unknown) }
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
