//! The rules and macros that decide the layers of an image: one folder per rule set.
//!
//! The rest of the program knows what is common to all of them.

pub mod compression;
pub mod dep_layers;
pub mod export;
