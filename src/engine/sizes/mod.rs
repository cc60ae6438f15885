//! Finds sizes on this machine, in the package index, and from builds.
pub mod asked_sizes;
pub mod built_sizes;
pub mod index_sizes;
pub mod known_sizes;
pub mod measure;
pub mod measured_layers;
pub(crate) mod other_locks;
pub mod packed_cache;
pub mod packing;
pub mod pip_configuration;
pub(crate) mod source_sizes;
pub mod unsized_packages;
pub mod wanted;
