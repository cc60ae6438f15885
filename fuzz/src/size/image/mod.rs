//! The parts of `size::image` that take bytes and touch no disk.

#[path = "../../../../src/size/image/choose.rs"]
mod choose;
#[path = "../../../../src/size/image/configuration.rs"]
mod configuration;
#[path = "../../../../src/size/image/decode.rs"]
mod decode;
#[path = "../../../../src/size/image/docker_save.rs"]
mod docker_save;
#[path = "../../../../src/size/image/error.rs"]
pub mod error;
pub mod fuzzed;
#[path = "../../../../src/size/image/index.rs"]
mod index;
#[path = "../../../../src/size/image/layer.rs"]
pub mod layer;
#[path = "../../../../src/size/image/limits.rs"]
pub mod limits;
#[path = "../../../../src/size/image/model.rs"]
pub mod model;
pub mod registry;
#[path = "../../../../src/size/image/tar_header.rs"]
mod tar_header;
#[path = "../../../../src/size/image/tar_stream.rs"]
mod tar_stream;
