//! What of a graph is asked for, and what is drawn then. Values only.

use std::collections::BTreeSet;

use crate::graph::model::{Graph, NodeId, NodeKind};
use crate::label::Label;
use crate::workspace::lock::PackageName;

/// An open group with more members than this shows the ones that others use, and one node for the rest.
pub const LARGE_GROUP: usize = 60;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewRequest {
    /// Keys of the groups that are open: `//libs/python`, `@pypi`, `@pypi+more`.
    pub expanded: BTreeSet<String>,
    /// Whether files are nodes of their own.
    pub show_files: bool,
    /// Kinds of nodes that are left out.
    pub hidden: BTreeSet<NodeFilter>,
    /// The node whose neighbourhood alone is shown, and how many edges far it goes, both ways.
    pub focus: Option<(Label, usize)>,
}

/// A kind of nodes that can be left out. The binary, and what is missing, are always shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeFilter {
    /// Python libraries of the workspace.
    Libraries,
    /// Its other targets.
    OtherTargets,
    /// Packages of lock files.
    Packages,
    /// Targets of other repositories.
    External,
}

impl NodeFilter {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Libraries, Self::OtherTargets, Self::Packages, Self::External];

    /// What it is, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Libraries => "Python libraries",
            Self::OtherTargets => "Other targets",
            Self::Packages => "Pip packages",
            Self::External => "External targets",
        }
    }

    /// The kind of a node, where nodes of it can be left out.
    #[must_use]
    pub fn of(kind: &NodeKind) -> Option<Self> {
        match kind {
            NodeKind::Rule(class) if class == "py_library" => Some(Self::Libraries),
            NodeKind::Rule(_) => Some(Self::OtherTargets),
            NodeKind::Package => Some(Self::Packages),
            NodeKind::External => Some(Self::External),
            NodeKind::Source | NodeKind::Generated | NodeKind::Missing => None,
        }
    }
}

/// What a node of the view stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ViewKind {
    /// The binary that the graph was built for.
    Binary,
    /// The targets of one Bazel package, collapsed.
    Package,
    /// The packages of one hub, collapsed.
    Hub,
    /// The targets of another repository that no lock describes, collapsed.
    Repository,
    /// The rest of an open group that is too large to show.
    More,
    /// A rule of the workspace, with its class.
    Target(String),
    /// A package of a lock file.
    LockedPackage,
    /// A file, of the workspace or made by a rule.
    File,
    /// A target of another repository.
    External,
    /// Something that is named and not there.
    Missing,
}

impl ViewKind {
    /// Whether a node of this kind opens into others.
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self, Self::Package | Self::Hub | Self::Repository | Self::More)
    }

    /// What it is, for people.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Binary => "binary",
            Self::Package => "package",
            Self::Hub => "pip packages",
            Self::Repository => "repository",
            Self::More => "more",
            Self::Target(class) => class,
            Self::LockedPackage => "pip package",
            Self::File => "file",
            Self::External => "external target",
            Self::Missing => "missing",
        }
    }
}

/// One node of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewNode {
    /// The same for the same thing in every view of the graph; for a group the key that opens it.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// Where it belongs, or how much it holds.
    pub subtitle: String,
    /// What it stands for.
    pub kind: ViewKind,
    /// The label that stands for it in a plan; `None` for a group.
    pub label: Option<Label>,
    /// The nodes of the graph that it stands for, by label.
    pub members: Vec<NodeId>,
    /// The files that are hidden in it, by label. A file that two targets list is in both.
    pub files: Vec<NodeId>,
    /// The open group that it is a member of, if it is of one: the key that closes it again.
    pub group: Option<String>,
}

/// A view of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewGraph {
    /// The nodes, by key.
    pub nodes: Vec<ViewNode>,
    /// From what depends to what it depends on: positions in `nodes`, and how many edges of the graph are merged in it.
    pub edges: Vec<(usize, usize, u32)>,
}

impl ViewGraph {
    /// The position of the node with this key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<usize> {
        self.nodes.binary_search_by(|node| node.key.as_str().cmp(key)).ok()
    }

    /// The position of the node that shows `label`, itself or inside.
    #[must_use]
    pub fn showing(&self, graph: &Graph, label: &Label) -> Option<usize> {
        let id = graph.find(label)?;
        let shown = |node: &ViewNode| node.members.contains(&id);
        self.nodes.iter().position(shown).or_else(|| self.nodes.iter().position(|node| node.files.contains(&id)))
    }

    /// The nodes that hold a match of `search`, and in each how many of its members match. Empty for an empty search.
    #[must_use]
    pub fn matches(&self, graph: &Graph, search: &str) -> Vec<(usize, usize)> {
        let search = search.trim().to_lowercase();
        if search.is_empty() {
            return Vec::new();
        }
        let hits =
            |id: &&NodeId| graph.node(**id).is_some_and(|node| node.label.to_string().to_lowercase().contains(&search));
        let count = |node: &ViewNode| node.members.iter().chain(&node.files).filter(hits).count();
        self.nodes.iter().enumerate().map(|(at, node)| (at, count(node))).filter(|&(_, count)| count > 0).collect()
    }
}

/// The key of the group that a label belongs to: `//libs/python`, `@pypi`, `@@rules_python~~pip~pypi`.
#[must_use]
pub fn group_key(label: &Label) -> String {
    let text = label.to_string();
    match label.repository_name() {
        None => format!("//{}", label.package()),
        Some(_) => text.split_once("//").map_or_else(|| text.clone(), |(repository, _)| repository.to_owned()),
    }
}

/// The package that a hub's label names, whatever its spelling: `@pypi//:a_b@1.2`, `@pypi//a_b` and `@pypi//a-b:pkg` are one.
pub(super) fn package_name(label: &Label) -> PackageName {
    let text = if label.package().is_empty() { label.name() } else { label.package() };
    PackageName::new(text.split_once('@').map_or(text, |(name, _version)| name))
}
