//! A workspace on disk: packages, targets, apps, lock files; the evaluator and its child process. Reading runs none of
//! its programs. What can't be read becomes a finding, never a silent omission.

pub mod apps;
pub mod bazel;
pub mod cache;
pub mod changed_tree;
pub mod disk_tree;
pub mod evaluate;
pub mod evaluate_change;
pub mod fallback;
pub mod finding;
pub mod images;
pub mod listing;
pub mod lock;
pub mod model;
pub mod module_call;
pub mod module_file;
pub mod modules;
pub mod other_images;
pub mod packages;
pub mod platform;
pub mod python;
pub mod python_version;
pub mod reader;
#[cfg(test)]
mod reader_tests;
pub mod refusal_code;
pub mod repositories;
pub mod repository_names;
pub mod root;
pub mod search_path;
pub mod target;
pub mod toolchain;
pub mod visibility;
pub mod walk;
pub mod way;
pub mod worker;

#[cfg(test)]
pub(crate) mod fixture;
