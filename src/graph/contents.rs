//! The contents of an app's image: its items, and the closure of every target. An item is what a layer is assigned: a
//! file of the workspace, a locked package, or the interpreter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use petgraph::algo::tarjan_scc;
use petgraph::visit::{EdgeFiltered, EdgeRef};

use crate::byte_count::ByteCount;
use crate::graph::item_set::{ItemId, ItemSet};
use crate::graph::model::{EdgeUse, Graph, NodeId, NodeKind};
use crate::graph::packages::Hubs;
use crate::graph::rule_kinds::passes_on;
use crate::label::{Label, Repository};
use crate::workspace::lock::{PackageName, Wheel};
use crate::workspace::model::{PythonChoice, Workspace};
use crate::workspace::python::python_of;

/// Targets without known content that a sentence names.
const MOST_NAMED: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: Label,
    pub kind: ItemKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    File {
        /// Relative to the root, with `/`.
        path: String,
        bytes: ByteCount,
    },
    /// A file that a rule makes, or all that it makes if it names no files. Content unknown before a build.
    Generated {
        /// Relative to the root, with `/`.
        path: String,
        maker: Label,
        class: String,
    },
    Package {
        /// Relative to the root.
        lock_path: String,
        name: PackageName,
        version: String,
        /// The wheel for the platform, if the lock lists one.
        wheel: Option<Wheel>,
    },
    EmptyInit {
        /// Relative to the root, with `/`.
        path: String,
    },
    /// The script that Bazel's rules make to start the binary.
    Launcher,
    /// Only in the binary's own runfiles.
    Interpreter {
        /// Major and minor version, if known.
        version: Option<(u32, u32)>,
        /// Full version, if known.
        full: Option<String>,
    },
}

/// The contents of an app's image above the base image.
#[derive(Clone, Debug)]
pub struct Contents {
    /// Indexed by [`ItemId`].
    pub items: Vec<Item>,
    /// For each node of the graph the items in its runfiles, with itself.
    closures: Vec<ItemSet>,
    /// For each node its own item.
    own: Vec<Option<ItemId>>,
    /// Empty `__init__.py` files by the node that causes them.
    brought: BTreeMap<usize, Vec<ItemId>>,
    pub interpreter: ItemId,
    /// The binary's runfiles.
    pub all: ItemSet,
    /// Unknown contents of the image, by label.
    pub unknown: Vec<Unknown>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    pub label: Label,
    pub reason: UnknownReason,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownReason {
    Made {
        maker: Label,
        class: String,
    },
    /// In another repository that no lock file describes.
    External,
    /// Named but missing, with the reason.
    Missing(String),
}

impl fmt::Display for UnknownReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Made { maker, class } => write!(formatter, "made by {class} {maker}"),
            Self::External => formatter.write_str("in another repository, which no lock file describes"),
            Self::Missing(reason) => formatter.write_str(reason),
        }
    }
}

impl Contents {
    #[must_use]
    pub fn closure(&self, node: NodeId) -> Option<&ItemSet> {
        self.closures.get(node.index())
    }

    /// `None` for a rule.
    #[must_use]
    pub fn own_item(&self, node: NodeId) -> Option<ItemId> {
        self.own.get(node.index()).copied().flatten()
    }

    /// The node's item and the empty `__init__.py` files that it causes.
    pub fn items_of(&self, node: NodeId) -> impl Iterator<Item = ItemId> {
        let brought = self.brought.get(&node.index()).map(Vec::as_slice).unwrap_or_default();
        self.own_item(node).into_iter().chain(brought.iter().copied())
    }

    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.index())
    }

    /// Counts and names what is not known; `None` if nothing is.
    #[must_use]
    pub fn unknown_sentence(&self) -> Option<String> {
        let named: Vec<String> =
            self.unknown.iter().take(MOST_NAMED).map(|unknown| unknown.label.to_string()).collect();
        let (first, more) = (self.unknown.first()?, self.unknown.len().saturating_sub(MOST_NAMED));
        Some(match (self.unknown.len(), more) {
            (1, _) => format!("1 target has no known content: {} ({})", first.label, first.reason),
            (count, 0) => format!("{count} targets have no known content: {}", named.join(", ")),
            (count, more) => format!("{count} targets have no known content: {} and {more} more", named.join(", ")),
        })
    }

    pub fn ids(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        (0_u32..).map(ItemId).zip(&self.items)
    }
}

#[must_use]
pub fn contents(workspace: &Workspace, hubs: &Hubs, graph: &Graph) -> Contents {
    let python = graph.node(graph.root()).and_then(|root| python_of(workspace, &root.label));
    let mut items = Vec::new();
    let mut own = vec![None; graph.len()];
    let mut by_label: BTreeMap<Label, ItemId> = BTreeMap::new();
    for (id, node) in graph.nodes_by_label() {
        let Some(item) = own_item(workspace, hubs, &node.label, &node.kind) else { continue };
        // Two spellings of one package are one item.
        let next = ItemId(u32::try_from(items.len()).unwrap_or(u32::MAX));
        let item_id = *by_label.entry(item.label.clone()).or_insert(next);
        if item_id == next {
            items.push(item);
        }
        if let Some(slot) = own.get_mut(id.index()) {
            *slot = Some(item_id);
        }
    }
    let brought = empty_inits(graph, &own, &mut items);
    let interpreter = ItemId(u32::try_from(items.len()).unwrap_or(u32::MAX));
    items.push(interpreter_item(python.as_ref()));
    let launcher = ItemId(interpreter.0.saturating_add(1));
    if let Some(root) = graph.node(graph.root()) {
        items.push(Item { label: root.label.clone(), kind: ItemKind::Launcher });
        if let Some(slot) = own.get_mut(graph.root().index()) {
            *slot = Some(launcher);
        }
    }
    let closures = closures(graph, &own, &brought);
    let mut all = closures.get(graph.root().index()).cloned().unwrap_or_default();
    all.insert(interpreter);
    let unknown = unknown(graph, hubs, &own, &items);
    Contents { items, closures, own, brought, interpreter, all, unknown }
}

/// What the binary needs at run time and whose content is not known.
fn unknown(graph: &Graph, hubs: &Hubs, own: &[Option<ItemId>], items: &[Item]) -> Vec<Unknown> {
    let mut pending = vec![graph.root()];
    let mut seen = BTreeSet::from([graph.root()]);
    let mut found = Vec::new();
    while let Some(id) = pending.pop() {
        pending.extend(graph.runtime_edges(id).filter(|below| seen.insert(*below)));
        let Some(node) = graph.node(id) else { continue };
        let item = own.get(id.index()).copied().flatten().and_then(|item| items.get(item.index()));
        let reason = match (&node.kind, item.map(|item| &item.kind)) {
            (NodeKind::Missing, _) => {
                UnknownReason::Missing(graph.missing.get(&node.label).cloned().unwrap_or_default())
            }
            (NodeKind::External, _) if is_locked_elsewhere(hubs, &node.label) => continue,
            (NodeKind::External, _) => UnknownReason::External,
            (_, Some(ItemKind::Generated { maker, class, .. })) => {
                UnknownReason::Made { maker: maker.clone(), class: class.clone() }
            }
            _ => continue,
        };
        found.push(Unknown { label: node.label.clone(), reason });
    }
    found.sort();
    found
}

fn is_locked_elsewhere(hubs: &Hubs, label: &Label) -> bool {
    label.repository_name().and_then(|name| hubs.get(name)).is_some_and(|hub| hub.is_locked_elsewhere(label))
}

fn own_item(workspace: &Workspace, hubs: &Hubs, label: &Label, kind: &NodeKind) -> Option<Item> {
    let item = |kind| Some(Item { label: label.clone(), kind });
    match kind {
        NodeKind::Source => {
            let file = workspace.packages.of(label)?.source_files.get(label.name())?;
            item(ItemKind::File { path: file.path.clone(), bytes: file.bytes })
        }
        NodeKind::Generated => {
            let path = workspace.packages.repositories.file(label)?;
            let (maker, target) = workspace.packages.maker(label)?;
            item(ItemKind::Generated { path, maker, class: target.kind.clone() })
        }
        NodeKind::Rule(class) => {
            let target = workspace.packages.target(label)?;
            if passes_on(target) || !target.outputs.is_empty() {
                return None;
            }
            let path = workspace.packages.repositories.file(label)?;
            item(ItemKind::Generated { path, maker: label.clone(), class: class.clone() })
        }
        NodeKind::Package => {
            let hub = hubs.get(label.repository_name()?)?;
            let name = hub.package_of(label)?;
            let package = hub.packages.packages.get(&name)?;
            Some(Item {
                label: hub.label(&name),
                kind: ItemKind::Package {
                    lock_path: hub.lock_path.clone(),
                    version: package.version.clone(),
                    wheel: package.wheel.clone(),
                    name,
                },
            })
        }
        NodeKind::External | NodeKind::Missing => None,
    }
}

/// The interpreter has no target in a BUILD file; it is named after the toolchain's repository.
fn interpreter_item(python: Option<&PythonChoice>) -> Item {
    let version = python.map(|choice| choice.version);
    let repository = version.map_or_else(|| "python".to_owned(), |(major, minor)| format!("python_{major}_{minor}"));
    Item {
        label: Label::new(Repository::Apparent(repository.as_str().into()), "", "interpreter"),
        kind: ItemKind::Interpreter { version, full: python.and_then(|choice| choice.full.clone()) },
    }
}

/// Bazel adds an empty `__init__.py` to each folder above such a file (Bazel's `PythonUtils.getInitPyFiles`;
/// `legacy_create_init`, on unless a target or a flag says otherwise).
const PYTHON_CODE: [&str; 3] = [".py", ".pyc", ".so"];

/// Adds the empty `__init__.py` files as items, by the file that causes them. A group that claims code claims them too,
/// so the lowest layer with code below a folder has its file, as in the layer rules.
fn empty_inits(graph: &Graph, own: &[Option<ItemId>], items: &mut Vec<Item>) -> BTreeMap<usize, Vec<ItemId>> {
    let path = |item: &Item| match &item.kind {
        ItemKind::File { path, .. } | ItemKind::Generated { path, .. } => Some(path.clone()),
        _ => None,
    };
    let mut known: BTreeMap<String, Option<ItemId>> = BTreeMap::new();
    known.extend(items.iter().filter_map(path).map(|path| (path, None)));
    let mut brought: BTreeMap<usize, Vec<ItemId>> = BTreeMap::new();
    for (node, _) in graph.nodes_by_label() {
        let item = own.get(node.index()).copied().flatten().and_then(|item| items.get(item.index()));
        let Some(path) = item.and_then(path).filter(|path| PYTHON_CODE.iter().any(|end| path.ends_with(end))) else {
            continue;
        };
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        for folder in folders.filter(|folder| !folder.ends_with("__pycache__")) {
            let init = format!("{folder}/__init__.py");
            let next = ItemId(u32::try_from(items.len()).unwrap_or(u32::MAX));
            let id = *known.entry(init.clone()).or_insert(Some(next));
            if id == Some(next) {
                let label = Label::new(Repository::Main, folder, "__init__.py");
                items.push(Item { label, kind: ItemKind::EmptyInit { path: init } });
            }
            brought.entry(node.index()).or_default().extend(id);
        }
    }
    brought
}

/// Items reached by run-time edges. Locked packages may form cycles, so components share a set.
fn closures(graph: &Graph, own: &[Option<ItemId>], brought: &BTreeMap<usize, Vec<ItemId>>) -> Vec<ItemSet> {
    let runtime = EdgeFiltered::from_fn(&graph.inner, |edge| *edge.weight() != EdgeUse::Build);
    let mut closures = vec![ItemSet::default(); graph.len()];
    // Components come in reverse topological order: dependencies first.
    for component in tarjan_scc(&runtime) {
        let mut set = ItemSet::default();
        for &node in &component {
            if let Some(item) = own.get(node.index()).copied().flatten() {
                set.insert(item);
            }
            brought.get(&node.index()).into_iter().flatten().for_each(|item| set.insert(*item));
            for edge in graph.inner.edges(node).filter(|edge| *edge.weight() != EdgeUse::Build) {
                if let Some(below) = closures.get(edge.target().index()) {
                    set.union_with(below);
                }
            }
        }
        for &node in &component {
            if let Some(slot) = closures.get_mut(node.index()) {
                slot.clone_from(&set);
            }
        }
    }
    closures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::build::build_graph;
    use crate::graph::packages::resolve_hubs;
    use crate::workspace::fixture::workspace;
    use crate::workspace::platform::Platform;

    #[test]
    fn folders_of_code_without_an_init_have_an_empty_one_that_comes_with_the_code() {
        let workspace = workspace(
            "//libs/a\n py_library a srcs=one.py,__init__.py\n//app\n py_library lib srcs=lib.py data=x.json\n py_binary bin srcs=main.py deps=:lib,//libs/a",
        );
        let hubs = resolve_hubs(&workspace, &Platform::default(), (3, 13));
        let graph = build_graph(&workspace, &hubs, &Label::parse_absolute("//app:bin").unwrap()).unwrap();
        let contents = contents(&workspace, &hubs, &graph);
        let inits = |label: &str| -> Vec<String> {
            let closure = contents.closure(graph.find(&Label::parse_absolute(label).unwrap()).unwrap()).unwrap();
            let init = |id| match &contents.item(id)?.kind {
                ItemKind::EmptyInit { path } => Some(path.clone()),
                _ => None,
            };
            let mut paths: Vec<String> = closure.iter().filter_map(init).collect();
            paths.sort();
            paths
        };
        assert_eq!(inits("//libs/a:a"), ["libs/__init__.py"]);
        assert_eq!(inits("//app:lib"), ["app/__init__.py"]);
        assert_eq!(inits("//app:bin"), ["app/__init__.py", "libs/__init__.py"]);
    }

    #[test]
    fn what_is_made_is_unknown_and_its_sources_are_not_in_the_image() {
        let mut workspace = workspace(
            "@pypi grpc 1000 wheels
            //app
              genrule schema outs=schema.json srcs=in.json
              rust_shared_library native srcs=lib.rs deps=@crates//:serde
              proto_library proto srcs=a.proto
              py_proto_library proto_py deps=:proto,@pypi//:grpc
              filegroup files srcs=x.json
              py_binary bin srcs=main.py data=schema.json,:native,:files deps=:proto_py,:gone,@other//:lib",
        );
        workspace.packages.get_mut("app").unwrap().source_files.remove("schema.json");
        let hubs = resolve_hubs(&workspace, &Platform::default(), (3, 13));
        let graph = build_graph(&workspace, &hubs, &Label::parse_absolute("//app:bin").unwrap()).unwrap();
        let contents = contents(&workspace, &hubs, &graph);
        let files: Vec<&str> = contents
            .ids()
            .filter(|(id, _)| contents.all.contains(*id))
            .filter_map(|(_, item)| match &item.kind {
                ItemKind::File { path, .. } => Some(path.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(files, ["app/main.py", "app/x.json"]);
        let packages = contents.all.iter().filter_map(|id| contents.item(id));
        assert_eq!(packages.filter(|item| matches!(item.kind, ItemKind::Package { .. })).count(), 1);
        let unknown: Vec<String> =
            contents.unknown.iter().map(|unknown| format!("{}: {}", unknown.label, unknown.reason)).collect();
        assert_eq!(
            unknown,
            [
                "//app:gone: neither a target nor a file of app/BUILD.bazel",
                "//app:native: made by rust_shared_library //app:native",
                "//app:proto_py: made by py_proto_library //app:proto_py",
                "//app:schema.json: made by genrule //app:schema",
                "@other//:lib: in another repository, which no lock file describes",
            ]
        );
        let sentence = contents.unknown_sentence().unwrap();
        assert_eq!(sentence, "5 targets have no known content: //app:gone, //app:native, //app:proto_py and 2 more");
        assert!(graph.notes.is_empty(), "{:?}", graph.notes);
    }
}
