//! Access to files during evaluation.

use std::rc::Rc;

use thiserror::Error;

/// In bytes.
pub const LARGEST_FILE: u64 = 10 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SourceError {
    #[error("`{0}` does not exist")]
    Missing(String),
    #[error("`{path}` has {bytes} bytes, more than the limit of {limit}")]
    TooLarge { path: String, bytes: u64, limit: u64 },
    #[error("`{path}` can't be read: {reason}")]
    Unreadable { path: String, reason: String },
}

/// Files below a package's folder that are in no other package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageContents {
    /// Relative to the package, sorted.
    pub files: Vec<String>,
    /// Relative to the package, sorted.
    pub folders: Vec<String>,
    /// Packages directly below, relative to this one, sorted.
    pub subpackages: Vec<String>,
}

/// Paths are relative to the workspace's root, with `/`.
pub trait SourceTree {
    /// Invalid UTF-8 is replaced.
    ///
    /// # Errors
    /// When the file is missing, too large or unreadable.
    fn read(&self, path: &str) -> Result<String, SourceError>;

    fn contents(&self, package: &str) -> Rc<PackageContents>;
}
