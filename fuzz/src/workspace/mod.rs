//! What Bazel's answer becomes, without the reader of files, the evaluator and the locks.

pub mod bazel;
pub mod lock;
#[path = "../../../src/workspace/model.rs"]
pub mod model;
