//! Formulas for compressed bytes, fitted on 55 popular cp313 manylinux wheels (433 MB; gzip -6, zstd -3) and checked
//! against the app layers of three services that were really packed; both are in `tests/data/sizes`, and
//! `tests/size_formulas.rs` keeps the bounds given here.

use crate::byte_count::ByteCount;
use crate::layers::compression::Compression;
use crate::size::range::Range;

/// Bytes of `wheel`'s files in a layer if only its length is known.
///
/// gzip: 0.96 x wheel; median error 3.6 % per package, under 3 % for a whole app. zstd: 0.93 x wheel, between 0.88 for
/// the 55 wheels and 0.95-0.97 for the apps: within 6 % of both. Tar: 3.5 x wheel; 3.45 to 3.55 in real apps, 1.3 to
/// 9.8 for single packages.
#[must_use]
pub fn from_wheel(wheel: ByteCount, compression: Compression) -> ByteCount {
    match compression {
        Compression::None => wheel.scaled(35, 10),
        Compression::Gzip => wheel.scaled(96, 100),
        Compression::Zstd => wheel.scaled(93, 100),
    }
}

/// Range of [`from_wheel`] for one package: the smallest and largest share among the 55 wheels.
#[must_use]
pub fn range_of_wheel(wheel: ByteCount, compression: Compression) -> Range {
    match compression {
        Compression::None => Range::permille(wheel, 1_300, 10_500),
        Compression::Gzip => Range::permille(wheel, 450, 1_030),
        Compression::Zstd => Range::permille(wheel, 230, 1_040),
    }
}

/// Range of [`from_wheel_and_files`] for one package, by the same wheels.
#[must_use]
pub fn range_with_files(formula: ByteCount, compression: Compression) -> Range {
    match compression {
        Compression::None => Range::exactly(formula),
        Compression::Gzip => Range::permille(formula, 490, 1_500),
        Compression::Zstd => Range::permille(formula, 250, 1_200),
    }
}

/// Range of [`from_installed`] for one package: from what compresses best to what does not compress, with a header per
/// file.
#[must_use]
pub fn range_of_installed(installed: ByteCount, files: u64) -> Range {
    Range { least: installed.scaled(4, 100), most: installed + ByteCount(100).times(files) }
}

/// Bytes of `wheel`'s files in a layer if their number is known: a zip compresses file by file and has a directory, a
/// layer neither. `None` for [`Compression::None`]: with known files the tar is exact.
///
/// gzip: 1.01 x wheel - 350 B x files; median error 1.7 % per package. zstd: 0.99 x wheel - 350 B x files; 3.9 %. At
/// least a tenth of the wheel, where the linear formula leaves the fitted range.
#[must_use]
pub fn from_wheel_and_files(wheel: ByteCount, files: u64, compression: Compression) -> Option<ByteCount> {
    let per_wheel = match compression {
        Compression::None => return None,
        Compression::Gzip => 101,
        Compression::Zstd => 99,
    };
    let formula = wheel.scaled(per_wheel, 100) - ByteCount(350).times(files);
    Some(formula.max(wheel.scaled(1, 10)))
}

/// [`from_wheel_and_files`] if the compressed length of each file is known too: what files share, such as licences and
/// generated code, is compressed once in a layer. `heads` is the sum of the compressed lengths, of each at most 1,000.
///
/// gzip: 1.005 x wheel - 200 B x files - 0.35 x heads, fitted on half of 219 wheels of six applications; on the other
/// half the median error is 2.3 % and a tenth is above 14 % (without `heads` 4.0 % and 20 %). zstd: not fitted.
#[must_use]
pub fn from_wheel_and_heads(
    wheel: ByteCount,
    files: u64,
    heads: ByteCount,
    compression: Compression,
) -> Option<ByteCount> {
    match compression {
        Compression::Gzip => {
            let formula = wheel.scaled(1_005, 1_000) - ByteCount(200).times(files) - heads.scaled(35, 100);
            Some(formula.max(wheel.scaled(1, 10)))
        }
        Compression::None | Compression::Zstd => from_wheel_and_files(wheel, files, compression),
    }
}

/// Range of [`from_wheel_and_heads`] for one package: 0.63 to 1.4 in the 219 wheels, but for the smallest.
#[must_use]
pub fn range_with_heads(formula: ByteCount, compression: Compression) -> Range {
    match compression {
        Compression::Gzip => Range { least: formula.scaled(6, 10), most: formula.scaled(13, 10) + ByteCount(3_000) },
        Compression::None | Compression::Zstd => range_with_files(formula, compression),
    }
}

/// Compressed bytes if only the installed length is known. gzip: 0.27 x, the median of the same wheels (0.19 to 0.40
/// for four fifths of them).
#[must_use]
pub fn from_installed(installed: ByteCount, compression: Compression) -> Option<ByteCount> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some(installed.scaled(27, 100)),
        Compression::Zstd => Some(installed.scaled(26, 100)),
    }
}

/// Compressed bytes of source files: 0.28 x with gzip, over all sources of an app in one stream. A small file alone
/// takes more.
#[must_use]
pub fn from_source(source: ByteCount, compression: Compression) -> Option<ByteCount> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some(source.scaled(28, 100)),
        Compression::Zstd => Some(source.scaled(27, 100)),
    }
}
