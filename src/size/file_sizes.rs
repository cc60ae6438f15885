use crate::byte_count::ByteCount;
use crate::layers::compression::Compression;
use crate::size::known::PackedFile;
use crate::size::model::{Provenance, Size};
use crate::size::range::Range;
use crate::size::{formulas, tar};

/// Compressed header of an empty file between neighbours.
const EMPTY_COMPRESSED: ByteCount = ByteCount(40);

/// Its header differs from its neighbours' by a few bytes.
pub(super) fn empty_file_size(path: &str, compression: Compression) -> Size {
    let tar_bytes = tar::entry_bytes(path, ByteCount::ZERO);
    match compression {
        Compression::None => Size::exactly(tar_bytes, tar_bytes, Provenance::Listed),
        Compression::Gzip | Compression::Zstd => Size::exactly(tar_bytes, EMPTY_COMPRESSED, Provenance::Packed),
    }
}

pub(super) fn file_size(path: &str, bytes: ByteCount, compression: Compression, packed: Option<PackedFile>) -> Size {
    let tar_bytes = tar::entry_bytes(path, bytes);
    let (compressed_bytes, provenance) = match (packed, formulas::from_source(bytes, compression)) {
        // The tar's length is exact.
        (_, None) => (tar_bytes, Provenance::Listed),
        (Some(packed), Some(_)) => (packed.bytes, Provenance::Packed),
        (None, Some(formula)) => (formula, Provenance::Estimated),
    };
    Size {
        compressed_range: compressed_range(compressed_bytes, tar_bytes, compression, provenance),
        ..Size::exactly(tar_bytes, compressed_bytes, provenance)
    }
}

/// Packed files share words with others in the layer, and versions of zlib differ by a hundredth. Estimated files: four
/// fifths of the wheels that the formula was fitted on.
pub(super) fn compressed_range(
    bytes: ByteCount,
    tar_bytes: ByteCount,
    compression: Compression,
    provenance: Provenance,
) -> Range {
    match (compression, provenance) {
        (Compression::None, _) => Range::exactly(bytes),
        (_, Provenance::Packed | Provenance::Measured) => Range {
            least: bytes.scaled(970, 1_000) - ByteCount(100),
            most: bytes.scaled(1_030, 1_000) + ByteCount(100),
        },
        (_, Provenance::Listed | Provenance::Estimated | Provenance::Typical | Provenance::Unknown) => {
            Range { least: bytes.scaled(1, 2), most: (bytes.times(2) + ByteCount(300)).min(tar_bytes) }
        }
    }
}
