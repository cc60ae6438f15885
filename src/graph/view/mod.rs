//! What of a graph is drawn: groups collapsed, files inside their targets, a neighbourhood alone.
//!
//! Nobody can read a drawing of a thousand nodes. So the packages of a hub are one node, the targets of a Bazel package are
//! one node, and each opens on demand. Pure, and the same request always gives the same view in the same order; where a node
//! is drawn is decided in `layout`.

mod collapse;
mod model;
pub mod walk;

pub use collapse::view_graph;
pub use model::{LARGE_GROUP, NodeFilter, ViewGraph, ViewKind, ViewNode, ViewRequest, group_key};

#[cfg(test)]
mod tests;
