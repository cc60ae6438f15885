//! Edits of BUILD files: request, change set, proof, diff, write. Knows no rule set: their edits are
//! `rule_set_edit::RuleSetEdit`s. Pure except for [`mod@write`].

pub(crate) mod apply;
pub(crate) mod calls;
pub(crate) mod carried;
pub mod change_set;
pub mod confirmed_drops;
pub(crate) mod contradiction;
pub mod dependency;
pub(crate) mod deps;
pub(crate) mod diff;
pub(crate) mod disk_lines;
pub(crate) mod edits;
pub(crate) mod labels;
pub(crate) mod load;
pub(crate) mod macros;
pub(crate) mod package_file;
pub mod refusal;
pub(crate) mod remove_target;
pub mod request;
pub(crate) mod rule_set_edit;
pub mod source_tree;
pub(crate) mod value_place;
pub(crate) mod verify;
pub(crate) mod verify_evaluated;
#[cfg(test)]
mod verify_evaluated_tests;
pub mod write;

pub use edits::plan_edits;
pub use verify::same_comments;
