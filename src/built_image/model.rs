//! A built image as values: its layers, and what is in them.

use std::fmt;
use std::str::FromStr;

use crate::byte_count::ByteCount;
use crate::hex::hex;
use crate::label::Label;
use crate::layers::compression::Compression;

/// The SHA-256 of some bytes. Written `sha256:<64 hexadecimal digits>`, as registries do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// The 64 hexadecimal digits, without `sha256:`.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut hash = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != hash.len() || !rest.is_empty() {
            return None;
        }
        for (slot, &[high, low]) in hash.iter_mut().zip(pairs) {
            *slot = digit(high)? << 4 | digit(low)?;
        }
        Some(Self(hash))
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sha256:{}", self.hex())
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A platform as images name it: `linux/amd64`, `linux/arm/v7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImagePlatform {
    /// `GOOS` of the Go documentation, such as `linux`.
    pub os: String,
    /// `GOARCH` of the Go documentation, such as `amd64`.
    pub architecture: String,
    /// The processor's variant, such as `v7`.
    pub variant: Option<String>,
}

impl Default for ImagePlatform {
    fn default() -> Self {
        Self { os: "linux".to_owned(), architecture: "amd64".to_owned(), variant: None }
    }
}

impl ImagePlatform {
    /// Whether an image for `self` is what somebody who asks for `wanted` wants: the variant counts where it was named.
    #[must_use]
    pub fn answers(&self, wanted: &Self) -> bool {
        self.os == wanted.os
            && self.architecture == wanted.architecture
            && (wanted.variant.is_none() || self.variant == wanted.variant)
    }
}

impl fmt::Display for ImagePlatform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) => write!(formatter, "/{variant}"),
            None => Ok(()),
        }
    }
}

impl FromStr for ImagePlatform {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [os, architecture, variant @ ..] if variant.len() <= 1 && parts.iter().all(|part| !part.is_empty()) => {
                Ok(Self {
                    os: (*os).to_owned(),
                    architecture: (*architecture).to_owned(),
                    variant: variant.first().map(|variant| (*variant).to_owned()),
                })
            }
            _ => Err(format!("{text:?} is no platform; write os/architecture, such as linux/arm64")),
        }
    }
}

/// Where an image is, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A folder with `index.json` and `blobs` (OCI image-spec, image-layout.md).
    OciLayout,
    /// The same packed as one tar.
    OciArchive,
    /// A tar with `manifest.json`, as `docker save` writes it.
    DockerArchive,
    /// A registry, of which only manifest and configuration are read.
    Registry,
}

impl Storage {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OciLayout => "oci-layout",
            Self::OciArchive => "oci-archive",
            Self::DockerArchive => "docker-archive",
            Self::Registry => "registry",
        }
    }
}

/// An image for one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltImage {
    /// Where it is, and in which form.
    pub storage: Storage,
    /// The name it was saved under.
    pub name: Option<String>,
    /// What it runs on.
    pub platform: ImagePlatform,
    /// The digest of its manifest; `docker save` keeps none.
    pub digest: Option<ContentHash>,
    /// Its layers, lowest first.
    pub layers: Vec<BuiltLayer>,
    /// What the reader should know about the figures.
    pub notes: Vec<String>,
}

/// One layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltLayer {
    /// SHA-256 of the bytes as they are stored: what a registry knows the layer by, if this is how it was pushed.
    pub digest: ContentHash,
    /// SHA-256 of its tar.
    pub diff_id: ContentHash,
    /// What the manifest says the layer is; `docker save` says nothing.
    pub media_type: Option<String>,
    /// How it is stored.
    pub compression: Compression,
    /// Bytes that a registry stores; `None` where the archive holds the bare tar and the registry may hold another form.
    pub compressed_bytes: Option<ByteCount>,
    /// Its tar; `None` where only the manifest was read, as from a registry.
    pub unpacked: Option<UnpackedLayer>,
    /// The step that made it, by the image's history.
    pub created_by: Option<String>,
    /// The target that made it, where the history says `bazel build <label>`.
    pub label: Option<Label>,
}

/// A layer's tar, read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedLayer {
    /// Its length.
    pub tar_bytes: ByteCount,
    /// What is in it, in the order of the tar.
    pub entries: Vec<Entry>,
}

impl BuiltImage {
    /// Whether the tars of all layers were read, so that their files are known.
    #[must_use]
    pub fn is_unpacked(&self) -> bool {
        self.layers.iter().all(|layer| layer.unpacked.is_some())
    }

    /// Bytes of the tars of all layers, where they were read.
    #[must_use]
    pub fn tar_bytes(&self) -> Option<ByteCount> {
        self.layers.iter().map(BuiltLayer::tar_bytes).sum()
    }
}

impl BuiltLayer {
    /// Bytes of its tar, where it was read.
    #[must_use]
    pub fn tar_bytes(&self) -> Option<ByteCount> {
        self.unpacked.as_ref().map(|unpacked| unpacked.tar_bytes)
    }

    /// What is in it, in the order of the tar; nothing where the tar was not read.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.unpacked.as_ref().map_or(&[], |unpacked| &unpacked.entries)
    }

    /// The bytes that are fetched for it, as far as they are known: those stored, else those of the tar.
    #[must_use]
    pub fn fetched_bytes(&self) -> ByteCount {
        self.compressed_bytes.or(self.tar_bytes()).unwrap_or_default()
    }

    /// How many of its entries are of a kind.
    #[must_use]
    pub fn count(&self, is_kind: impl Fn(&EntryKind) -> bool) -> usize {
        self.entries().iter().filter(|entry| is_kind(&entry.kind)).count()
    }

    /// Bytes of the contents of its files.
    #[must_use]
    pub fn file_bytes(&self) -> ByteCount {
        self.entries().iter().filter(|entry| entry.kind.is_file()).map(|entry| entry.bytes).sum()
    }
}

/// One entry of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path, without `./` or `/` in front or behind; `.` is the root. Of a whiteout, the path that it removes.
    ///
    /// Text only: it may hold `..` and control characters, and is never used to open a file.
    pub path: Box<str>,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of its content; zero for all but files.
    pub bytes: ByteCount,
}

/// What an entry of a layer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file; a sparse one has no hash, because its holes are not in the tar.
    File {
        /// The hash of its content.
        content: Option<ContentHash>,
    },
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// Another name for a file of the same layer.
    Hardlink,
    /// Removes what lower layers have at the path (image-spec, layer.md, "Whiteouts").
    Whiteout,
    /// Removes all that lower layers have in the directory at the path ("Opaque Whiteout").
    OpaqueWhiteout,
    /// A device, a pipe, or something unknown.
    Special,
}

impl EntryKind {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::File { .. } => "file",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Hardlink => "hardlink",
            Self::Whiteout => "whiteout",
            Self::OpaqueWhiteout => "opaque_whiteout",
            Self::Special => "special",
        }
    }

    /// Whether it is a file with a content of its own.
    #[must_use]
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_what_it_prints_and_nothing_else() {
        let hash = ContentHash(std::array::from_fn(|index| index as u8 * 8));
        assert_eq!(ContentHash::from_hex(&hash.hex()), Some(hash));
        for text in ["", "00", &"0".repeat(63), &"0".repeat(65), &"A".repeat(64), &"é".repeat(32)] {
            assert_eq!(ContentHash::from_hex(text), None, "{text}");
        }
    }

    #[test]
    fn a_platform_answers_for_its_variants() {
        let platform = |text: &str| text.parse::<ImagePlatform>().unwrap();
        assert!(platform("linux/arm/v7").answers(&platform("linux/arm")));
        assert!(!platform("linux/arm/v7").answers(&platform("linux/arm/v6")));
        assert!(!platform("linux/arm64").answers(&platform("linux/amd64")));
        assert_eq!(platform("linux/arm/v7").to_string(), "linux/arm/v7");
        for text in ["", "linux", "linux/", "/amd64", "linux/arm/v7/x"] {
            assert!(text.parse::<ImagePlatform>().is_err(), "{text}");
        }
    }
}
