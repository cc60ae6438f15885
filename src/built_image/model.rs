use std::fmt;
use std::str::FromStr;

use crate::byte_count::ByteCount;
use crate::hex::hex;
use crate::label::Label;
use crate::layers::compression::Compression;

/// A SHA-256, written `sha256:<64 hexadecimal digits>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// Without `sha256:`.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

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

/// For example `linux/amd64`, `linux/arm/v7`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImagePlatform {
    /// `GOOS` of the Go documentation, such as `linux`.
    pub os: String,
    /// `GOARCH` of the Go documentation, such as `amd64`.
    pub architecture: String,
    /// For example `v7`.
    pub variant: Option<String>,
}

impl Default for ImagePlatform {
    fn default() -> Self {
        Self { os: "linux".to_owned(), architecture: "amd64".to_owned(), variant: None }
    }
}

impl ImagePlatform {
    /// Returns `true` if an image for `self` fits `wanted`. A variant counts only if wanted.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A folder with `index.json` and `blobs` (OCI image-spec, image-layout.md).
    OciLayout,
    /// The same in one tar.
    OciArchive,
    /// A tar with `manifest.json`, as `docker save` writes it.
    DockerArchive,
    /// Only manifest and configuration are read.
    Registry,
}

impl Storage {
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltImage {
    pub storage: Storage,
    /// The name it was saved under.
    pub name: Option<String>,
    pub platform: ImagePlatform,
    /// Digest of the manifest; `docker save` keeps none.
    pub digest: Option<ContentHash>,
    /// Lowest first.
    pub layers: Vec<BuiltLayer>,
    /// Notes about the figures.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltLayer {
    /// SHA-256 of the stored bytes: the registry's digest, if pushed like this.
    pub digest: ContentHash,
    /// SHA-256 of the tar.
    pub diff_id: ContentHash,
    /// From the manifest; `docker save` has none.
    pub media_type: Option<String>,
    pub compression: Compression,
    /// `None` for a bare tar in an archive, which the registry may hold in another form.
    pub compressed_bytes: Option<ByteCount>,
    /// `None` if only the manifest was read.
    pub unpacked: Option<UnpackedLayer>,
    /// From the image's history.
    pub created_by: Option<String>,
    /// From `bazel build <label>` in the history.
    pub label: Option<Label>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnpackedLayer {
    pub tar_bytes: ByteCount,
    /// In the order of the tar.
    pub entries: Vec<Entry>,
}

impl BuiltImage {
    #[must_use]
    pub fn is_unpacked(&self) -> bool {
        self.layers.iter().all(|layer| layer.unpacked.is_some())
    }

    /// If all were read.
    #[must_use]
    pub fn tar_bytes(&self) -> Option<ByteCount> {
        self.layers.iter().map(BuiltLayer::tar_bytes).sum()
    }
}

impl BuiltLayer {
    #[must_use]
    pub fn tar_bytes(&self) -> Option<ByteCount> {
        self.unpacked.as_ref().map(|unpacked| unpacked.tar_bytes)
    }

    /// In the order of the tar; empty if it was not read.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        self.unpacked.as_ref().map_or(&[], |unpacked| &unpacked.entries)
    }

    /// The stored bytes if known, else those of the tar.
    #[must_use]
    pub fn fetched_bytes(&self) -> ByteCount {
        self.compressed_bytes.or(self.tar_bytes()).unwrap_or_default()
    }

    #[must_use]
    pub fn count(&self, is_kind: impl Fn(&EntryKind) -> bool) -> usize {
        self.entries().iter().filter(|entry| is_kind(&entry.kind)).count()
    }

    #[must_use]
    pub fn file_bytes(&self) -> ByteCount {
        self.entries().iter().filter(|entry| entry.kind.is_file()).map(|entry| entry.bytes).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Without `./` or `/` at its ends; `.` is the root. For a whiteout, the removed path. May hold `..` and control
    /// characters, and is never used to open a file.
    pub path: Box<str>,
    pub kind: EntryKind,
    /// Zero for all but files.
    pub bytes: ByteCount,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A sparse file has no hash, because its holes are not in the tar.
    File {
        content: Option<ContentHash>,
    },
    Directory,
    Symlink,
    Hardlink,
    /// Removes lower layers' content of the path (image-spec, layer.md, "Whiteouts").
    Whiteout,
    /// Removes lower layers' content of the directory ("Opaque Whiteout").
    OpaqueWhiteout,
    Special,
}

impl EntryKind {
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
