//! The size of each item of an image, and of any set of them as one layer.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::graph::contents::{Contents, ItemKind};
use crate::graph::item_set::{ItemId, ItemSet};
use crate::size::known::{KnownPackage, KnownSizes, MeasuredLayer, PackedFile};
use crate::size::{formulas, tar};

/// How a number is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provenance {
    /// Read from a built image, or from a build.
    Measured,
    /// The files were compressed here.
    Packed,
    /// A lock file or wheel says so.
    Listed,
    /// A formula.
    Estimated,
}

impl Provenance {
    /// The word in JSON and in the window.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Packed => "packed",
            Self::Listed => "listed",
            Self::Estimated => "estimated",
        }
    }
}

/// What the registry stores a layer as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    /// The tar as it is.
    None,
    /// gzip, level 6.
    #[default]
    Gzip,
    /// zstd, level 3.
    Zstd,
}

impl Compression {
    /// The word on the command line and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// As it reads in a sentence: stored `with gzip`.
    #[must_use]
    pub fn as_words(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::Gzip => "with gzip",
            Self::Zstd => "with zstd",
        }
    }
}

/// The size of one item or layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Bytes of its entries in a tar; for a layer of the whole tar.
    pub tar_bytes: ByteCount,
    /// Bytes of what a registry stores.
    pub compressed_bytes: ByteCount,
    /// How the compressed bytes are known.
    pub provenance: Provenance,
}

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

/// A standalone CPython build as toolchains bring it: about 45 MB compressed, 240 MB of files.
const INTERPRETER: Size = Size {
    tar_bytes: ByteCount(240_000_000),
    compressed_bytes: ByteCount(45_000_000),
    provenance: Provenance::Estimated,
};
/// The script that Bazel's Python rules make to start a binary: 22 kB, in the image twice (beside its runfiles and among
/// them), 8 kB compressed (measured on the demo's apps under Bazel 7.7.1).
const LAUNCHER: Size = Size {
    tar_bytes: ByteCount(2 * (512 + 22_528)),
    compressed_bytes: ByteCount(8_000),
    provenance: Provenance::Estimated,
};
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
    for (_, item) in contents.ids() {
        let packed = packed_file(&item.kind, known);
        more_when_first.push(packed.map_or(ByteCount::ZERO, |packed| packed.more_when_first));
        let (size, path) = match &item.kind {
            ItemKind::File { path, bytes } => {
                let path = format!("{runfiles_root}/{path}");
                (file_size(&path, *bytes, compression, packed), Some(path))
            }
            ItemKind::Generated { path } => {
                let path = format!("{runfiles_root}/{path}");
                (file_size(&path, ByteCount::ZERO, compression, None), Some(path))
            }
            ItemKind::Package { wheel, name, version, .. } => {
                let key = (name.clone(), version.clone());
                let bytes = wheel.as_ref().and_then(|wheel| wheel.bytes).or_else(|| known.wheels.get(&key).copied());
                (package_size(bytes, compression, known.packages.get(&key)), None)
            }
            ItemKind::Interpreter { .. } => (constant(INTERPRETER, compression), None),
            ItemKind::Launcher => (constant(LAUNCHER, compression), None),
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

fn file_size(path: &str, bytes: ByteCount, compression: Compression, packed: Option<PackedFile>) -> Size {
    let tar_bytes = tar::entry_bytes(path, bytes);
    let (compressed_bytes, provenance) = match (packed, formulas::from_source(bytes, compression)) {
        // The tar's length is exact.
        (_, None) => (tar_bytes, Provenance::Listed),
        (Some(packed), Some(_)) => (packed.bytes, Provenance::Packed),
        (None, Some(formula)) => (formula, Provenance::Estimated),
    };
    Size { tar_bytes, compressed_bytes, provenance }
}

/// By the package's own files where they were found, else by the wheel's length.
fn package_size(wheel: Option<ByteCount>, compression: Compression, found: Option<&KnownPackage>) -> Size {
    let Some(found) = found else { return wheel_size(wheel, compression) };
    let by_files = match (found.packed_bytes, wheel) {
        (Some(packed), _) => Some(packed),
        (None, Some(wheel)) => formulas::from_wheel_and_files(wheel, found.files, compression),
        (None, None) => formulas::from_installed(found.installed_bytes, compression),
    };
    let is_exact = compression == Compression::None;
    Size {
        tar_bytes: found.tar_bytes,
        compressed_bytes: by_files.filter(|_| !is_exact).unwrap_or(found.tar_bytes),
        provenance: if is_exact { Provenance::Listed } else { found.provenance() },
    }
}

fn wheel_size(wheel: Option<ByteCount>, compression: Compression) -> Size {
    let (wheel, provenance) = match wheel {
        Some(bytes) => (bytes, Provenance::Listed),
        None => (TYPICAL_WHEEL, Provenance::Estimated),
    };
    Size {
        tar_bytes: formulas::from_wheel(wheel, Compression::None),
        compressed_bytes: formulas::from_wheel(wheel, compression),
        // A tar's length by the wheel's is a guess: the lock says nothing of the files.
        provenance: if compression == Compression::None { Provenance::Estimated } else { provenance },
    }
}

fn constant(size: Size, compression: Compression) -> Size {
    let compressed_bytes = match compression {
        Compression::None => size.tar_bytes,
        Compression::Gzip => size.compressed_bytes,
        // As for wheels.
        Compression::Zstd => size.compressed_bytes.scaled(93, 96),
    };
    Size { compressed_bytes, ..size }
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
            Some(layer) => Size {
                tar_bytes: layer.tar_bytes.unwrap_or(sum.tar_bytes),
                compressed_bytes: layer.compressed_bytes,
                provenance: Provenance::Measured,
            },
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
                self.sizes.get_mut(item.index()).into_iter().for_each(|size| scaled(&mut size.compressed_bytes));
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
        let mut has_first = false;
        let mut by_provenance: BTreeMap<Provenance, ByteCount> = BTreeMap::new();
        let mut seen_directories = vec![false; self.directory_bytes.len()];
        for item in items.iter() {
            let Some(size) = self.item(item) else { continue };
            tar_bytes += size.tar_bytes;
            compressed_bytes += size.compressed_bytes;
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
        let tar_bytes = tar::archive_bytes(tar_bytes);
        Size {
            tar_bytes,
            // A plain tar is stored as it is, folders and padding with it.
            compressed_bytes: if self.compression == Compression::None { tar_bytes } else { compressed_bytes },
            provenance: provenance.unwrap_or(Provenance::Estimated),
        }
    }
}
