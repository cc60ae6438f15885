//! The words of `layers` that images and edits need.

#[path = "../../../src/layers/compression.rs"]
pub mod compression;
#[path = "../../../src/layers/layer_name.rs"]
pub mod layer_name;
