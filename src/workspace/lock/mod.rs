//! Lock files: which Python packages, in which versions, from which wheels, with which dependencies.
//!
//! Each format has its own file here and ends in the same [`Lock`]. Nothing here reads the disk.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::byte_count::ByteCount;

/// The content of one lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Every locked package, sorted by name and version. One name can have several versions.
    pub packages: Vec<LockedPackage>,
    /// `requires-python`, as written.
    pub requires_python: Option<String>,
}

/// A package name after PEP 503 normalisation (`Flask_Login` -> `flask-login`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageName(String);

impl PackageName {
    /// Normalises `text` as PEP 503 says: lower case, runs of `-`, `_` and `.` become one `-`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut name = String::with_capacity(text.len());
        let mut pending_dash = false;
        for character in text.chars() {
            if matches!(character, '-' | '_' | '.') {
                pending_dash = true;
                continue;
            }
            if std::mem::take(&mut pending_dash) {
                name.push('-');
            }
            name.extend(character.to_lowercase());
        }
        if pending_dash {
            name.push('-');
        }
        Self(name)
    }

    /// The normalised name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
    /// The wheels that the lock lists, in its order.
    pub wheels: Vec<Wheel>,
    /// Dependencies that always hold, markers kept.
    pub dependencies: Vec<LockedDependency>,
    /// Dependencies that hold when an extra is asked for.
    pub extras: BTreeMap<String, Vec<LockedDependency>>,
}

/// Where a locked package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
