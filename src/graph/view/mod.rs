//! The drawn part of a graph: groups collapsed, files inside their targets, or only a neighbourhood. The packages of a
//! hub are one node, the targets of a Bazel package too, because nobody can read a thousand nodes. The same request
//! gives the same view in the same order.

mod collapse;
mod model;
pub mod walk;

pub use collapse::view_graph;
pub use model::{NodeFilter, ViewGraph, ViewKind, ViewNode, ViewRequest};

#[cfg(test)]
mod tests;
