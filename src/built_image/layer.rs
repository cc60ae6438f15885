//! One layer, from stored bytes to entries. Writes nothing; memory holds the entries and one buffer.

use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

use crate::built_image::decode::{Decoder, Gauge, Stop, Stored, Unpacked};
use crate::built_image::error::ImageError;
use crate::built_image::limits::Limits;
use crate::built_image::model::{ContentHash, Entry, EntryKind};
use crate::built_image::tar_stream::{TarEntry, TarError, TarKind, TarStream};
use crate::byte_count::ByteCount;
use crate::layers::compression::Compression;

/// A layer as the image describes it.
#[derive(Clone, Debug)]
pub struct ExpectedLayer {
    /// Digest or file, for messages.
    pub what: String,
    /// Digest of the stored bytes, if known.
    pub digest: Option<ContentHash>,
    pub bytes: u64,
    pub diff_id: ContentHash,
}

/// What may still be read, over all layers of an image.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    tar_bytes: u64,
    entries: usize,
    path_bytes: usize,
}

impl Budget {
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self { tar_bytes: limits.tar_bytes, entries: limits.entries, path_bytes: limits.all_path_bytes }
    }
}

/// A layer with verified digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedLayer {
    /// Of the stored bytes.
    pub digest: ContentHash,
    pub compression: Compression,
    pub tar_bytes: ByteCount,
    pub entries: Vec<Entry>,
}

/// Reads and verifies a layer. `tick` gets the stored bytes read so far; `false` stops.
///
/// # Errors
/// When digests differ, the layer is broken, or a limit or the budget is exceeded.
pub fn scan_layer(
    stored: &mut dyn Read,
    expected: &ExpectedLayer,
    budget: &mut Budget,
    limits: &Limits,
    tick: &mut dyn FnMut(u64) -> bool,
) -> Result<ScannedLayer, ImageError> {
    if expected.bytes > limits.stored_bytes {
        let what = format!("the stored bytes of layer {}", expected.what);
        return Err(ImageError::TooLarge { what, limit: limits.stored_bytes });
    }
    let gauge = Gauge::default();
    let decoder = Decoder::new(Stored::new(stored, expected.bytes, &gauge, tick));
    let decoder = decoder.map_err(|error| broken(error, &gauge, expected, Compression::None, limits))?;
    let compression = decoder.compression();
    let mut tar = TarStream::new(Unpacked::new(decoder, budget.tar_bytes, &gauge, limits), limits);
    let entries = read_entries(&mut tar, budget, limits).map_err(|error| match error {
        EntriesError::Limit(error) => error,
        EntriesError::Tar(TarError::Source(error)) => broken(error, &gauge, expected, compression, limits),
        EntriesError::Tar(TarError::Broken { offset, reason }) => {
            ImageError::Tar { what: format!("layer {}", expected.what), offset, reason }
        }
    })?;
    let ends = tar.into_source().finish().map_err(|error| broken(error, &gauge, expected, compression, limits))?;
    let check = |what: String, expected: ContentHash, found: ContentHash| {
        if expected == found { Ok(()) } else { Err(ImageError::WrongDigest { what, expected, found }) }
    };
    check(format!("layer {}", expected.what), expected.digest.unwrap_or(ends.stored), ends.stored)?;
    check(format!("the tar of layer {}", expected.what), expected.diff_id, ends.tar)?;
    budget.tar_bytes = budget.tar_bytes.saturating_sub(ends.tar_bytes);
    Ok(ScannedLayer { digest: ends.stored, compression, tar_bytes: ByteCount(ends.tar_bytes), entries })
}

/// The reason of a failed read: a stop from within, else a broken stream.
fn broken(
    error: io::Error,
    gauge: &Gauge,
    expected: &ExpectedLayer,
    compression: Compression,
    limits: &Limits,
) -> ImageError {
    let layer = expected.what.clone();
    match gauge.take_stop() {
        Some(Stop::Disk(source)) => ImageError::Disk { path: layer.into(), source },
        Some(Stop::WrongSize { expected, found }) => {
            ImageError::WrongSize { what: format!("layer {layer}"), expected, found }
        }
        Some(Stop::TooLarge { limit }) => ImageError::TooLarge { what: "bytes of the layers' tars".to_owned(), limit },
        Some(Stop::Bomb) => ImageError::Bomb { layer, ratio: limits.ratio },
        Some(Stop::Cancelled) => ImageError::Cancelled,
        None => ImageError::Stream {
            layer,
            compression: match compression {
                Compression::None => "tar",
                Compression::Gzip => "gzip",
                Compression::Zstd => "zstd",
            },
            reason: match error.kind() {
                io::ErrorKind::UnexpectedEof => "it ends in the middle".to_owned(),
                _ => error.to_string(),
            },
        },
    }
}

enum EntriesError {
    Tar(TarError),
    Limit(ImageError),
}

impl From<TarError> for EntriesError {
    fn from(error: TarError) -> Self {
        Self::Tar(error)
    }
}

fn read_entries(
    tar: &mut TarStream<Unpacked<'_>>,
    budget: &mut Budget,
    limits: &Limits,
) -> Result<Vec<Entry>, EntriesError> {
    let too_large = |what: &str, limit: usize| {
        EntriesError::Limit(ImageError::TooLarge { what: what.to_owned(), limit: limit as u64 })
    };
    let mut buffer = vec![0; 1 << 16];
    let mut entries = Vec::new();
    while let Some(entry) = tar.next_entry()? {
        let path = clean_path(&entry.path);
        budget.entries =
            budget.entries.checked_sub(1).ok_or_else(|| too_large("entries of all layers", limits.entries))?;
        budget.path_bytes = budget
            .path_bytes
            .checked_sub(path.len())
            .ok_or_else(|| too_large("bytes of all paths", limits.all_path_bytes))?;
        let content = match entry.kind {
            TarKind::File => Some(content_hash(tar, &mut buffer)?),
            _ => None,
        };
        entries.push(named(&entry, path, content));
    }
    Ok(entries)
}

fn content_hash(tar: &mut TarStream<Unpacked<'_>>, buffer: &mut [u8]) -> Result<ContentHash, TarError> {
    let mut hasher = Sha256::new();
    loop {
        match tar.read_content(buffer)? {
            0 => return Ok(ContentHash(hasher.finalize().into())),
            read => hasher.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// `.wh.` in front of a name makes a whiteout.
fn named(entry: &TarEntry, path: String, content: Option<ContentHash>) -> Entry {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
    let whiteout = match name.strip_prefix(".wh.") {
        None => None,
        Some(".wh..opq") => Some((EntryKind::OpaqueWhiteout, if folder.is_empty() { "." } else { folder }.to_owned())),
        // AUFS reserved these names; they remove nothing.
        Some(rest) if rest.starts_with(".wh.") || rest.is_empty() => Some((EntryKind::Special, path.clone())),
        Some(rest) if folder.is_empty() => Some((EntryKind::Whiteout, rest.to_owned())),
        Some(rest) => Some((EntryKind::Whiteout, format!("{folder}/{rest}"))),
    };
    if let Some((kind, path)) = whiteout {
        return Entry { path: path.into(), kind, bytes: ByteCount::ZERO };
    }
    let kind = match entry.kind {
        TarKind::File | TarKind::SparseFile => EntryKind::File { content },
        TarKind::Directory => EntryKind::Directory,
        TarKind::Symlink => EntryKind::Symlink,
        TarKind::Hardlink => EntryKind::Hardlink,
        TarKind::Other => EntryKind::Special,
    };
    let bytes = if kind.is_file() { ByteCount(entry.bytes) } else { ByteCount::ZERO };
    Entry { path: path.into(), kind, bytes }
}

/// The path without empty and `.` parts; `.` if nothing is left. `..` stays. Bytes that are not UTF-8 become `\xNN`.
pub(crate) fn clean_path(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().escape_ascii().map(char::from));
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart_as_they_unpack() {
        for (path, expected) in [
            (&b"./app/main.py"[..], "app/main.py"),
            (b"/etc//passwd", "etc/passwd"),
            (b"app/", "app"),
            (b"./", "."),
            (b"", "."),
            (b"../../etc/./passwd", "../../etc/passwd"),
            (b"a\xff/b", "a\\xff/b"),
        ] {
            assert_eq!(clean_path(path), expected);
        }
    }

    #[test]
    fn whiteouts_name_what_they_remove() {
        let check = |path: &str, expected: &str, kind: EntryKind| {
            let path_bytes = path.as_bytes().to_vec();
            let entry =
                TarEntry { path: path_bytes, kind: TarKind::Directory, bytes: 0, link: Vec::new(), content_offset: 0 };
            let entry = named(&entry, path.to_owned(), None);
            assert_eq!((&*entry.path, entry.kind), (expected, kind), "{path}");
        };
        check("app/.wh.old", "app/old", EntryKind::Whiteout);
        check(".wh.old", "old", EntryKind::Whiteout);
        check("app/.wh..wh..opq", "app", EntryKind::OpaqueWhiteout);
        check(".wh..wh..opq", ".", EntryKind::OpaqueWhiteout);
        check(".wh..wh.plnk", ".wh..wh.plnk", EntryKind::Special);
        check("app/.wh.", "app/.wh.", EntryKind::Special);
        check("app/what", "app/what", EntryKind::Directory);
    }
}
