//! The design of one app's layers: the plan and its operations, the partition that follows from it, and its findings.
//!
//! Pure: a plan is a value, every operation returns a new one, and nothing here knows sizes or history.

pub mod compression;
pub mod current;
pub mod findings;
pub(crate) mod layer_name;
pub mod library_names;
pub mod operations;
pub mod partition;
pub mod plan;
pub mod plan_file;
pub mod stack;
pub mod why;
