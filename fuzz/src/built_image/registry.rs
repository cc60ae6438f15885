//! Names of images in registries.

#[path = "../../../src/built_image/registry/reference.rs"]
pub mod reference;
