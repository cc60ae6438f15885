//! Requests and views.

use std::collections::BTreeSet;

use crate::graph::model::{Graph, NodeId, NodeKind};
use crate::label::Label;
use crate::workspace::lock::PackageName;

/// An open group with more members shows those that others use, and one node for the rest.
pub const LARGE_GROUP: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewRequest {
    /// Keys of open groups: `//libs/python`, `@pypi`, `@pypi+more`.
    pub expanded: BTreeSet<String>,
    pub show_files: bool,
    /// Hidden kinds of nodes.
    pub hidden: BTreeSet<NodeFilter>,
    /// Shows only the nodes within this many edges, both ways.
    pub focus: Option<(Label, usize)>,
}

/// A kind of nodes that can be hidden. The binary and missing targets are always shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeFilter {
    Libraries,
    /// Other targets of the workspace.
    OtherTargets,
    Packages,
    /// Targets of other repositories.
    External,
}

impl NodeFilter {
    /// In the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Libraries, Self::OtherTargets, Self::Packages, Self::External];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Libraries => "Python libraries",
            Self::OtherTargets => "Other targets",
            Self::Packages => "Pip packages",
            Self::External => "External targets",
        }
    }

    /// `None` if nodes of this kind can't be hidden.
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

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ViewKind {
    Binary,
    /// A collapsed Bazel package.
    Package,
    /// A collapsed hub.
    Hub,
    /// A collapsed repository that no lock describes.
    Repository,
    /// The rest of a large open group.
    More,
    /// With its class.
    Target(String),
    LockedPackage,
    /// Also a generated file.
    File,
    External,
    Missing,
}

impl ViewKind {
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self, Self::Package | Self::Hub | Self::Repository | Self::More)
    }

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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewNode {
    /// Stable across views of the graph; opens a group.
    pub key: String,
    pub title: String,
    /// Its place, or the content of a group.
    pub subtitle: String,
    pub kind: ViewKind,
    /// For plans; `None` for a group.
    pub label: Option<Label>,
    /// Sorted by label.
    pub members: Vec<NodeId>,
    /// Hidden files, sorted by label. A file of two targets is in both.
    pub files: Vec<NodeId>,
    /// Key that closes the open group it is a member of.
    pub group: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewGraph {
    /// Sorted by key.
    pub nodes: Vec<ViewNode>,
    /// Dependent, dependency, and number of merged edges.
    pub edges: Vec<(usize, usize, u32)>,
}

impl ViewGraph {
    #[must_use]
    pub fn find(&self, key: &str) -> Option<usize> {
        self.nodes.binary_search_by(|node| node.key.as_str().cmp(key)).ok()
    }

    /// The node that shows `label`, itself or inside.
    #[must_use]
    pub fn showing(&self, graph: &Graph, label: &Label) -> Option<usize> {
        let id = graph.find(label)?;
        let shown = |node: &ViewNode| node.members.contains(&id);
        self.nodes.iter().position(shown).or_else(|| self.nodes.iter().position(|node| node.files.contains(&id)))
    }

    /// Nodes with matches of `search`, and how many each has. Empty for an empty search.
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

/// For example `//libs/python`, `@pypi`, `@@rules_python~~pip~pypi`.
#[must_use]
pub fn group_key(label: &Label) -> String {
    let text = label.to_string();
    match label.repository_name() {
        None => format!("//{}", label.package()),
        Some(_) => text.split_once("//").map_or_else(|| text.clone(), |(repository, _)| repository.to_owned()),
    }
}

/// All spellings name one package: `@pypi//:a_b@1.2`, `@pypi//a_b` and `@pypi//a-b:pkg`.
pub(super) fn package_name(label: &Label) -> PackageName {
    let text = if label.package().is_empty() { label.name() } else { label.package() };
    PackageName::new(text.split_once('@').map_or(text, |(name, _version)| name))
}
