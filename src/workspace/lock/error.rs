//! Errors and findings of lock files.

use std::fmt;

use thiserror::Error;

use super::package_name::PackageName;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockError {
    #[error(
        "{path}: not a lock file that can be read; known are uv.lock, pylock.toml, poetry.lock, pdm.lock, Pipfile.lock \
         and requirements files with pinned versions"
    )]
    UnknownFormat { path: String },
    #[error("{path}{}: {message}", line_suffix(.line))]
    Malformed {
        path: String,
        /// Counted from 1, if known.
        line: Option<usize>,
        message: String,
    },
    #[error(
        "{path}: format version {found} is not known here (known: {known}); write it with an older tool, or update"
    )]
    UnsupportedVersion { path: String, found: String, known: &'static str },
}

fn line_suffix(line: &Option<usize>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}

/// A problem with a part of a lock; the rest can be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockFinding {
    pub code: LockFindingCode,
    pub package: Option<PackageName>,
    /// Counted from 1.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockFindingCode {
    /// Several versions fit; the newest was taken.
    SeveralVersions,
    MissingPackage,
    /// No wheel fits, so the package would be built from source and its size is not known.
    NoWheel,
    /// Treated as true.
    UnreadableMarker,
    /// The lock has no edges.
    NoDependencies,
    /// A dependency's marker is that of another lock.
    BorrowedMarker,
    /// Part of the file was skipped, such as an included file or a package without a version.
    LeftOut,
}

impl LockFindingCode {
    /// Stable, for output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeveralVersions => "several_versions",
            Self::MissingPackage => "missing_package",
            Self::NoWheel => "no_wheel",
            Self::UnreadableMarker => "unreadable_marker",
            Self::NoDependencies => "no_dependencies",
            Self::BorrowedMarker => "borrowed_marker",
            Self::LeftOut => "left_out",
        }
    }
}

impl fmt::Display for LockFindingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
