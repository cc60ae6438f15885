//! The editing half of `rewrite`: everything that needs neither a plan nor the disk.

#[path = "../../../src/rewrite/calls.rs"]
mod calls;
#[path = "../../../src/rewrite/carried.rs"]
mod carried;
#[path = "../../../src/rewrite/change_set.rs"]
pub mod change_set;
#[path = "../../../src/rewrite/contradiction.rs"]
mod contradiction;
#[path = "../../../src/rewrite/dep_layers/mod.rs"]
mod dep_layers;
#[path = "../../../src/rewrite/deps/mod.rs"]
mod deps;
#[path = "../../../src/rewrite/edits.rs"]
mod edits;
#[path = "../../../src/rewrite/labels.rs"]
mod labels;
#[path = "../../../src/rewrite/library.rs"]
mod library;
#[path = "../../../src/rewrite/load.rs"]
mod load;
#[path = "../../../src/rewrite/macros.rs"]
mod macros;
#[path = "../../../src/rewrite/package_file.rs"]
mod package_file;
#[path = "../../../src/rewrite/refusal.rs"]
pub mod refusal;
#[path = "../../../src/rewrite/request.rs"]
pub mod request;
#[path = "../../../src/rewrite/source_tree.rs"]
pub mod source_tree;
#[path = "../../../src/rewrite/value_place.rs"]
mod value_place;
#[path = "../../../src/rewrite/verify.rs"]
mod verify;

pub use edits::plan_edits;
