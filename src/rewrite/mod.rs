//! From a wish to a change set: `dep_layers`, layer libraries, rewired dependencies; and the proof that nothing else changed.
//! Then from the change set to what a person sees of it, and to the disk.
//!
//! Pure, but for [`mod@write`]: files come in through a tiny trait and changes go out as a [`change_set::ChangeSet`].

pub(crate) mod apply;
pub(crate) mod calls;
pub(crate) mod carried;
pub mod change_set;
pub mod confirmed_drops;
pub(crate) mod contradiction;
pub mod dependency;
pub(crate) mod deps;
pub mod diff;
pub(crate) mod disk_lines;
pub(crate) mod edits;
pub(crate) mod labels;
pub(crate) mod load;
pub(crate) mod macros;
pub(crate) mod package_file;
pub mod refusal;
pub(crate) mod remove_target;
pub mod request;
pub mod rule_set_edit;
pub mod source_tree;
pub(crate) mod value_place;
pub(crate) mod verify;
pub mod verify_evaluated;
#[cfg(test)]
mod verify_evaluated_tests;
pub mod write;

pub use edits::plan_edits;
pub use verify::same_comments;
