//! The dependency graph of one app: nodes, edges, closures, contents of its image. Built from a
//! [`crate::workspace::model::Workspace`] and resolved locks; never looks at the disk.

pub mod build;
pub mod contents;
pub mod item_set;
pub mod layout;
pub mod model;
pub mod packages;
pub(crate) mod rule_kinds;
pub mod view;
