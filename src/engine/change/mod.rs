//! From a plan to a checked change set.
pub mod ask_bazel;
pub mod buildifier;
pub mod check_by_evaluation;
pub mod dependency_changes;
pub mod disk_source;
pub mod planned_text;
pub mod prepare;
pub mod reasons;
pub mod rules;
