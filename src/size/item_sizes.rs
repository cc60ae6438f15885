//! The size of each item of an image, and of any set of them as one layer.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::graph::contents::{Contents, ItemKind};
use crate::graph::item_set::{ItemId, ItemSet};
use crate::layers::compression::Compression;
use crate::size::known::{KnownPackage, KnownSizes, MeasuredLayer, PackedFile};
use crate::size::model::{Provenance, Size};
use crate::size::range::{Range, RangeOfSum};
use crate::size::{formulas, tar};

/// The sizes of all items of one app.
#[derive(Clone, Debug)]
pub struct ItemSizes {
    compression: Compression,
    sizes: Vec<Size>,
    /// Per item: what it takes more as the first file of a layer.
    more_when_first: Vec<ByteCount>,
    /// Per item: its directories, as positions in `directory_bytes`.
    directories: Vec<Vec<u32>>,
    directory_bytes: Vec<ByteCount>,
    /// Layers that were built.
    measured: Vec<MeasuredLayer>,
}

/// A standalone CPython build as toolchains bring it: about 45 MB compressed, 240 MB of files. Builds without debugging
/// symbols have a third of that, so the range is wide.
const INTERPRETER: Size = Size {
    tar_bytes: ByteCount(240_000_000),
    compressed_bytes: ByteCount(45_000_000),
    provenance: Provenance::Estimated,
    tar_range: Range { least: ByteCount(40_000_000), most: ByteCount(320_000_000) },
    compressed_range: Range { least: ByteCount(12_000_000), most: ByteCount(90_000_000) },
};
/// The script that the Python rules make to start a binary, without the paths of packages: 24,780 bytes with rules_python
/// 1.6.1 (measured on the demo's apps under Bazel 7.7.1); Bazel's own has 22 kB.
const LAUNCHER_SCRIPT: u64 = 24_780;
/// What that script takes compressed.
const LAUNCHER_COMPRESSED: u64 = 7_900;
/// How far deflate looks back: a copy of a file that ends farther away is compressed again.
const WINDOW: u64 = 32_000;
/// What a package counts as whose size neither lock nor wheel says: the mean wheel of a real service (65 packages in
/// 25,791,289 bytes).
pub const TYPICAL_WHEEL: ByteCount = ByteCount(397_000);

/// Sizes every item. `runfiles_root` is where the workspace's files land in the image, such as `app/main.runfiles/_main`.
#[must_use]
pub fn item_sizes(contents: &Contents, runfiles_root: &str, compression: Compression, known: &KnownSizes) -> ItemSizes {
    let mut table = Directories::default();
    let mut sizes = Vec::with_capacity(contents.items.len());
    let mut directories = Vec::with_capacity(contents.items.len());
    let mut more_when_first = Vec::with_capacity(contents.items.len());
    let imports = imports(contents, known);
    for (_, item) in contents.ids() {
        let packed = packed_file(&item.kind, known);
        more_when_first.push(packed.map_or(ByteCount::ZERO, |packed| packed.more_when_first));
        let (size, path) = match &item.kind {
            ItemKind::File { path, bytes } => {
                let path = format!("{runfiles_root}/{path}");
                (file_size(&path, *bytes, compression, packed), Some(path))
            }
            ItemKind::Generated { path, .. } => {
                let path = format!("{runfiles_root}/{path}");
                (generated_size(&path, compression), Some(path))
            }
            ItemKind::EmptyInit { path } => {
                let path = format!("{runfiles_root}/{path}");
                let tar_bytes = tar::entry_bytes(&path, ByteCount::ZERO);
                // Its header differs from its neighbours' by a few bytes.
                let (compressed_bytes, provenance) = match compression {
                    Compression::None => (tar_bytes, Provenance::Listed),
                    Compression::Gzip | Compression::Zstd => (EMPTY_COMPRESSED, Provenance::Packed),
                };
                (Size::exactly(tar_bytes, compressed_bytes, provenance), Some(path))
            }
            ItemKind::Package { wheel, name, version, .. } => {
                let key = (name.clone(), version.clone());
                let bytes = wheel.as_ref().and_then(|wheel| wheel.bytes).or_else(|| known.wheels.get(&key).copied());
                let found = known.packages.get(&key);
                (package_size(bytes, compression, found), found.map(|found| found.above.clone()))
            }
            ItemKind::Interpreter { .. } => match &known.interpreter {
                Some(found) => (package_size(None, compression, Some(found)), Some(found.above.clone())),
                None => (constant(INTERPRETER, compression), None),
            },
            ItemKind::Launcher => match &known.launcher {
                Some(found) => (package_size(None, compression, Some(found)), Some(found.above.clone())),
                None => {
                    let between = bytes_between(contents, item.label.package(), item.label.name());
                    let folder = format!("{runfiles_root}/{}/", item.label.package());
                    (launcher(imports, between, compression), Some(folder))
                }
            },
        };
        sizes.push(size);
        directories.push(path.map(|path| table.of(&path)).unwrap_or_default());
    }
    let measured = Vec::new();
    let directory_bytes = table.bytes;
    ItemSizes { compression, sizes, more_when_first, directories, directory_bytes, measured }.fitted_to(&known.layers)
}

fn packed_file(kind: &ItemKind, known: &KnownSizes) -> Option<PackedFile> {
    match kind {
        ItemKind::File { path, .. } => known.files.get(path).copied(),
        _ => None,
    }
}

/// Compressed bytes of an empty file's header between its neighbours'.
const EMPTY_COMPRESSED: ByteCount = ByteCount(40);

fn file_size(path: &str, bytes: ByteCount, compression: Compression, packed: Option<PackedFile>) -> Size {
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

/// A file that the build makes counts as empty; it may well be large, and nothing says how large.
fn generated_size(path: &str, compression: Compression) -> Size {
    const LIKELY_AT_MOST: ByteCount = ByteCount(1_000_000);
    let size = file_size(path, ByteCount::ZERO, compression, None);
    Size {
        provenance: Provenance::Estimated,
        tar_range: Range { least: size.tar_bytes, most: size.tar_bytes + LIKELY_AT_MOST },
        compressed_range: Range { least: size.compressed_bytes, most: size.compressed_bytes + LIKELY_AT_MOST },
        ..size
    }
}

/// How far compressed bytes may be off. Packed: files share words with others in the layer than here, and zlib's makers
/// differ by a hundredth. Estimated files: four fifths of the wheels that the formula was fitted on.
fn compressed_range(bytes: ByteCount, tar_bytes: ByteCount, compression: Compression, provenance: Provenance) -> Range {
    match (compression, provenance) {
        (Compression::None, _) => Range::exactly(bytes),
        (_, Provenance::Packed | Provenance::Measured) => Range {
            least: bytes.scaled(970, 1_000) - ByteCount(100),
            most: bytes.scaled(1_030, 1_000) + ByteCount(100),
        },
        (_, Provenance::Listed | Provenance::Estimated) => {
            Range { least: bytes.scaled(1, 2), most: (bytes.times(2) + ByteCount(300)).min(tar_bytes) }
        }
    }
}

/// By the package's own files where they were found, else by the wheel's length.
fn package_size(wheel: Option<ByteCount>, compression: Compression, found: Option<&KnownPackage>) -> Size {
    let Some(found) = found else { return wheel_size(wheel, compression) };
    let by_files = match (found.packed_bytes, wheel) {
        (Some(packed), _) => Some(packed),
        (None, Some(wheel)) => formulas::from_wheel_and_files(wheel, found.files, compression),
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
        (false, None, Some(_)) => formulas::range_with_files(compressed_bytes, compression),
        (false, None, None) => formulas::range_of_installed(found.installed_bytes, found.files),
    };
    Size { tar_bytes: found.tar_bytes, compressed_bytes, provenance, tar_range: found.tar_range, compressed_range }
}

fn wheel_size(wheel: Option<ByteCount>, compression: Compression) -> Size {
    let (length, provenance) = match wheel {
        Some(bytes) => (bytes, Provenance::Listed),
        None => (TYPICAL_WHEEL, Provenance::Estimated),
    };
    let ranges = [Compression::None, compression].map(|kind| match wheel {
        Some(bytes) => formulas::range_of_wheel(bytes, kind),
        // From a few files to as much as the largest of a hundred packages.
        None => Range { least: ByteCount(2_000), most: ByteCount(100_000_000) },
    });
    Size {
        tar_bytes: formulas::from_wheel(length, Compression::None),
        compressed_bytes: formulas::from_wheel(length, compression),
        // A tar's length by the wheel's is a guess: the lock says nothing of the files.
        provenance: if compression == Compression::None { Provenance::Estimated } else { provenance },
        tar_range: ranges[0],
        compressed_range: ranges[1],
    }
}

/// How many packages a launcher adds to Python's path, and the bytes of their paths.
fn imports(contents: &Contents, known: &KnownSizes) -> (u64, u64) {
    // The path of a package whose folder is not known is as long as in most hubs.
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

/// The bytes of the files that stand between the launcher and its copy in a tar that is sorted by name: the package's own
/// that come before it.
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

/// The launcher before it was built, twice: in the program's place and in the runfiles; with two links, an empty
/// `__init__.py`, and the file that names repositories, some 118 bytes for each package.
fn launcher((packages, imports): (u64, u64), between: u64, compression: Compression) -> Size {
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
    Size { tar_bytes, compressed_bytes, provenance: Provenance::Estimated, tar_range, compressed_range }
}

fn constant(size: Size, compression: Compression) -> Size {
    let compressed_bytes = match compression {
        Compression::None => size.tar_bytes,
        Compression::Gzip => size.compressed_bytes,
        // As for wheels.
        Compression::Zstd => size.compressed_bytes.scaled(93, 96),
    };
    let compressed_range = if compression == Compression::None { size.tar_range } else { size.compressed_range };
    Size { compressed_bytes, compressed_range, ..size }
}

/// Every directory once, with the bytes of its entry.
#[derive(Default)]
struct Directories {
    ids: BTreeMap<String, u32>,
    bytes: Vec<ByteCount>,
}

impl Directories {
    /// The directories above `path`, the outermost first.
    fn of(&mut self, path: &str) -> Vec<u32> {
        let ends = path.bytes().enumerate().filter(|&(_, byte)| byte == b'/').map(|(at, _)| at + 1);
        ends.filter_map(|end| path.get(..end)).map(|directory| self.id(directory)).collect()
    }

    fn id(&mut self, directory: &str) -> u32 {
        if let Some(&id) = self.ids.get(directory) {
            return id;
        }
        let id = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.bytes.push(tar::entry_bytes(directory, ByteCount::ZERO));
        self.ids.insert(directory.to_owned(), id);
        id
    }
}

impl ItemSizes {
    /// The size of one item's own entries.
    #[must_use]
    pub fn item(&self, item: ItemId) -> Option<Size> {
        self.sizes.get(item.index()).copied()
    }

    /// The size of `items` as one layer: measured, where exactly these were built into one; else the sum. The provenance
    /// of a sum is the weakest one that carries a twentieth of the bytes or more.
    #[must_use]
    pub fn layer(&self, items: &ItemSet) -> Size {
        let sum = self.sum(items);
        match self.measured.iter().find(|layer| layer.items == *items) {
            Some(layer) => {
                let tar_bytes = layer.tar_bytes.unwrap_or(sum.tar_bytes);
                let measured = Size::exactly(tar_bytes, layer.compressed_bytes, Provenance::Measured);
                Size { tar_range: layer.tar_bytes.map_or(sum.tar_range, Range::exactly), ..measured }
            }
            None => sum,
        }
    }

    /// Items of a measured layer share its bytes by their own sizes, so that a layer which differs from a measured one by
    /// little is as far from it as that little is large. They stay what they are known as.
    fn fitted_to(mut self, measured: &[MeasuredLayer]) -> Self {
        let mut fitted = ItemSet::default();
        for layer in measured {
            let sum = self.sum(&layer.items).compressed_bytes;
            if layer.items.intersects(&fitted) || self.compression == Compression::None {
                continue;
            }
            for item in layer.items.iter() {
                let scaled = |bytes: &mut ByteCount| *bytes = bytes.scaled(layer.compressed_bytes.0, sum.0);
                if let Some(size) = self.sizes.get_mut(item.index()) {
                    scaled(&mut size.compressed_bytes);
                    scaled(&mut size.compressed_range.least);
                    scaled(&mut size.compressed_range.most);
                }
                self.more_when_first.get_mut(item.index()).into_iter().for_each(scaled);
            }
            fitted.union_with(&layer.items);
        }
        self.measured = measured.to_vec();
        self
    }

    fn sum(&self, items: &ItemSet) -> Size {
        let mut tar_bytes = ByteCount::ZERO;
        let mut compressed_bytes = ByteCount::ZERO;
        let (mut tar_range, mut compressed_range) = (RangeOfSum::default(), RangeOfSum::default());
        let mut has_first = false;
        let mut by_provenance: BTreeMap<Provenance, ByteCount> = BTreeMap::new();
        let mut seen_directories = vec![false; self.directory_bytes.len()];
        for item in items.iter() {
            let Some(size) = self.item(item) else { continue };
            tar_bytes += size.tar_bytes;
            compressed_bytes += size.compressed_bytes;
            tar_range.add(size.tar_bytes, size.tar_range);
            compressed_range.add(size.compressed_bytes, size.compressed_range);
            // Only files that were packed here know what the first one takes more.
            if !has_first && size.provenance == Provenance::Packed {
                compressed_bytes += self.more_when_first.get(item.index()).copied().unwrap_or_default();
                has_first = true;
            }
            *by_provenance.entry(size.provenance).or_default() += size.compressed_bytes;
            for &directory in self.directories.get(item.index()).into_iter().flatten() {
                let index = directory as usize;
                if let (Some(seen), Some(&bytes)) = (seen_directories.get_mut(index), self.directory_bytes.get(index))
                    && !std::mem::replace(seen, true)
                {
                    tar_bytes += bytes;
                }
            }
        }
        let weighty = |(_, bytes): &(&Provenance, &ByteCount)| bytes.times(20) >= compressed_bytes;
        let provenance = by_provenance.iter().filter(weighty).map(|(&provenance, _)| provenance).max();
        let entries = tar_range.around(tar_bytes);
        let tar_range = Range { least: tar::archive_bytes(entries.least), most: tar::archive_bytes(entries.most) };
        let tar_bytes = tar::archive_bytes(tar_bytes);
        // A plain tar is stored as it is, folders and padding with it.
        let is_plain = self.compression == Compression::None;
        // Folders, the tar's end and the compressor's own frame, which no item has.
        const FRAME: ByteCount = ByteCount(1_500);
        let compressed = compressed_range.around(compressed_bytes);
        Size {
            tar_bytes,
            compressed_bytes: if is_plain { tar_bytes } else { compressed_bytes },
            provenance: provenance.unwrap_or(Provenance::Estimated),
            tar_range,
            compressed_range: if is_plain {
                tar_range
            } else {
                Range { least: compressed.least - FRAME, most: compressed.most + FRAME }
            },
        }
    }
}
