//! Git history, change rows and replay.
//!
//! The history is read without blobs but for lock files. Nothing here starts a program.

pub mod cost;
pub mod model;
