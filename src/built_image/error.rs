//! Why an image can't be read.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::built_image::model::ContentHash;
use crate::built_image::registry::reference::ReferenceError;
use crate::size::network::NetworkError;

/// Why an image can't be read. Text that comes from the image stands in quotes with control characters escaped.
#[derive(Debug, Error)]
pub enum ImageError {
    /// The disk failed, or nothing is there.
    #[error("{}: {source}", path.display())]
    Disk {
        /// What was read.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The path is no image.
    #[error(
        "{}: no image is here; give an OCI image layout (a folder or tar with index.json) or a tar written by `docker save`",
        .0.display()
    )]
    NotAnImage(PathBuf),
    /// The archive itself is compressed, so nothing in it can be looked up.
    #[error("{}: this archive is compressed as a whole; unpack it with gzip -d or zstd -d and give the tar", .0.display())]
    CompressedArchive(PathBuf),
    /// An index, manifest or configuration does not say what it should.
    #[error("{what} can't be understood: {reason}")]
    Document {
        /// Which one.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// Something exceeds a bound of [`crate::built_image::limits::Limits`].
    #[error("{what}: more than {limit}, so the image is refused")]
    TooLarge {
        /// What is too large.
        what: String,
        /// The bound.
        limit: u64,
    },
    /// A layer unpacks to far more than is stored.
    #[error("layer {layer}: one stored byte unpacks to more than {ratio}; such a layer is made to fill memory or disk")]
    Bomb {
        /// The layer's digest.
        layer: String,
        /// The greatest ratio that is read.
        ratio: u64,
    },
    /// Content is not what its digest says.
    #[error("{what}: the content has the digest {found}, but {expected} is what refers to it; the image is damaged")]
    WrongDigest {
        /// What was read.
        what: String,
        /// The digest by which it is referred to.
        expected: ContentHash,
        /// The digest of the bytes.
        found: ContentHash,
    },
    /// Content is not as long as its descriptor says.
    #[error("{what}: {found} bytes are stored, but its descriptor says {expected}; the image is damaged")]
    WrongSize {
        /// What was read.
        what: String,
        /// Bytes by the descriptor.
        expected: u64,
        /// Bytes found; where more than expected were found, reading stopped there.
        found: u64,
    },
    /// A blob that is referred to is not there.
    #[error("{0} is not in the image; was it saved for another platform, or only in part?")]
    Missing(String),
    /// A layer's compressed stream is broken.
    #[error("layer {layer}: the {compression} stream is broken: {reason}")]
    Stream {
        /// The layer's digest.
        layer: String,
        /// How it is compressed.
        compression: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A tar is broken.
    #[error("{what}: the tar is broken at byte {offset}: {reason}")]
    Tar {
        /// Which tar.
        what: String,
        /// Where in the tar.
        offset: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// A digest of another kind than SHA-256.
    #[error("the digest {0:?} can't be checked; only sha256 is known")]
    UnknownDigest(String),
    /// A layer that is no tar.
    #[error("layer {layer} has the media type {media_type:?}, which is no layer of files")]
    NotALayer {
        /// The layer's digest.
        layer: String,
        /// Its media type.
        media_type: String,
    },
    /// Nothing fits what was asked for.
    #[error("no image here is {wanted}; there is {found}")]
    NoSuchImage {
        /// What was asked for.
        wanted: String,
        /// What is there.
        found: String,
    },
    /// Several images fit.
    #[error("several images fit, so say which one by its platform or name: {0}")]
    Ambiguous(String),
    /// The name of an image in a registry is none.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// A registry could not be asked.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The registry has no such image.
    #[error("the registry has no image {0}; is its name right, and was it pushed?")]
    NotInRegistry(String),
    /// The registry does not let everybody in.
    #[error(
        "{host} wants a login (status {status}): `docker login {host}` keeps one where it is found, if no helper program keeps it"
    )]
    LoginWanted {
        /// The registry.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The registry has had enough questions.
    #[error("{0} takes no more questions now (status 429); ask later, or log in")]
    RegistryBusy(String),
    /// The registry answers with something else.
    #[error("{address} answers with status {status}")]
    Registry {
        /// What was asked.
        address: String,
        /// The HTTP status.
        status: u16,
    },
    /// The caller asked to stop.
    #[error("reading the image was cancelled")]
    Cancelled,
}

impl ImageError {
    /// Whether something outside failed, rather than that the image is refused.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        match self {
            Self::Disk { .. } | Self::Cancelled | Self::RegistryBusy(_) | Self::Registry { .. } => true,
            Self::Network(error) => !matches!(error, NetworkError::Address(_) | NetworkError::Plain(_)),
            _ => false,
        }
    }
}
