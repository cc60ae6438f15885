//! Bazel itself, asked in a workspace that the user trusts.
//!
//! Bazel runs a repository's own code. So nothing here starts it without a [`trust::TrustedWorkspace`], which only the user's
//! word makes, and nothing starts it unasked.

pub mod answer;
mod call;
mod child;
pub mod command;
pub mod decode;
pub mod find;
pub mod messages;
pub mod names;
pub mod overlay;
pub mod process;
pub mod query;
pub mod trust;
mod values;
mod wire;
