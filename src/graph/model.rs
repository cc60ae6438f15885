//! The dependency graph as a value: nodes with labels, edges with their use, both in a fixed order.
//!
//! Nothing here decides what an edge means for an image; that is `contents`.

use std::collections::BTreeMap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::label::Label;

/// A node of one [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) NodeIndex<u32>);

impl NodeId {
    /// Position in [`Graph::nodes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0.index()
    }
}

/// What a node stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeKind {
    /// A rule of the workspace, with its class.
    Rule(String),
    /// A file of the workspace.
    Source,
    /// A file that a rule of the workspace makes.
    Generated,
    /// A package of a lock file.
    Package,
    /// A target of another repository that no lock file describes.
    External,
    /// Something that the workspace names and does not have.
    Missing,
}

impl NodeKind {
    /// The word for it in JSON and in the window.
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

/// One target, file or package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its label.
    pub label: Label,
    /// What it stands for.
    pub kind: NodeKind,
}

/// What an edge is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeUse {
    /// Needed to build, not in the image: the sources of a genrule.
    Build,
    /// Needed at run time: the target's runfiles hold what it leads to.
    Runtime,
    /// From a rule to the files it makes. Bazel does not list this direction as a dependency; it is needed to find contents.
    Makes,
}

/// Everything that one binary depends on.
#[derive(Clone, Debug)]
pub struct Graph {
    pub(super) inner: DiGraph<Node, EdgeUse, u32>,
    pub(super) by_label: BTreeMap<Label, NodeId>,
    pub(super) root: NodeId,
    /// What was left open while it was built, sorted.
    pub notes: Vec<String>,
    /// Labels that lead nowhere, with the reason.
    pub missing: BTreeMap<Label, String>,
}

impl Graph {
    /// The binary that the graph was built for.
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// The node with this label.
    #[must_use]
    pub fn find(&self, label: &Label) -> Option<NodeId> {
        self.by_label.get(label).copied()
    }

    /// The node behind an id of this graph.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.inner.node_weight(id.0)
    }

    /// Every node with its id, in order of discovery.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.inner.node_indices().zip(self.inner.node_weights()).map(|(id, node)| (NodeId(id), node))
    }

    /// Every node in the order of its label.
    pub fn nodes_by_label(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.by_label.values().filter_map(|&id| self.node(id).map(|node| (id, node)))
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.node_count()
    }

    /// Whether there is no node; never so for a graph that was built.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.node_count() == 0
    }

    /// What `id` depends on directly, as Bazel's `deps()` lists it, by label.
    #[must_use]
    pub fn dependencies(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbours(id, Direction::Outgoing)
    }

    /// What depends on `id` directly, by label.
    #[must_use]
    pub fn dependents(&self, id: NodeId) -> Vec<NodeId> {
        self.neighbours(id, Direction::Incoming)
    }

    /// The edges that carry files into the image, from `id` outwards.
    pub fn runtime_edges(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.inner
            .edges_directed(id.0, Direction::Outgoing)
            .filter(|edge| *edge.weight() != EdgeUse::Build)
            .map(|edge| NodeId(edge.target()))
    }

    /// Every edge that Bazel's `deps()` lists, sorted by the labels of its ends.
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
