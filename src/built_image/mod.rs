//! Built images: what is really in their layers, what of it is there twice, and what a node fetches.
//!
//! Reads OCI image layouts (folders and tars), the tars of `docker save`, and of a registry the manifests. Only `source`,
//! `read` and `registry` do IO; everything else takes bytes or values. Nothing is ever unpacked to the disk or run, no
//! layer is fetched from a registry, and nothing is believed before its digest was checked. What a stranger's image can cost is bounded in `limits`.

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
