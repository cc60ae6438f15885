//! Layerwright: design the layers of container images for Python services in a Bazel monorepo.
//!
//! The data flows one way, and a module uses only what stands before it:
//!
//! ```text
//! build_file -> workspace -> graph -> layers -> rewrite -> rule_sets -> size, built_image -> history -> advice
//!            -> picture -> engine -> app | commands -> ui
//! ```
//!
//! `label`, `byte_count`, `counted`, `hex`, `path_text`, `whole_file` and `jobs` serve all of them.
//! `tests/module_order.rs` holds the order, and that no two files use each other. `ARCHITECTURE.md` describes each
//! module.

pub mod advice;
pub mod app;
pub mod build_file;
pub mod built_image;
pub mod byte_count;
pub mod commands;
mod counted;
pub mod engine;
pub mod graph;
mod hex;
pub mod history;
pub mod jobs;
pub mod label;
pub mod layers;
mod path_text;
pub mod picture;
pub mod rewrite;
pub mod rule_sets;
pub mod size;
pub mod ui;
mod whole_file;
pub mod workspace;
