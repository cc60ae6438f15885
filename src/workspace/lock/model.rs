//! What lock files say, whatever their format. Values only.

use std::collections::BTreeMap;

use super::error::LockFinding;
use super::package_name::PackageName;
use crate::byte_count::ByteCount;

/// The content of one lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Every locked package, sorted by name and version. One name can have several versions.
    pub packages: Vec<LockedPackage>,
    /// `requires-python`, as written.
    pub requires_python: Option<String>,
    /// Whether the roots are in it (the local packages), so that only what they reach is asked for. Most formats leave
    /// them out; then every package may be asked for on its own.
    pub has_roots: bool,
    /// What the file says and this reading leaves out, such as an included file.
    pub findings: Vec<LockFinding>,
}

/// One version of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedPackage {
    /// Normalised name.
    pub name: PackageName,
    /// Version as written; empty where the lock has none (an editable root).
    pub version: String,
    /// Where it comes from.
    pub source: PackageOrigin,
    /// What a direct or local package is read from: its URL, repository with commit, or folder. `None` for an index.
    pub location: Option<String>,
    /// The index that the lock names for it. It is no part of what the package is: the same files come from any mirror.
    pub registry: Option<String>,
    /// PEP 508 markers of which one must hold for this version to be installed at all; always, where there are none.
    pub markers: Vec<String>,
    /// The wheels that the lock lists by name, in its order.
    pub wheels: Vec<Wheel>,
    /// The other files: source archives, and files of which the lock names the hash alone.
    pub other_files: Vec<LockedFile>,
    /// Dependencies that always hold, markers kept.
    pub dependencies: Vec<LockedDependency>,
    /// Dependencies that hold when an extra is asked for.
    pub extras: BTreeMap<String, Vec<LockedDependency>>,
    /// PEP 735 dependency groups; only a root has them.
    pub groups: BTreeMap<String, Vec<LockedDependency>>,
}

impl LockedPackage {
    /// A package of an index that has no files and no dependencies yet.
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

    /// The package is locked once more, under `markers`: it is needed when either place needs it.
    pub(super) fn add_alternative_markers(&mut self, markers: Vec<String>) {
        if self.markers.is_empty() || markers.is_empty() {
            self.markers.clear();
        } else {
            self.markers.extend(markers);
        }
    }
}

/// Where a locked package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageOrigin {
    /// A package index.
    Registry,
    /// A folder of the workspace, or a root without files: it has no wheel and is no unit of an image.
    Local,
    /// A URL, a git repository or a file.
    Direct,
}

/// One wheel file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wheel {
    /// `name-version-python-abi-platform.whl`.
    pub file_name: String,
    /// Its length, where the lock says so.
    pub bytes: Option<ByteCount>,
    /// Its hash with the algorithm before it (`sha256:…`); empty where the lock has none.
    pub hash: String,
}

/// A file of a package that is no wheel, or whose name the lock does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedFile {
    /// Its name; empty where the lock has only the hash.
    pub file_name: String,
    /// Its length, where the lock says so.
    pub bytes: Option<ByteCount>,
    /// Its hash with the algorithm before it; empty where the lock has none.
    pub hash: String,
}

/// One dependency of a locked package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedDependency {
    /// Normalised name.
    pub name: PackageName,
    /// The version, where the lock names it because there are several.
    pub version: Option<String>,
    /// Extras asked for.
    pub extras: Vec<String>,
    /// PEP 508 marker, as written.
    pub marker: Option<String>,
}
