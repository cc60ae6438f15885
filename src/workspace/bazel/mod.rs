//! Bazel itself, asked in a workspace that the user trusts.
//!
//! Bazel runs a repository's own code. So nothing here starts it without a [`trust::TrustedWorkspace`], which only the user's
//! word makes, and nothing starts it unasked.

mod child;
pub mod command;
pub mod find;
pub mod process;
pub mod trust;
