//! Sizes of packages and of the interpreter in a layer.

use crate::byte_count::ByteCount;
use crate::layers::compression::Compression;
use crate::size::file_sizes::compressed_range;
use crate::size::formulas;
use crate::size::interpreter::InterpreterArchive;
use crate::size::known::KnownPackage;
use crate::size::model::{Provenance, Size, Unknown};
use crate::size::range::{Range, RangeOfSum};
use crate::size::typical::TypicalWheel;

/// By the files, and the wheel's length if known.
pub(super) fn found_size(found: &KnownPackage, wheel: Option<ByteCount>, compression: Compression) -> Size {
    let by_files = match (found.packed_bytes, wheel) {
        (Some(packed), _) => Some(packed),
        (None, Some(wheel)) => match found.heads {
            Some(heads) => formulas::from_wheel_and_heads(wheel, found.files, heads, compression),
            None => formulas::from_wheel_and_files(wheel, found.files, compression),
        },
        (None, None) => formulas::from_installed(found.installed_bytes, compression),
    };
    let is_plain = compression == Compression::None;
    let compressed_bytes = by_files.filter(|_| !is_plain).unwrap_or(found.tar_bytes);
    let provenance = match (is_plain, found.tar_range.is_exact()) {
        (true, true) => Provenance::Listed,
        (true, false) => Provenance::Estimated,
        (false, _) => found.provenance(),
    };
    let compressed_range = match (is_plain, found.packed_bytes, wheel) {
        (true, ..) => found.tar_range,
        (false, Some(packed), _) => compressed_range(packed, found.tar_bytes, compression, Provenance::Packed),
        (false, None, Some(_)) if found.heads.is_some() => formulas::range_with_heads(compressed_bytes, compression),
        (false, None, Some(_)) => formulas::range_with_files(compressed_bytes, compression),
        (false, None, None) => formulas::range_of_installed(found.installed_bytes, found.files),
    };
    Size {
        tar_bytes: found.tar_bytes,
        compressed_bytes,
        provenance,
        tar_range: found.tar_range,
        compressed_range,
        unknown: Unknown::default(),
    }
}

pub(super) fn wheel_size(wheel: ByteCount, compression: Compression) -> Size {
    // The tar's length is a guess without a list of files.
    let provenance = if compression == Compression::None { Provenance::Estimated } else { Provenance::Listed };
    Size {
        tar_bytes: formulas::from_wheel(wheel, Compression::None),
        compressed_bytes: formulas::from_wheel(wheel, compression),
        provenance,
        tar_range: formulas::range_of_wheel(wheel, Compression::None),
        compressed_range: formulas::range_of_wheel(wheel, compression),
        unknown: Unknown::default(),
    }
}

/// By the typical wheel. Its range and the formula's are independent.
pub(super) fn typical_size(typical: &TypicalWheel, compression: Compression) -> Size {
    let listed = wheel_size(typical.wheel, compression);
    let with_files = typical.files.and_then(|files| formulas::from_wheel_and_files(typical.wheel, files, compression));
    let compressed_bytes = with_files.unwrap_or(listed.compressed_bytes);
    let wider = |bytes: ByteCount, formula: Range| {
        let scaled = |end: ByteCount| bytes.scaled(end.0, typical.wheel.0);
        let mut range = RangeOfSum::default();
        range.add(bytes, Range { least: formula.least.min(bytes), most: formula.most.max(bytes) });
        range.add(bytes, Range { least: scaled(typical.range.least), most: scaled(typical.range.most) });
        range.around(bytes)
    };
    Size {
        compressed_bytes,
        provenance: Provenance::Typical,
        tar_range: wider(listed.tar_bytes, listed.tar_range),
        compressed_range: wider(compressed_bytes, listed.compressed_range),
        ..listed
    }
}

/// By the archive. rules_python leaves out the standard library's tests, static libraries and compiled code
/// (`hermetic_runtime_repo_setup.bzl`), so about seven tenths remain. No image was measured, so the range is wide.
pub(super) fn interpreter_size(archive: &InterpreterArchive, compression: Compression) -> Size {
    let InterpreterArchive { archive, range } = *archive;
    let tar_bytes = archive.scaled(37, 10);
    let tar_range = Range { least: range.least.times(2), most: range.most.times(6) };
    let compressed = Range { least: range.least.scaled(45, 100), most: range.most.scaled(105, 100) };
    let (compressed_bytes, compressed_range) = match compression {
        Compression::None => (tar_bytes, tar_range),
        Compression::Gzip => (archive.scaled(70, 100), compressed),
        // As for wheels.
        Compression::Zstd => (archive.scaled(68, 100), compressed),
    };
    Size {
        tar_bytes,
        compressed_bytes,
        provenance: Provenance::Typical,
        tar_range,
        compressed_range,
        unknown: Unknown::default(),
    }
}
