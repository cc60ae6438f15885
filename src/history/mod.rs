//! Git history, change rows and replay. Reads no blobs but lock files; starts no program.

pub mod cost;
pub mod date;
pub mod deploys;
pub mod fleet;
pub mod join;
pub mod locks;
pub mod model;
pub mod paths;
pub mod reader;
pub mod replay;
pub mod request;
pub mod rows;
pub mod sample;
pub mod saving;
