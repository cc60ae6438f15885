//! What can be wrong with a lock file: errors that end the reading, and findings that come with the result.
//!
//! Words only; nothing here decides when one of them is due.

use std::fmt;

use thiserror::Error;

use super::package_name::PackageName;

/// Why a lock file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LockError {
    /// Neither the file's name nor its content belongs to a known format.
    #[error(
        "{path}: not a lock file that can be read; known are uv.lock, pylock.toml, poetry.lock, pdm.lock, Pipfile.lock \
         and requirements files with pinned versions"
    )]
    UnknownFormat {
        /// The file.
        path: String,
    },
    /// The text is not what the format asks for.
    #[error("{path}{}: {message}", line_suffix(.line))]
    Malformed {
        /// The file.
        path: String,
        /// Line, counted from 1, where the parser knows it.
        line: Option<usize>,
        /// What is wrong there.
        message: String,
    },
    /// A later version of the format than the ones known here.
    #[error(
        "{path}: format version {found} is not known here (known: {known}); write it with an older tool, or update"
    )]
    UnsupportedVersion {
        /// The file.
        path: String,
        /// The version that the file names.
        found: String,
        /// The versions that can be read.
        known: &'static str,
    },
}

fn line_suffix(line: &Option<usize>) -> String {
    line.map(|line| format!(":{line}")).unwrap_or_default()
}

/// Something about a lock that its reader should know, though the rest can be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockFinding {
    /// What kind of thing it is.
    pub code: LockFindingCode,
    /// The package that it is about, where it is about one.
    pub package: Option<PackageName>,
    /// Line in the lock file, counted from 1, where there is one.
    pub line: Option<usize>,
    /// One sentence.
    pub message: String,
}

/// The kinds of [`LockFinding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockFindingCode {
    /// Several versions of one package fit; the newest was taken.
    SeveralVersions,
    /// A package depends on one that the lock does not hold.
    MissingPackage,
    /// No wheel of the package fits, so it would be built from source and its size is not known.
    NoWheel,
    /// A marker could not be read; what it guards was taken as needed.
    UnreadableMarker,
    /// The lock does not say which package depends on which.
    NoDependencies,
    /// The file says something that was left out, such as an included file or a package without a version.
    LeftOut,
}

impl LockFindingCode {
    /// The stable code, as it stands in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeveralVersions => "several_versions",
            Self::MissingPackage => "missing_package",
            Self::NoWheel => "no_wheel",
            Self::UnreadableMarker => "unreadable_marker",
            Self::NoDependencies => "no_dependencies",
            Self::LeftOut => "left_out",
        }
    }
}

impl fmt::Display for LockFindingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
