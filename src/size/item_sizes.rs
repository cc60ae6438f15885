//! Sizes of an image's items, and of sets of them as one layer.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::graph::contents::{Contents, Item, ItemKind};
use crate::graph::item_set::{ItemId, ItemSet};
use crate::layers::compression::Compression;
use crate::size::file_sizes::{empty_file_size, file_size};
use crate::size::interpreter::interpreter_archive;
use crate::size::known::{KnownPackage, KnownSizes, MeasuredLayer, PackedFile};
use crate::size::launcher::{bytes_between, imports, launcher};
use crate::size::model::{Provenance, Size, Unknown};
use crate::size::package_sizes::{found_size, interpreter_size, typical_size, wheel_size};
use crate::size::range::{Range, RangeOfSum};
use crate::size::tar;
use crate::size::typical::typical_wheel;
use crate::workspace::platform::Platform;

#[derive(Clone, Debug)]
pub struct ItemSizes {
    compression: Compression,
    sizes: Vec<Size>,
    /// Additional bytes of each item as the first file of a layer.
    more_when_first: Vec<ByteCount>,
    /// Directories of each item, as positions in `directory_bytes`.
    directories: Vec<Vec<u32>>,
    directory_bytes: Vec<ByteCount>,
    /// Layers that were built.
    measured: Vec<MeasuredLayer>,
}

/// `runfiles_root` is the workspace's folder in the image, such as `app/main.runfiles/_main`.
#[must_use]
pub fn item_sizes(
    contents: &Contents,
    runfiles_root: &str,
    compression: Compression,
    platform: &Platform,
    known: &KnownSizes,
) -> ItemSizes {
    let sizing = Sizing { contents, runfiles_root, compression, platform, known, imports: imports(contents, known) };
    let mut table = Directories::default();
    let mut sizes = Vec::with_capacity(contents.items.len());
    let mut directories = Vec::with_capacity(contents.items.len());
    let mut more_when_first = Vec::with_capacity(contents.items.len());
    for item in &contents.items {
        let packed = packed_file(&item.kind, known);
        more_when_first.push(packed.map_or(ByteCount::ZERO, |packed| packed.more_when_first));
        let (size, path) = sizing.size_and_path(item);
        sizes.push(size);
        directories.push(path.map(|path| table.of(&path)).unwrap_or_default());
    }
    let measured = Vec::new();
    let directory_bytes = table.bytes;
    ItemSizes { compression, sizes, more_when_first, directories, directory_bytes, measured }.fitted_to(&known.layers)
}

struct Sizing<'a> {
    contents: &'a Contents,
    runfiles_root: &'a str,
    compression: Compression,
    platform: &'a Platform,
    known: &'a KnownSizes,
    /// Number of packages on the launcher's path, and bytes of their paths.
    imports: (u64, u64),
}

impl Sizing<'_> {
    /// The size, and the path whose folders it needs, if known.
    fn size_and_path(&self, item: &Item) -> (Size, Option<String>) {
        let (compression, known) = (self.compression, self.known);
        let at = |path: &str| format!("{}/{path}", self.runfiles_root);
        let by_files = |found: &KnownPackage, wheel| (found_size(found, wheel, compression), Some(found.above.clone()));
        match &item.kind {
            ItemKind::File { path, bytes } => {
                let packed = known.files.get(path).copied();
                (file_size(&at(path), *bytes, compression, packed), Some(at(path)))
            }
            ItemKind::Generated { path, .. } => match known.generated.get(path) {
                Some(bytes) => {
                    let packed = known.files.get(path).copied();
                    (file_size(&at(path), *bytes, compression, packed), Some(at(path)))
                }
                None => (Size::unknown(Unknown::OTHER), Some(at(path))),
            },
            ItemKind::EmptyInit { path } => (empty_file_size(&at(path), compression), Some(at(path))),
            ItemKind::Package { wheel, name, version, .. } => {
                let key = (name.clone(), version.clone());
                let wheel = wheel.as_ref().and_then(|wheel| wheel.bytes).or_else(|| known.wheels.get(&key).copied());
                match (known.packages.get(&key), wheel) {
                    (Some(found), wheel) => by_files(found, wheel),
                    (None, Some(wheel)) => (wheel_size(wheel, compression), None),
                    (None, None) => {
                        let typical = typical_wheel(name, version, self.platform);
                        (
                            typical
                                .map_or(Size::unknown(Unknown::PACKAGE), |typical| typical_size(&typical, compression)),
                            None,
                        )
                    }
                }
            }
            ItemKind::Interpreter { version, full } => match &known.interpreter {
                Some(found) => by_files(found, None),
                None => {
                    let minor = version.map(|(major, minor)| format!("{major}.{minor}"));
                    let version = full.clone().or(minor).unwrap_or_else(|| "3".to_owned());
                    let archive = interpreter_archive(&version, self.platform);
                    (
                        archive
                            .map_or(Size::unknown(Unknown::OTHER), |archive| interpreter_size(&archive, compression)),
                        None,
                    )
                }
            },
            ItemKind::Launcher => match &known.launcher {
                Some(found) => by_files(found, None),
                None => {
                    let between = bytes_between(self.contents, item.label.package(), item.label.name());
                    let folder = format!("{}/{}/", self.runfiles_root, item.label.package());
                    (launcher(self.imports, between, compression), Some(folder))
                }
            },
        }
    }
}

fn packed_file(kind: &ItemKind, known: &KnownSizes) -> Option<PackedFile> {
    match kind {
        ItemKind::File { path, .. } | ItemKind::Generated { path, .. } => known.files.get(path).copied(),
        _ => None,
    }
}

/// Each directory with the bytes of its entry.
#[derive(Default)]
struct Directories {
    ids: BTreeMap<String, u32>,
    bytes: Vec<ByteCount>,
}

impl Directories {
    /// Directories above `path`, outermost first.
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
    /// The size of the item's own entries.
    #[must_use]
    pub fn item(&self, item: ItemId) -> Option<Size> {
        self.sizes.get(item.index()).copied()
    }

    /// The sizes of all items' own entries, by position.
    #[must_use]
    pub(crate) fn all(&self) -> &[Size] {
        &self.sizes
    }

    /// The size of `items` as one layer: measured, if exactly these were built; else the sum. A sum's provenance is the
    /// weakest of at least a twentieth of the bytes; items of unknown size are counted separately.
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

    /// Items of a measured layer share its bytes in proportion, so that a slightly different layer differs slightly.
    /// Provenance stays.
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
        let mut unknown = Unknown::default();
        let mut has_first = false;
        let mut by_provenance: BTreeMap<Provenance, ByteCount> = BTreeMap::new();
        let mut seen_directories = vec![false; self.directory_bytes.len()];
        for item in items.iter() {
            let Some(size) = self.item(item) else { continue };
            unknown = unknown + size.unknown;
            tar_bytes += size.tar_bytes;
            compressed_bytes += size.compressed_bytes;
            tar_range.add(size.tar_bytes, size.tar_range);
            compressed_range.add(size.compressed_bytes, size.compressed_range);
            // The extra of a first file is only known for packed files.
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
        let is_figure = |(provenance, _): &(&Provenance, &ByteCount)| **provenance != Provenance::Unknown;
        let weighty = |(_, bytes): &(&Provenance, &ByteCount)| bytes.times(20) >= compressed_bytes;
        let provenance =
            by_provenance.iter().filter(is_figure).filter(weighty).map(|(&provenance, _)| provenance).max();
        let entries = tar_range.around(tar_bytes);
        let tar_range = Range { least: tar::archive_bytes(entries.least), most: tar::archive_bytes(entries.most) };
        let tar_bytes = tar::archive_bytes(tar_bytes);
        // A plain tar is stored with folders and padding.
        let is_plain = self.compression == Compression::None;
        // Folders, the tar's end and the compressor's frame.
        const FRAME: ByteCount = ByteCount(1_500);
        let compressed = compressed_range.around(compressed_bytes);
        Size {
            tar_bytes,
            compressed_bytes: if is_plain { tar_bytes } else { compressed_bytes },
            provenance: provenance.unwrap_or(if unknown.is_empty() {
                Provenance::Estimated
            } else {
                Provenance::Unknown
            }),
            tar_range,
            compressed_range: if is_plain {
                tar_range
            } else {
                Range { least: compressed.least - FRAME, most: compressed.most + FRAME }
            },
            unknown,
        }
    }
}
