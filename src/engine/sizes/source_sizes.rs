//! Packs the workspace's files, and generated ones of Bazel's last build. Does IO; runs nothing.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::sizes::packed_cache::PackedCache;
use crate::engine::sizes::packing::{key, packed_bytes};
use crate::graph::contents::ItemKind;
use crate::jobs::{Progress, Watch};
use crate::layers::compression::Compression;
use crate::size::known::{KnownSizes, PackedFile, StreamGap};
use crate::size::pack::{Packer, entry_header};
use crate::workspace::model::Workspace;

/// Bazel's link to its outputs.
const BAZEL_BIN: &str = "bazel-bin";
/// Deflate's window: a file can only share content with its neighbour's end.
const NEIGHBOUR: usize = 32 * 1024;
/// Larger files are estimated: they would have to be in memory.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// Packs each file after its neighbour by path, as in a layer, and all of them in one stream.
pub(crate) fn pack_sources(
    workspace: &Workspace,
    model: &AppModel,
    cache: &mut PackedCache,
    known: &mut KnownSizes,
    watch: &dyn Watch,
) {
    let compression = model.compression.compression;
    add_generated(&workspace.root, model, known);
    let mut files: Vec<(&str, PathBuf)> =
        model.contents.items.iter().filter_map(|item| place_of(&workspace.root, &item.kind, known)).collect();
    files.sort_unstable();
    if compression == Compression::None {
        return;
    }
    let total = files.len() as u64;
    let Ok(mut together) = Packer::new(compression) else { return };
    let mut neighbour: Vec<u8> = Vec::new();
    for (done, (path, place)) in (0_u64..).zip(files) {
        if watch.is_cancelled() {
            return;
        }
        watch.report(Progress { message: format!("Packing {path}"), done, total });
        let Ok(entry) = read_entry(&place, &format!("{}/{path}", model.runfiles_root)) else { continue };
        let Ok(packed) = packed_file(&neighbour, &entry, compression, cache) else { continue };
        if together.bytes(&entry).is_err() {
            return;
        }
        known.files.insert(path.to_owned(), packed);
        neighbour = entry.get(entry.len().saturating_sub(NEIGHBOUR)..).unwrap_or_default().to_vec();
    }
    let first = known.files.values().next().map_or(ByteCount::ZERO, |file| file.more_when_first);
    let one_by_one = first + known.files.values().map(|file| file.bytes).sum();
    if let Ok(together) = together.finish()
        && !known.files.is_empty()
    {
        known.gap = Some(StreamGap { files: known.files.len() as u64, one_by_one, together });
    }
}

/// Lengths of generated files on this machine.
fn add_generated(root: &Path, model: &AppModel, known: &mut KnownSizes) {
    for item in &model.contents.items {
        if let ItemKind::Generated { path, .. } = &item.kind
            && let Ok(facts) = fs::metadata(root.join(BAZEL_BIN).join(path))
            && facts.is_file()
        {
            known.generated.insert(path.clone(), ByteCount(facts.len()));
        }
    }
}

/// A local file: its path in the workspace and on the disk.
fn place_of<'a>(root: &Path, kind: &'a ItemKind, known: &KnownSizes) -> Option<(&'a str, PathBuf)> {
    match kind {
        ItemKind::File { path, .. } => Some((path, root.join(path))),
        ItemKind::Generated { path, .. } if known.generated.contains_key(path) => {
            Some((path, root.join(BAZEL_BIN).join(path)))
        }
        _ => None,
    }
}

/// A tar entry: header and padded content.
fn read_entry(file: &Path, path: &str) -> io::Result<Vec<u8>> {
    let facts = fs::metadata(file)?;
    if !facts.is_file() || facts.len() > LARGEST_FILE {
        return Err(io::Error::other("no file that can be packed"));
    }
    let mut content = Vec::new();
    fs::File::open(file)?.take(LARGEST_FILE).read_to_end(&mut content)?;
    let mut entry = entry_header(path, content.len() as u64);
    entry.append(&mut content);
    entry.resize(entry.len().div_ceil(512) * 512, 0);
    Ok(entry)
}

fn packed_file(
    neighbour: &[u8],
    entry: &[u8],
    compression: Compression,
    cache: &mut PackedCache,
) -> io::Result<PackedFile> {
    let key = key(compression, &[neighbour, entry]);
    if let Some((bytes, more)) = cache.get(&key) {
        return Ok(PackedFile { bytes: ByteCount(bytes), more_when_first: ByteCount(more) });
    }
    let alone = packed_bytes(&[entry], compression)?;
    let bytes = if neighbour.is_empty() {
        // The first file has no neighbour: subtract a header packed alone.
        alone - packed_bytes(&[entry.get(..512).unwrap_or_default()], compression)?
    } else {
        packed_bytes(&[neighbour, entry], compression)? - packed_bytes(&[neighbour], compression)?
    };
    let bytes = bytes.min(alone);
    cache.put(key, (bytes.0, (alone - bytes).0));
    Ok(PackedFile { bytes, more_when_first: alone - bytes })
}
