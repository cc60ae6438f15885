//! The design of an app's layers: plan, operations, partition, findings. Pure; knows no sizes or history.

pub mod compression;
pub mod current;
pub mod findings;
pub(crate) mod layer_name;
pub mod library_names;
pub mod operations;
pub mod order;
pub mod partition;
pub mod plan;
pub mod plan_file;
pub mod stack;
pub mod why;
