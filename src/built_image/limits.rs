//! Bounds for reading an image. Each count and length in it is an untrusted claim, so every loop that reads one is
//! bounded here.

/// The default lets through every image that registries and engines take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub document_bytes: u64,
    pub documents: usize,
    pub index_depth: usize,
    /// Docker's bound is 127, that of containers-storage 500.
    pub layers: usize,
    /// Files in an image packed as one tar.
    pub archive_members: usize,
    pub stored_bytes: u64,
    pub tar_bytes: u64,
    /// Bytes that one layer may unpack to at any ratio.
    pub free_tar_bytes: u64,
    /// Unpacked bytes per stored byte above [`Limits::free_tar_bytes`].
    pub ratio: u64,
    pub entries: usize,
    /// Linux's `PATH_MAX`.
    pub path_bytes: usize,
    pub all_path_bytes: usize,
    /// Of one long name or extended header.
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
