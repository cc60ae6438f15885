//! Bazel, in a workspace that the user trusts. It runs a repository's own code, so nothing here starts it without a
//! [`trust::TrustedWorkspace`], and nothing unasked.

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
