//! What was found out about single files and packages, better than a formula can tell. Plain values.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemSet;
use crate::size::model::Provenance;
use crate::size::range::Range;
use crate::workspace::lock::PackageName;

/// What was found out about the items of one app, for one compression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownSizes {
    /// Files of the workspace that were packed, by path relative to the root.
    pub files: BTreeMap<String, PackedFile>,
    /// Lengths of generated files that a build left on this machine, by path relative to the root.
    pub generated: BTreeMap<String, ByteCount>,
    /// Packages whose files are known, by name and version.
    pub packages: BTreeMap<(PackageName, String), KnownPackage>,
    /// Lengths of wheels that their lock does not say, by name and version.
    pub wheels: BTreeMap<(PackageName, String), ByteCount>,
    /// Other lock files of the workspace that said some of these lengths, each with how many.
    pub other_locks: BTreeMap<String, usize>,
    /// All packed files of the workspace: one by one, and in one stream.
    pub gap: Option<StreamGap>,
    /// The interpreter's files, where Bazel's last build has them.
    pub interpreter: Option<KnownPackage>,
    /// What starts the binary, where it was built.
    pub launcher: Option<KnownPackage>,
    /// Whole layers that were really built.
    pub layers: Vec<MeasuredLayer>,
}

/// A layer that was built, by the items in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeasuredLayer {
    /// Exactly what is in it.
    pub items: ItemSet,
    /// What a registry stores of it.
    pub compressed_bytes: ByteCount,
    /// The length of its tar, where that is known too.
    pub tar_bytes: Option<ByteCount>,
}

/// What one file adds to a layer, packed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedFile {
    /// What it adds behind its neighbour, which it shares words with.
    pub bytes: ByteCount,
    /// What it takes beyond that when it is the first file of a layer.
    pub more_when_first: ByteCount,
}

/// The files of one package, or others that always stay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPackage {
    /// How many.
    pub files: u64,
    /// The folder that others share with them, in the image, ending in `/`.
    pub above: String,
    /// The tar's bytes of their entries, and of their folders below `above`.
    pub tar_bytes: ByteCount,
    /// How far that may be off.
    pub tar_range: Range,
    /// Sum of their lengths.
    pub installed_bytes: ByteCount,
    /// Their bytes in one stream, where they were packed here.
    pub packed_bytes: Option<ByteCount>,
    /// Where the files were found, as a person would name it.
    pub found_in: String,
}

impl KnownPackage {
    /// How its compressed bytes are known.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        if self.packed_bytes.is_some() { Provenance::Packed } else { Provenance::Listed }
    }
}

/// Files that were packed one by one, against the same files in one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamGap {
    /// How many files.
    pub files: u64,
    /// Sum of what each adds.
    pub one_by_one: ByteCount,
    /// All in one stream.
    pub together: ByteCount,
}

impl StreamGap {
    /// One sentence with both figures.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "The app's {} own files were packed here: {} summed one by one, {} in one stream",
            self.files, self.one_by_one, self.together
        )
    }
}
