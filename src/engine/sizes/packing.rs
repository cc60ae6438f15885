//! Packs files to learn their compressed size.

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::sizes::packed_cache::PackedCache;
use crate::hex::hex;
use crate::jobs::Watch;
use crate::layers::compression::Compression;
use crate::size::pack::{Packer, entry_header};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::PathBuf;

/// Larger packages are not packed.
const LARGEST_PACKAGE: u64 = 4 * 1024 * 1024 * 1024;

/// The runfiles folder in the image, without the workspace's own.
pub(crate) fn runfiles_folder(model: &AppModel) -> &str {
    model.runfiles_root.rsplit_once('/').map_or(model.runfiles_root.as_str(), |(above, _)| above)
}

pub(crate) fn packed_bytes(parts: &[&[u8]], compression: Compression) -> io::Result<ByteCount> {
    let mut packer = Packer::new(compression)?;
    for part in parts {
        packer.bytes(part)?;
    }
    packer.finish()
}

/// Packs files and the folders between them; `None` if one is missing or truncated. A file without a place holds zeros.
pub(crate) fn packed_files(
    files: Vec<(String, ByteCount, Option<PathBuf>)>,
    key: String,
    compression: Compression,
    cache: &mut PackedCache,
    watch: &dyn Watch,
) -> Option<ByteCount> {
    let total: ByteCount = files.iter().map(|(_, bytes, _)| *bytes).sum();
    if compression == Compression::None || total.0 > LARGEST_PACKAGE {
        return None;
    }
    if let Some((bytes, _)) = cache.get(&key) {
        return Some(ByteCount(bytes));
    }
    let mut packer = Packer::new(compression).ok()?;
    let mut folder = String::new();
    for (path, length, place) in &files {
        if watch.is_cancelled() {
            return None;
        }
        let of_path = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default();
        if !folder.starts_with(of_path) {
            packer.bytes(&entry_header(of_path, 0)).ok()?;
        }
        of_path.clone_into(&mut folder);
        match place {
            Some(place) => packer.file(path, length.0, &mut fs::File::open(place).ok()?).ok()?,
            None => packer.file(path, length.0, &mut io::empty()).ok()?,
        }
    }
    let bytes = packer.finish().ok()?;
    cache.put(key, (bytes.0, 0));
    Some(bytes)
}

/// A key of content and compression.
pub(crate) fn key(compression: Compression, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    hash.update(compression.as_str().as_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}
