//! The files of a workspace as evaluation needs them; where they come from is decided by whoever implements the trait.

use std::rc::Rc;

use thiserror::Error;

/// Largest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 10 * 1024 * 1024;

/// Why a file's text can't be had.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SourceError {
    /// There is no such file.
    #[error("`{0}` does not exist")]
    Missing(String),
    /// It is longer than what anybody writes by hand.
    #[error("`{path}` has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// The file.
        path: String,
        /// Its length.
        bytes: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The system refused.
    #[error("`{path}` can't be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// What is below a package's folder and belongs to no other package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageContents {
    /// Files, relative to the package, sorted.
    pub files: Vec<String>,
    /// Folders, relative to the package, sorted.
    pub folders: Vec<String>,
    /// Packages directly below this one, relative to it, sorted.
    pub subpackages: Vec<String>,
}

/// Read access to the files of one workspace. Paths are relative to its root, with `/`.
pub trait SourceTree {
    /// The text of a file; bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// When the file is missing, too large or unreadable.
    fn read(&self, path: &str) -> Result<String, SourceError>;

    /// What belongs to `package`.
    fn contents(&self, package: &str) -> Rc<PackageContents>;
}
