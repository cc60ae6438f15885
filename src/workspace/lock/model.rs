//! Contents of lock files of any format.

use std::collections::BTreeMap;

use super::error::LockFinding;
use super::package_name::PackageName;
use crate::byte_count::ByteCount;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Sorted by name and version. A name can have several versions.
    pub packages: Vec<LockedPackage>,
    /// As written.
    pub requires_python: Option<String>,
    /// It contains the roots (local packages), so only what they reach is used. Without roots, as in most formats, any
    /// package may be used.
    pub has_roots: bool,
    /// Skipped parts, such as an included file.
    pub findings: Vec<LockFinding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedPackage {
    /// Normalised.
    pub name: PackageName,
    /// As written; empty if the lock has none (an editable root).
    pub version: String,
    pub source: PackageOrigin,
    /// URL, repository with commit, or folder of a direct or local package; `None` for an index.
    pub location: Option<String>,
    /// The index in the lock. Not part of the package's identity: mirrors have the same files.
    pub registry: Option<String>,
    /// One of these PEP 508 markers must hold; empty means always.
    pub markers: Vec<String>,
    /// In the lock's order.
    pub wheels: Vec<Wheel>,
    /// Source archives, and files of which only the hash is known.
    pub other_files: Vec<LockedFile>,
    /// Unconditional dependencies, with markers.
    pub dependencies: Vec<LockedDependency>,
    /// By extra.
    pub extras: BTreeMap<String, Vec<LockedDependency>>,
    /// PEP 735 groups; only a root has them.
    pub groups: BTreeMap<String, Vec<LockedDependency>>,
}

impl LockedPackage {
    /// A package of an index without files and dependencies.
    #[must_use]
    pub fn new(name: PackageName, version: impl Into<String>) -> Self {
        Self {
            name,
            version: version.into(),
            source: PackageOrigin::Registry,
            location: None,
            registry: None,
            markers: Vec::new(),
            wheels: Vec::new(),
            other_files: Vec::new(),
            dependencies: Vec::new(),
            extras: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    /// The package is locked again under `markers`: either may need it.
    pub(super) fn add_alternative_markers(&mut self, markers: Vec<String>) {
        if self.markers.is_empty() || markers.is_empty() {
            self.markers.clear();
        } else {
            self.markers.extend(markers);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageOrigin {
    Registry,
    /// A folder of the workspace, or a root without files: no wheel, and no unit of an image.
    Local,
    /// A URL, a git repository or a file.
    Direct,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// `name-version-python-abi-platform.whl`.
    pub file_name: String,
    /// If the lock has it.
    pub bytes: Option<ByteCount>,
    /// With the algorithm (`sha256:…`); empty if unknown.
    pub hash: String,
}

/// A file that is no wheel, or whose name is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedFile {
    /// Empty if the lock has only the hash.
    pub file_name: String,
    /// If the lock has it.
    pub bytes: Option<ByteCount>,
    /// With the algorithm; empty if unknown.
    pub hash: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedDependency {
    /// Normalised.
    pub name: PackageName,
    /// Named by the lock if there are several.
    pub version: Option<String>,
    pub extras: Vec<String>,
    /// As written.
    pub marker: Option<String>,
}
