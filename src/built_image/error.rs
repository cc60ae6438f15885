use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::built_image::model::ContentHash;
use crate::built_image::registry::reference::ReferenceError;
use crate::size::network::NetworkError;

/// Why an image can't be read. Text from the image is quoted, with control characters escaped.
#[derive(Debug, Error)]
pub enum ImageError {
    #[error("{}: {source}", path.display())]
    Disk { path: PathBuf, source: io::Error },
    #[error(
        "{}: no image is here; give an OCI image layout (a folder or tar with index.json) or a tar written by `docker save`",
        .0.display()
    )]
    NotAnImage(PathBuf),
    /// The archive itself is compressed, so nothing in it can be looked up.
    #[error("{}: this archive is compressed as a whole; unpack it with gzip -d or zstd -d and give the tar", .0.display())]
    CompressedArchive(PathBuf),
    #[error("{what} can't be understood: {reason}")]
    Document { what: String, reason: String },
    #[error("{what}: more than {limit}, so the image is refused")]
    TooLarge { what: String, limit: u64 },
    #[error("layer {layer}: one stored byte unpacks to more than {ratio}; such a layer is made to fill memory or disk")]
    Bomb {
        layer: String,
        /// The greatest ratio that is read.
        ratio: u64,
    },
    #[error("{what}: the content has the digest {found}, but {expected} is what refers to it; the image is damaged")]
    WrongDigest { what: String, expected: ContentHash, found: ContentHash },
    #[error("{what}: {found} bytes are stored, but its descriptor says {expected}; the image is damaged")]
    WrongSize {
        what: String,
        expected: u64,
        /// Reading stops at the first byte too many.
        found: u64,
    },
    #[error("{0} is not in the image; was it saved for another platform, or only in part?")]
    Missing(String),
    #[error("layer {layer}: the {compression} stream is broken: {reason}")]
    Stream { layer: String, compression: &'static str, reason: String },
    #[error("{what}: the tar is broken at byte {offset}: {reason}")]
    Tar {
        what: String,
        /// Position in the tar.
        offset: u64,
        reason: &'static str,
    },
    #[error("the digest {0:?} can't be checked; only sha256 is known")]
    UnknownDigest(String),
    #[error("layer {layer} has the media type {media_type:?}, which is no layer of files")]
    NotALayer { layer: String, media_type: String },
    #[error("no image here is {wanted}; there is {found}")]
    NoSuchImage { wanted: String, found: String },
    #[error("several images fit, so say which one by its platform or name: {0}")]
    Ambiguous(String),
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error("the registry has no image {0}; is its name right, and was it pushed?")]
    NotInRegistry(String),
    #[error(
        "{host} wants a login (status {status}): `docker login {host}` keeps one where it is found, if no helper program keeps it"
    )]
    LoginWanted { host: String, status: u16 },
    #[error("{0} takes no more questions now (status 429); ask later, or log in")]
    RegistryBusy(String),
    #[error("{address} answers with status {status}")]
    Registry { address: String, status: u16 },
    #[error("reading the image was cancelled")]
    Cancelled,
}

impl ImageError {
    /// Returns `true` if something outside failed, rather than the image.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        match self {
            Self::Disk { .. } | Self::Cancelled | Self::RegistryBusy(_) | Self::Registry { .. } => true,
            Self::Network(error) => !matches!(error, NetworkError::Address(_) | NetworkError::Plain(_)),
            _ => false,
        }
    }
}
