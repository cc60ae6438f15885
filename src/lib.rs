//! Layerwright: design the layers of container images for Python services in a Bazel monorepo.
//!
//! The data flows one way, and a module uses only what stands before it:
//!
//! ```text
//! build_file -> workspace -> graph -> layers -> size, history -> advice -> rewrite -> jobs -> picture -> app -> commands, ui
//! ```
//!
//! `label` and `byte_count` are words that all of them share. Everything up to `rewrite` is pure but for the parts
//! that say so (`workspace::reader`, `history::reader`, `size::image`, `rewrite::write`).

pub mod advice;
pub mod app;
pub mod build_file;
pub mod built_image;
pub mod byte_count;
pub mod commands;
pub mod engine;
pub mod graph;
pub mod history;
pub mod jobs;
pub mod label;
pub mod layers;
pub mod picture;
pub mod rewrite;
pub mod rule_sets;
pub mod size;
pub mod ui;
mod whole_file;
pub mod workspace;
