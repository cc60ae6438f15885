//! Lock files: which Python packages, in which versions, from which wheels, with which dependencies.
//!
//! Each format has its own file here and ends in the same [`Lock`]; [`parse`] finds out which one a file is in.
//! [`resolve::resolve`] then says what of it one platform and one Python get. Nothing here reads the disk.

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
