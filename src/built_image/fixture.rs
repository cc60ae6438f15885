//! Images for tests: as values from one line of text, and as bytes.

use std::io::Write as _;
use std::path::Path;

use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use sha2::{Digest as _, Sha256};

use crate::built_image::model::{
    BuiltImage, BuiltLayer, ContentHash, Entry, EntryKind, ImagePlatform, Storage, UnpackedLayer,
};
use crate::byte_count::ByteCount;
use crate::layers::compression::Compression;

pub(crate) fn hash(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

/// Layers from `a 10 =x; dir/ | -a`: layers between `|`, entries between `;`. `path bytes`, with `=x` a content that others
/// share, `path/` a directory, `path@` a link, `-path` a whiteout, `path/!` an opaque one.
pub(crate) fn layers(text: &str) -> Vec<BuiltLayer> {
    text.split('|').map(layer).collect()
}

fn layer(text: &str) -> BuiltLayer {
    let entries: Vec<Entry> = text.split(';').filter_map(entry).collect();
    let bytes: ByteCount = entries.iter().map(|entry| entry.bytes).sum();
    BuiltLayer {
        digest: hash(text.trim().as_bytes()),
        diff_id: hash(format!("tar of {}", text.trim()).as_bytes()),
        media_type: None,
        compression: Compression::Gzip,
        compressed_bytes: Some(bytes),
        unpacked: Some(UnpackedLayer { tar_bytes: bytes.times(2), entries }),
        created_by: None,
        label: None,
    }
}

fn entry(text: &str) -> Option<Entry> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (path, rest) = words.split_first()?;
    let of = |path: &str, kind| Entry { path: path.into(), kind, bytes: ByteCount::ZERO };
    Some(if let Some(path) = path.strip_prefix('-') {
        of(path, EntryKind::Whiteout)
    } else if let Some(path) = path.strip_suffix("/!") {
        of(path, EntryKind::OpaqueWhiteout)
    } else if let Some(path) = path.strip_suffix('/') {
        of(path, EntryKind::Directory)
    } else if let Some(path) = path.strip_suffix('@') {
        of(path, EntryKind::Symlink)
    } else {
        let content = rest.get(1).map_or_else(|| hash(text.as_bytes()), |content| hash(content.as_bytes()));
        let bytes = ByteCount(rest[0].parse().unwrap());
        Entry { path: (*path).into(), kind: EntryKind::File { content: Some(content) }, bytes }
    })
}

pub(crate) fn image(text: &str) -> BuiltImage {
    BuiltImage {
        storage: Storage::OciLayout,
        name: None,
        platform: ImagePlatform::default(),
        digest: None,
        layers: layers(text),
        notes: Vec::new(),
    }
}

/// A tar of files, made by the `tar` crate: another hand than the one that reads it here.
pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn compressed(bytes: &[u8], compression: Compression) -> Vec<u8> {
    match compression {
        Compression::None => bytes.to_vec(),
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        Compression::Zstd => compress_to_vec(bytes, CompressionLevel::Fastest),
    }
}

/// An OCI layout in the making.
pub(crate) struct Layout {
    pub(crate) blobs: Vec<(String, Vec<u8>)>,
}

impl Layout {
    pub(crate) fn new() -> Self {
        Self { blobs: Vec::new() }
    }

    /// Adds a blob and gives its descriptor without the closing brace.
    pub(crate) fn add(&mut self, media_type: &str, bytes: Vec<u8>) -> String {
        let digest = hash(&bytes);
        let descriptor = format!(r#"{{"mediaType": "{media_type}", "digest": "{digest}", "size": {}"#, bytes.len());
        self.blobs.push((format!("blobs/sha256/{}", digest.hex()), bytes));
        descriptor
    }

    /// Adds an image and gives the descriptor of its manifest. Each layer: its tar, its form, the step that made it.
    pub(crate) fn image(&mut self, architecture: &str, layers: &[(Vec<u8>, Compression, &str)]) -> String {
        let mut descriptors = Vec::new();
        let mut diff_ids = Vec::new();
        let mut history = vec![r#"{"created_by": "ENV A=B", "empty_layer": true}"#.to_owned()];
        for (tar, compression, made_by) in layers {
            diff_ids.push(format!(r#""{}""#, hash(tar)));
            history.push(format!(r#"{{"created_by": "{made_by}"}}"#));
            let media_type = match compression {
                Compression::None => "application/vnd.oci.image.layer.v1.tar",
                Compression::Gzip => "application/vnd.oci.image.layer.v1.tar+gzip",
                Compression::Zstd => "application/vnd.oci.image.layer.v1.tar+zstd",
            };
            descriptors.push(self.add(media_type, compressed(tar, *compression)) + "}");
        }
        let configuration = format!(
            r#"{{"os": "linux", "architecture": "{architecture}", "rootfs": {{"type": "layers", "diff_ids": [{}]}}, "history": [{}]}}"#,
            diff_ids.join(","),
            history.join(",")
        );
        let configuration = self.add("application/vnd.oci.image.config.v1+json", configuration.into_bytes());
        // No media type of its own, as umoci writes it.
        let manifest =
            format!(r#"{{"schemaVersion": 2, "config": {configuration}}}, "layers": [{}]}}"#, descriptors.join(","));
        self.add("application/vnd.oci.image.manifest.v1+json", manifest.into_bytes())
    }

    pub(crate) fn index(descriptors: &[String]) -> Vec<u8> {
        format!(r#"{{"schemaVersion": 2, "manifests": [{}]}}"#, descriptors.join(",")).into_bytes()
    }

    /// All files of the layout whose index names these descriptors.
    pub(crate) fn files(&self, descriptors: &[String]) -> Vec<(String, Vec<u8>)> {
        let mut files = self.blobs.clone();
        files.push(("index.json".to_owned(), Self::index(descriptors)));
        files.push(("oci-layout".to_owned(), br#"{"imageLayoutVersion": "1.0.0"}"#.to_vec()));
        files
    }
}

pub(crate) fn write_folder(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

pub(crate) fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    tar_of(&files)
}
