//! The parts of `built_image` that take bytes and touch no disk.

#[path = "../../../src/built_image/choose.rs"]
mod choose;
#[path = "../../../src/built_image/configuration.rs"]
mod configuration;
#[path = "../../../src/built_image/decode.rs"]
mod decode;
#[path = "../../../src/built_image/docker_save.rs"]
mod docker_save;
#[path = "../../../src/built_image/error.rs"]
pub mod error;
pub mod fuzzed;
#[path = "../../../src/built_image/index.rs"]
mod index;
#[path = "../../../src/built_image/layer.rs"]
pub mod layer;
#[path = "../../../src/built_image/limits.rs"]
pub mod limits;
#[path = "../../../src/built_image/model.rs"]
pub mod model;
pub mod registry;
#[path = "../../../src/built_image/tar_header.rs"]
mod tar_header;
#[path = "../../../src/built_image/tar_stream.rs"]
mod tar_stream;
