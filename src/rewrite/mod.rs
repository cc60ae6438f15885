//! From a wish to a change set: `dep_layers`, layer libraries, rewired dependencies; and the proof that nothing else changed.
//! Then from the change set to what a person sees of it, and to the disk.
//!
//! Pure, but for [`mod@write`]: files come in through a tiny trait and changes go out as a [`change_set::ChangeSet`].

mod calls;
mod carried;
pub mod change_set;
mod contradiction;
mod dep_layers;
mod deps;
pub mod dialects;
pub mod diff;
mod edits;
mod labels;
pub mod left_library;
mod library;
mod load;
mod macros;
pub mod migration;
mod package_file;
pub mod refusal;
pub mod request;
pub mod rules;
pub mod source_tree;
mod value_place;
mod verify;
pub mod verify_evaluated;
#[cfg(test)]
mod verify_evaluated_tests;
pub mod write;

pub use edits::{packages_of, plan_edits};
pub use verify::same_comments;
