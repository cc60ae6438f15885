//! Built images: the content of their layers, duplicates, and the cost of a pull.
//!
//! Reads OCI image layouts (folders and tars), `docker save` tars, and manifests of registries. Only `source`, `read`
//! and `registry` do IO. Nothing is unpacked to the disk or run, no layer is fetched from a registry, nothing is used
//! before its digest was checked, and `limits` bounds the work.

mod choose;
pub mod compare;
mod configuration;
mod decode;
mod docker_save;
pub mod duplicates;
pub mod efficiency;
pub mod error;
mod index;
pub mod layer;
pub mod limits;
pub mod model;
pub mod planned;
pub mod read;
pub mod registry;
mod source;
mod stack;
mod tar_header;
mod tar_stream;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
