//! The size of a binary's launcher before it was built.

use crate::byte_count::ByteCount;
use crate::graph::contents::{Contents, ItemKind};
use crate::layers::compression::Compression;
use crate::size::known::KnownSizes;
use crate::size::model::{Provenance, Size, Unknown};
use crate::size::range::Range;
use crate::size::tar;

/// The Python rules' script without paths of packages: 24,780 bytes with rules_python 1.6.1 (measured on the demo's
/// apps under Bazel 7.7.1); Bazel's own has 22 kB.
const LAUNCHER_SCRIPT: u64 = 24_780;
/// The script compressed.
const LAUNCHER_COMPRESSED: u64 = 7_900;
/// Deflate's window: a copy farther away is compressed again.
const WINDOW: u64 = 32_000;

/// Number of packages on Python's path, and bytes of their paths.
pub(super) fn imports(contents: &Contents, known: &KnownSizes) -> (u64, u64) {
    // Length of a path in most hubs.
    const LIKELY: u64 = 70;
    let bytes = contents.all.iter().filter_map(|id| contents.item(id)).filter_map(|item| match &item.kind {
        ItemKind::Package { name, version, .. } => {
            let found = known.packages.get(&(name.clone(), version.clone()));
            Some(found.map_or(LIKELY, |found| (found.above.len() + name.as_str().len() + version.len()) as u64))
        }
        _ => None,
    });
    bytes.fold((0, 0), |(count, sum), bytes| (count + 1, sum + bytes))
}

/// Bytes between the launcher and its copy in a sorted tar: the package's files that come before it.
pub(crate) fn bytes_between(contents: &Contents, package: &str, binary: &str) -> u64 {
    let is_between = |path: &str| {
        let rest = if package.is_empty() {
            Some(path)
        } else {
            path.strip_prefix(package).and_then(|rest| rest.strip_prefix('/'))
        };
        rest.is_some_and(|rest| rest < binary)
    };
    let bytes = contents.all.iter().filter_map(|id| contents.item(id)).map(|item| match &item.kind {
        ItemKind::File { path, bytes } if is_between(path) => tar::entry_bytes(path, *bytes).0,
        _ => 0,
    });
    bytes.sum()
}

/// The launcher in the program's place and in the runfiles; with two links, an empty `__init__.py`, and the mapping of
/// repositories, some 118 bytes per package.
pub(super) fn launcher((packages, imports): (u64, u64), between: u64, compression: Compression) -> Size {
    let script = tar::entry_bytes("app/name", ByteCount(LAUNCHER_SCRIPT + imports));
    let mapping = 600 + 118 * packages;
    let tar_bytes = script.times(2) + ByteCount(3 * 512) + tar::entry_bytes("app/_repo_mapping", ByteCount(mapping));
    let copies = if script.0 + between + 10 * 512 > WINDOW { 2 } else { 1 };
    let compressed_bytes = match compression {
        Compression::None => tar_bytes,
        Compression::Gzip => ByteCount(copies * (LAUNCHER_COMPRESSED + imports / 4) + 300 + mapping / 6),
        Compression::Zstd => ByteCount(LAUNCHER_COMPRESSED + imports / 4 + 300 + mapping / 6),
    };
    let tar_range = Range { least: ByteCount(16_000), most: tar_bytes.scaled(3, 2) + ByteCount(40_000) };
    let compressed_range = match compression {
        Compression::None => tar_range,
        Compression::Gzip | Compression::Zstd => {
            Range { least: ByteCount(4_000), most: compressed_bytes.times(2) + ByteCount(4_000) }
        }
    };
    Size {
        tar_bytes,
        compressed_bytes,
        provenance: Provenance::Estimated,
        tar_range,
        compressed_range,
        unknown: Unknown::default(),
    }
}
