//! The parts of Layerwright that read and change text, and what reads Bazel's answers, compiled by themselves for the fuzz targets.
//!
//! The modules are the crate's own files. The rest of the crate (window, sizes, history) is left out, so that an instrumented
//! build takes a few minutes and not many. The `mod` lines of `rewrite` and `rule_sets` are those that make text.

#![allow(missing_docs, dead_code, reason = "a part of the crate is compiled without its users")]

#[path = "../../src/build_file/mod.rs"]
pub mod build_file;
pub mod built_image;
#[path = "../../src/byte_count.rs"]
pub mod byte_count;
pub mod files;
#[path = "../../src/hex.rs"]
mod hex;
#[path = "../../src/jobs/mod.rs"]
pub mod jobs;
#[path = "../../src/counted.rs"]
mod counted;
#[path = "../../src/path_text.rs"]
mod path_text;
#[path = "../../src/label.rs"]
pub mod label;
pub mod layers;
pub mod request;
pub mod rewrite;
pub mod rule_sets;
pub mod size;
pub mod tree;
pub mod workspace;
