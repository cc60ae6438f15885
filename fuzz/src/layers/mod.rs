//! The one word of `layers` that images need.

#[path = "../../../src/layers/compression.rs"]
pub mod compression;
