//! Bytes of items and layers, each with its provenance: exact where a formula is exact, else said to be estimated.
//!
//! Pure: the lengths of files come with the workspace, those of wheels with the locks.

pub mod formulas;
pub mod image;
pub mod item_sizes;
pub mod rule_compression;
pub mod tar;
