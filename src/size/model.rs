//! Sizes, and how each is known. Plain values.

use crate::byte_count::ByteCount;
use crate::size::range::Range;

/// How a number is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// Read from a built image, or from a build.
    Measured,
    /// The files were compressed here.
    Packed,
    /// A lock file, a wheel or an index says so.
    Listed,
    /// A formula.
    Estimated,
    /// What this package usually weighs, from public lock files.
    Typical,
    /// Nothing says it.
    Unknown,
}

impl Provenance {
    /// All of them, best first.
    pub const ALL: [Self; 6] =
        [Self::Measured, Self::Packed, Self::Listed, Self::Estimated, Self::Typical, Self::Unknown];

    /// Returns the word in JSON and in the window.
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

/// The size of one item or layer: the bytes that are known, and how many items are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Bytes of its entries in a tar; for a layer of the whole tar.
    pub tar_bytes: ByteCount,
    /// Bytes of what a registry stores.
    pub compressed_bytes: ByteCount,
    /// How the compressed bytes are known.
    pub provenance: Provenance,
    /// How far the tar's bytes may be off; both ends are the number where it is exact.
    pub tar_range: Range,
    /// How far the compressed bytes may be off.
    pub compressed_range: Range,
    /// Items whose bytes nothing says. They are in none of the figures above.
    pub unknown: u32,
}

impl Size {
    /// Returns a size that is exactly this.
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

    /// Returns the size of one item of which nothing is known.
    #[must_use]
    pub fn unknown() -> Self {
        Self { unknown: 1, ..Self::exactly(ByteCount::ZERO, ByteCount::ZERO, Provenance::Unknown) }
    }

    /// Returns `true` where there is no figure at all, only unknown items.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.provenance == Provenance::Unknown
    }

    /// Returns how the tar's bytes are known: by lists of files, unless a formula had to stand in.
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
