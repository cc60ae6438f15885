//! Sizes of items and layers with provenance. Pure except for `bazel_build`, `installed` and `image`, which read files,
//! and `network` and `package_index`, which ask servers.

pub mod bazel_build;
pub mod build_events;
pub(crate) mod file_sizes;
pub mod formulas;
pub mod installed;
pub(crate) mod interpreter;
pub mod item_sizes;
pub mod known;
pub mod known_bytes;
pub(crate) mod launcher;
pub mod model;
pub mod network;
pub mod pack;
pub mod package_index;
pub mod package_layout;
pub(crate) mod package_sizes;
pub mod range;
pub mod tar;
pub(crate) mod typical;
