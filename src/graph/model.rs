//! The dependency graph: nodes with labels, edges with their use, both in a fixed order.

use std::collections::BTreeMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::label::Label;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) NodeIndex<u32>);

impl NodeId {
    #[must_use]
    pub fn index(self) -> usize {
        self.0.index()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// With its class.
    Rule(String),
    Source,
    /// Made by a rule of the workspace.
    Generated,
    Package,
    External,
    Missing,
}

impl NodeKind {
    /// The name in JSON and in the window.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Rule(class) => class,
            Self::Source => "source",
            Self::Generated => "generated",
            Self::Package => "package",
            Self::External => "external",
            Self::Missing => "missing",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub label: Label,
    pub kind: NodeKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeUse {
    /// Needed to build, not in the image, such as the sources of a genrule.
    Build,
    /// In the target's runfiles.
    Runtime,
    /// From a rule to its outputs. Not a dependency in Bazel; needed to find contents.
    Makes,
}

#[derive(Clone, Debug)]
pub struct Graph {
    pub(super) inner: DiGraph<Node, EdgeUse, u32>,
    pub(super) by_label: BTreeMap<Label, NodeId>,
    pub(super) root: NodeId,
    /// Open questions of the construction, sorted.
    pub notes: Vec<String>,
    /// Labels without a target, with the reason.
    pub missing: BTreeMap<Label, String>,
}

impl Graph {
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    #[must_use]
    pub fn find(&self, label: &Label) -> Option<NodeId> {
        self.by_label.get(label).copied()
    }

    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.inner.node_weight(id.0)
    }

    /// In order of discovery.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.inner.node_indices().zip(self.inner.node_weights()).map(|(id, node)| (NodeId(id), node))
    }

    /// Sorted by label.
    pub fn nodes_by_label(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.by_label.values().filter_map(|&id| self.node(id).map(|node| (id, node)))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.node_count()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.node_count() == 0
    }

    /// Direct dependencies as in Bazel's `deps()`, sorted by label.
    #[must_use]
    pub fn dependencies(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbours(id, Direction::Outgoing)
    }

    /// Direct dependents, sorted by label.
    #[must_use]
    pub fn dependents(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbours(id, Direction::Incoming)
    }

    /// Edges from `id` that carry files into the image.
    pub fn runtime_edges(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.inner
            .edges_directed(id.0, Direction::Outgoing)
            .filter(|edge| *edge.weight() != EdgeUse::Build)
            .map(|edge| NodeId(edge.target()))
    }

    /// Every edge of Bazel's `deps()`, sorted by the labels of its ends.
    #[must_use]
    pub fn edges(&self) -> Vec<(NodeId, NodeId)> {
        let mut edges = Vec::with_capacity(self.inner.edge_count());
        for &from in self.by_label.values() {
            edges.extend(self.dependencies(from).into_iter().map(|to| (from, to)));
        }
        edges
    }

    fn neighbours(&self, id: NodeId, direction: Direction) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = self
            .inner
            .edges_directed(id.0, direction)
            .filter(|edge| *edge.weight() != EdgeUse::Makes)
            .map(|edge| NodeId(if direction == Direction::Outgoing { edge.target() } else { edge.source() }))
            .collect();
        found.sort_by(|&left, &right| {
            self.node(left).map(|node| &node.label).cmp(&self.node(right).map(|node| &node.label))
        });
        found.dedup();
        found
    }
}
