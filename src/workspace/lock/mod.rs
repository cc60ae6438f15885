//! Lock files. Each format has a file and results in a [`Lock`]; [`parse`] detects the format. [`resolve::resolve`]
//! selects what one platform and Python get. Nothing here reads the disk.

pub mod borrowed_markers;
pub mod difference;
pub mod marker;
pub mod named_by_hash;
pub mod resolve;
pub mod wheel_tags;

mod error;
mod files;
mod format;
mod model;
mod package_name;
mod pdm;
mod pipfile;
mod poetry;
#[cfg(test)]
mod properties;
mod pylock;
mod reach;
mod requirement;
mod requirements_txt;
mod toml_text;
mod uv;
mod versions;

pub use error::{LockError, LockFinding, LockFindingCode};
pub use format::{LockFormat, parse};
pub use model::{Lock, LockedDependency, LockedFile, LockedPackage, PackageOrigin, Wheel};
pub use package_name::PackageName;
