//! Sizes found for single files and packages.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemSet;
use crate::size::model::Provenance;
use crate::size::range::Range;
use crate::workspace::lock::PackageName;

/// For one app and one compression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownSizes {
    /// Packed files of the workspace, by path.
    pub files: BTreeMap<String, PackedFile>,
    /// Generated files of an earlier build, by path.
    pub generated: BTreeMap<String, ByteCount>,
    /// Packages with known files, by name and version.
    pub packages: BTreeMap<(PackageName, String), KnownPackage>,
    /// Lengths of wheels that their lock lacks, by name and version.
    pub wheels: BTreeMap<(PackageName, String), ByteCount>,
    /// Other lock files of the workspace with such lengths, and how many each gave.
    pub other_locks: BTreeMap<String, usize>,
    /// Servers of package indexes that were not asked and would know more.
    pub indexes: Vec<String>,
    /// All packed files of the workspace, singly and in one stream.
    pub gap: Option<StreamGap>,
    /// From Bazel's last build.
    pub interpreter: Option<KnownPackage>,
    /// From Bazel's last build.
    pub launcher: Option<KnownPackage>,
    pub layers: Vec<MeasuredLayer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredLayer {
    pub items: ItemSet,
    pub compressed_bytes: ByteCount,
    pub tar_bytes: Option<ByteCount>,
}

/// A packed file's share of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedFile {
    /// After its neighbour, which it shares words with.
    pub bytes: ByteCount,
    /// Additional bytes as the first file of a layer.
    pub more_when_first: ByteCount,
}

/// Files of a package, or others that stay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPackage {
    pub files: u64,
    /// A folder that others share, in the image, ending in `/`.
    pub above: String,
    /// Their entries, and their folders below `above`.
    pub tar_bytes: ByteCount,
    pub tar_range: Range,
    /// Sum of their lengths.
    pub installed_bytes: ByteCount,
    /// Together in one stream, if packed here.
    pub packed_bytes: Option<ByteCount>,
    /// If the directory of its wheel is known; see [`crate::size::package_index::WheelFiles::heads`].
    pub heads: Option<ByteCount>,
    /// For users.
    pub found_in: String,
}

impl KnownPackage {
    /// Provenance of its compressed bytes.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        if self.packed_bytes.is_some() { Provenance::Packed } else { Provenance::Listed }
    }
}

/// Files packed singly, compared with one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamGap {
    pub files: u64,
    pub one_by_one: ByteCount,
    pub together: ByteCount,
}

impl StreamGap {
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "The app's {} own files were packed here: {} summed one by one, {} in one stream",
            self.files, self.one_by_one, self.together
        )
    }
}
