//! Builds the dependency graph of one binary, with locked packages. Nothing is left out silently: a label without a
//! target becomes a `missing` node with the reason.

use std::collections::BTreeMap;

use petgraph::graph::DiGraph;
use thiserror::Error;

use crate::graph::model::{EdgeUse, Graph, Node, NodeId, NodeKind};
use crate::graph::packages::{Hubs, ResolvedHub};
use crate::graph::rule_kinds::{is_python, passes_on};
use crate::label::Label;
use crate::workspace::lock::PackageName;
use crate::workspace::model::{CONDITIONS, Dependency, INPUT, TOOL, Target, Workspace};

const LONGEST_ALIAS_CHAIN: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GraphError {
    #[error("{0} is not a target of this workspace; `layerwright apps` lists what can be planned for")]
    NoSuchTarget(Label),
}

/// Builds the graph of `binary` as `bazel query 'deps(binary)'` with `--noimplicit_deps --notool_deps` lists it, plus
/// the packages of the locks.
///
/// # Errors
pub fn build_graph(workspace: &Workspace, hubs: &Hubs, binary: &Label) -> Result<Graph, GraphError> {
    if target(workspace, binary).is_none() {
        return Err(GraphError::NoSuchTarget(binary.clone()));
    }
    let mut builder = Builder {
        workspace,
        hubs,
        inner: DiGraph::default(),
        by_label: BTreeMap::new(),
        root: binary,
        pending: Vec::new(),
        notes: Vec::new(),
        missing: BTreeMap::new(),
    };
    let root = builder.node(binary);
    while let Some(id) = builder.pending.pop() {
        builder.expand(id);
    }
    let Builder { inner, by_label, mut notes, missing, .. } = builder;
    notes.sort();
    notes.dedup();
    Ok(Graph { inner, by_label, root, notes, missing })
}

#[must_use]
pub fn target<'a>(workspace: &'a Workspace, label: &Label) -> Option<&'a Target> {
    workspace.packages.target(label)
}

struct Builder<'a> {
    workspace: &'a Workspace,
    hubs: &'a Hubs,
    inner: DiGraph<Node, EdgeUse, u32>,
    by_label: BTreeMap<Label, NodeId>,
    root: &'a Label,
    pending: Vec<NodeId>,
    notes: Vec<String>,
    missing: BTreeMap<Label, String>,
}

impl<'a> Builder<'a> {
    /// Queues a new node for expansion.
    fn node(&mut self, label: &Label) -> NodeId {
        if let Some(&id) = self.by_label.get(label) {
            return id;
        }
        let kind = self.kind(label);
        let id = NodeId(self.inner.add_node(Node { label: label.clone(), kind }));
        self.by_label.insert(label.clone(), id);
        self.pending.push(id);
        id
    }

    fn kind(&mut self, label: &Label) -> NodeKind {
        let repository = match label.repository_name() {
            Some(name) if !self.workspace.packages.repositories.local.contains_key(name) => name,
            _ => return self.kind_in_workspace(label),
        };
        match self.hubs.get(repository) {
            None => NodeKind::External,
            Some(hub) if hub.package_of(label).is_some() => NodeKind::Package,
            Some(hub) if hub.is_locked_elsewhere(label) => {
                self.notes.push(format!(
                    "{label} is locked for other platforms or Python versions only: it is not in this image"
                ));
                NodeKind::External
            }
            Some(hub) => {
                self.missing.insert(label.clone(), format!("{} has no such package", hub.lock_path));
                NodeKind::Missing
            }
        }
    }

    fn kind_in_workspace(&mut self, label: &Label) -> NodeKind {
        let Some(package) = self.workspace.packages.of(label) else {
            self.missing.insert(label.clone(), format!("the workspace has no package //{}", label.package()));
            return NodeKind::Missing;
        };
        if let Some(target) = package.targets.get(label.name()) {
            return NodeKind::Rule(target.kind.clone());
        }
        if package.source_files.contains_key(label.name()) {
            return NodeKind::Source;
        }
        if self.workspace.packages.maker(label).is_some() {
            return NodeKind::Generated;
        }
        let reason = format!("neither a target nor a file of {}", package.build_file.display());
        self.missing.insert(label.clone(), reason);
        NodeKind::Missing
    }

    fn expand(&mut self, id: NodeId) {
        let Some(Node { label, kind }) = self.inner.node_weight(id.0).cloned() else { return };
        match kind {
            NodeKind::Rule(_) => self.expand_rule(id, &label),
            NodeKind::Package => self.expand_package(id, &label),
            // The maker of a generated file is added with the first edge that needs the file.
            NodeKind::Generated | NodeKind::Source | NodeKind::External | NodeKind::Missing => {}
        }
    }

    fn expand_rule(&mut self, id: NodeId, label: &Label) {
        let Some(target) = target(self.workspace, label) else { return };
        for dependency in target.dependencies.iter().filter(|dependency| dependency.attribute != TOOL) {
            let edge_use = self.edge_use(label, target, dependency);
            self.edge(id, &dependency.label, edge_use);
        }
        for output in &target.outputs {
            self.edge(id, &label.sibling(output), EdgeUse::Makes);
        }
    }

    /// Decides if an attribute of a rule carries files into the runfiles.
    ///
    /// A rule that passes on its inputs carries all but its tools. A rule that makes something passes on its result,
    /// its `data` and Python code. The program counts as passing on, whatever its language: a file too many is an
    /// honest upper bound, one too few is not.
    fn edge_use(&self, from: &Label, target: &Target, dependency: &Dependency) -> EdgeUse {
        let (attribute, to) = (dependency.attribute.as_str(), &dependency.label);
        let is_carried = match attribute {
            CONDITIONS | INPUT | "tools" | "toolchains" => false,
            "visibility" | "pyi_deps" | "exec_compatible_with" if is_python(target) => false,
            _ if attribute.starts_with('_') => self.is_here(to),
            "data" => true,
            _ if from == self.root || passes_on(target) => true,
            _ => !matches!(target.kind.as_str(), "genrule" | "run_binary") && self.is_python_code(to),
        };
        if is_carried { EdgeUse::Runtime } else { EdgeUse::Build }
    }

    /// Returns `true` for labels of the workspace and of locked packages.
    fn is_here(&self, label: &Label) -> bool {
        self.workspace.packages.repositories.folder(label).is_some() || self.package(label).is_some()
    }

    /// Returns `true` for locked packages and Python code of the workspace, through aliases.
    fn is_python_code(&self, label: &Label) -> bool {
        let mut label = label;
        for _ in 0..LONGEST_ALIAS_CHAIN {
            let Some(target) = target(self.workspace, label) else { return self.package(label).is_some() };
            let actual = target.dependencies.iter().find(|dependency| dependency.attribute == "actual");
            match actual {
                Some(actual) if target.kind == "alias" => label = &actual.label,
                _ => return is_python(target),
            }
        }
        false
    }

    fn expand_package(&mut self, id: NodeId, label: &Label) {
        let Some((hub, name)) = self.package(label) else { return };
        let own = hub.label(&name);
        if own != *label {
            // Another spelling of the package is an alias, as in the hub itself.
            self.edge(id, &own, EdgeUse::Runtime);
            return;
        }
        let Some(package) = hub.packages.packages.get(&name) else { return };
        for dependency in &package.dependencies {
            self.edge(id, &hub.label(dependency), EdgeUse::Runtime);
        }
    }

    fn package(&self, label: &Label) -> Option<(&'a ResolvedHub, PackageName)> {
        let hub = self.hubs.get(label.repository_name()?)?;
        Some((hub, hub.package_of(label)?))
    }

    /// One edge per pair and use: a run-time edge includes the build-time one.
    fn edge(&mut self, from: NodeId, to: &Label, edge_use: EdgeUse) {
        let to = self.node(to);
        if from == to {
            return;
        }
        let existing = self.inner.edges_connecting(from.0, to.0).map(|edge| petgraph::visit::EdgeRef::id(&edge)).next();
        match existing.and_then(|edge| self.inner.edge_weight_mut(edge)) {
            Some(present) if *present == EdgeUse::Build && edge_use == EdgeUse::Runtime => *present = edge_use,
            Some(_) => {}
            None => {
                self.inner.add_edge(from.0, to.0, edge_use);
            }
        }
        if edge_use != EdgeUse::Makes {
            self.need_maker(to);
        }
    }

    /// A needed file needs its maker; one that is only made along with others does not.
    fn need_maker(&mut self, id: NodeId) {
        let label = match self.inner.node_weight(id.0) {
            Some(node) if node.kind == NodeKind::Generated => node.label.clone(),
            _ => return,
        };
        let is_known = self.inner.edges(id.0).next().is_some();
        if let Some((maker, _)) = self.workspace.packages.maker(&label).filter(|_| !is_known) {
            self.edge(id, &maker, EdgeUse::Build);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::packages::Hubs;
    use crate::workspace::fixture::workspace;

    /// Every edge that Bazel lists from `binary` on, as text.
    fn edges(workspace: &Workspace, binary: &str) -> Vec<String> {
        let graph = build_graph(workspace, &Hubs::new(), &Label::parse_absolute(binary).unwrap()).unwrap();
        let label = |id| graph.node(id).unwrap().label.to_string();
        graph.edges().into_iter().map(|(from, to)| format!("{} {}", label(from), label(to))).collect()
    }

    const TEXT: &str = "
//p
  genrule make outs=made,other srcs=in.txt
  py_library by_rule data=:make
  py_library by_file data=:made
  py_binary both deps=:by_rule,:by_file
";

    #[test]
    fn a_file_that_only_its_rule_names_is_no_dependency() {
        let workspace = workspace(TEXT);
        assert_eq!(edges(&workspace, "//p:by_rule"), ["//p:by_rule //p:make", "//p:make //p:in.txt"]);
        let graph = build_graph(&workspace, &Hubs::new(), &Label::main("p", "by_rule")).unwrap();
        assert!(graph.find(&Label::main("p", "made")).is_some(), "the image still holds what the rule makes");
    }

    #[test]
    fn a_file_that_is_needed_needs_its_rule() {
        let workspace = workspace(TEXT);
        assert_eq!(
            edges(&workspace, "//p:by_file"),
            ["//p:by_file //p:made", "//p:made //p:make", "//p:make //p:in.txt"]
        );
        let all = edges(&workspace, "//p:both");
        assert_eq!(all.iter().filter(|edge| *edge == "//p:made //p:make").count(), 1, "{all:?}");
        assert!(!all.iter().any(|edge| edge.starts_with("//p:other ")), "{all:?}");
    }

    #[test]
    fn tools_are_no_dependencies_and_conditions_are() {
        let mut workspace = workspace(TEXT);
        let package = workspace.packages.get_mut("p").unwrap();
        let edge = |attribute: &str, name: &str| Dependency {
            attribute: attribute.to_owned(),
            label: Label::main("p", name),
            condition: None,
        };
        package.targets.get_mut("by_rule").unwrap().dependencies =
            vec![edge(TOOL, "make"), edge(CONDITIONS, "by_file")];
        let graph = build_graph(&workspace, &Hubs::new(), &Label::main("p", "by_rule")).unwrap();
        let below = graph.dependencies(graph.root());
        let names: Vec<&str> = below.iter().map(|&id| graph.node(id).unwrap().label.name()).collect();
        assert_eq!(names, ["by_file"]);
        assert_eq!(graph.runtime_edges(graph.root()).count(), 0, "a condition is not in the image");
    }
}
