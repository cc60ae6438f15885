//! How much of an image is read before it is refused.
//!
//! An image is a stranger's file: each count and each length in it is a claim. Every loop that reads one is bounded by a
//! number that stands here, so that memory and time are bounded whatever the file claims.

/// The bounds of one reading. [`Limits::default`] lets through every image that a registry and a container engine would
/// take; tests use smaller ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one index, manifest or configuration.
    pub document_bytes: u64,
    /// Indexes, manifests and configurations read in all.
    pub documents: usize,
    /// Indexes within indexes.
    pub index_depth: usize,
    /// Layers of one image; Docker's own bound is 127, that of containers-storage 500.
    pub layers: usize,
    /// Files in an image that is packed as one tar.
    pub archive_members: usize,
    /// Bytes of one layer as it is stored.
    pub stored_bytes: u64,
    /// Bytes of the tars of all layers together.
    pub tar_bytes: u64,
    /// Bytes that one layer may unpack to whatever its compression ratio.
    pub free_tar_bytes: u64,
    /// Above [`Limits::free_tar_bytes`], how many bytes one stored byte may unpack to.
    pub ratio: u64,
    /// Entries of all layers together.
    pub entries: usize,
    /// Bytes of one path; Linux takes no longer one (`PATH_MAX`).
    pub path_bytes: usize,
    /// Bytes of all paths together.
    pub all_path_bytes: usize,
    /// Bytes of one header that carries a long name or extended attributes.
    pub header_bytes: u64,
}

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 8 * MIB,
            documents: 1_000,
            index_depth: 4,
            layers: 1_000,
            archive_members: 100_000,
            stored_bytes: 64 * GIB,
            tar_bytes: 256 * GIB,
            free_tar_bytes: GIB,
            ratio: 200,
            entries: 1_000_000,
            path_bytes: 4_096,
            all_path_bytes: 128 << 20,
            header_bytes: MIB,
        }
    }
}
