//! Names of images in registries.

#[path = "../../../../src/size/image/registry/reference.rs"]
pub mod reference;
