//! Why something is in its layer: the claim, its dependency path, and the layers above that need it too. Follows
//! run-time edges, which bring files into an image.

use std::collections::{BTreeMap, VecDeque};

use crate::graph::contents::Contents;
use crate::graph::item_set::ItemSet;
use crate::graph::model::{Graph, NodeId, NodeKind};
use crate::label::Label;
use crate::layers::partition::{LayerContents, LayerKind, Partition};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub layer: LayerKind,
    pub name: String,
    /// Number of the items concerned.
    pub items: usize,
    /// A shortest dependency path from the layer's target (the binary for the app's layer); of several the first by
    /// label. Empty for the interpreter, which no target brings.
    pub path: Vec<Label>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Layers that hold it, lowest first. Several for a target that shares files with others.
    pub held: Vec<Claim>,
    /// Layers above that need it, lowest first.
    pub wanted: Vec<Claim>,
}

/// `None` if the image holds none of `items`.
#[must_use]
pub fn why(graph: &Graph, contents: &Contents, partition: &Partition, items: &ItemSet) -> Option<Why> {
    let claim = |layer: &LayerContents, of: &ItemSet| {
        let mut common = of.clone();
        common.intersect_with(items);
        (!common.is_empty()).then(|| Claim {
            layer: layer.kind,
            name: layer.name.clone(),
            items: common.len(),
            path: path(graph, contents, layer, &common),
        })
    };
    let held: Vec<Claim> = partition.layers.iter().filter_map(|layer| claim(layer, &layer.items)).collect();
    let wanted = partition.layers.iter().filter_map(|layer| claim(layer, &layer.claimed_below)).collect();
    (!held.is_empty()).then_some(Why { held, wanted })
}

/// A target's own files, the package or file itself, or the interpreter.
#[must_use]
pub fn own_items(graph: &Graph, contents: &Contents, label: &Label) -> ItemSet {
    let mut items = ItemSet::default();
    if contents.item(contents.interpreter).is_some_and(|item| item.label == *label) {
        items.insert(contents.interpreter);
    }
    let Some(node) = graph.find(label) else { return items };
    let is_file = |below: &NodeId| {
        graph.node(*below).is_some_and(|below| matches!(below.kind, NodeKind::Source | NodeKind::Generated))
    };
    let own = std::iter::once(node).chain(graph.runtime_edges(node).filter(is_file));
    own.filter_map(|node| contents.own_item(node)).for_each(|item| items.insert(item));
    items.intersect_with(&contents.all);
    items
}

/// A shortest path from the layer's targets to one of `items`.
fn path(graph: &Graph, contents: &Contents, layer: &LayerContents, items: &ItemSet) -> Vec<Label> {
    let starts: Vec<NodeId> = match layer.kind {
        LayerKind::App => vec![graph.root()],
        _ => layer.targets.iter().filter_map(|target| graph.find(target)).collect(),
    };
    let is_there = |node: NodeId| contents.own_item(node).is_some_and(|item| items.contains(item));
    let mut came_from: BTreeMap<NodeId, Option<NodeId>> = starts.iter().map(|&start| (start, None)).collect();
    let mut pending: VecDeque<NodeId> = starts.into();
    while let Some(node) = pending.pop_front() {
        if is_there(node) {
            return back(graph, &came_from, node);
        }
        let mut below: Vec<(&Label, NodeId)> = graph
            .runtime_edges(node)
            .filter_map(|below| graph.node(below).map(|found| (&found.label, below)))
            .collect();
        below.sort();
        for (_, below) in below {
            came_from.entry(below).or_insert_with(|| {
                pending.push_back(below);
                Some(node)
            });
        }
    }
    Vec::new()
}

fn back(graph: &Graph, came_from: &BTreeMap<NodeId, Option<NodeId>>, node: NodeId) -> Vec<Label> {
    let steps = std::iter::successors(Some(node), |node| came_from.get(node).copied().flatten());
    let mut path: Vec<Label> = steps.filter_map(|node| graph.node(node).map(|found| found.label.clone())).collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::build::build_graph;
    use crate::graph::contents::contents;
    use crate::graph::packages::resolve_hubs;
    use crate::layers::current::current_plan;
    use crate::layers::partition::{Layout, partition};
    use crate::workspace::fixture;
    use crate::workspace::platform::Platform;

    const TEXT: &str = "
        @pypi fastapi 1000 pydantic
        @pypi pydantic 1000
        //libs
          py_library core srcs=core.py deps=@pypi//:pydantic
          py_library http srcs=http.py deps=:core
        //a
          py_binary bin srcs=main.py deps=//libs:http,@pypi//:fastapi
          release_app app binary=:bin layers=internal=//libs:http;pip=@pypi//:fastapi
    ";

    fn explained(label: &str) -> Option<Vec<String>> {
        let workspace = fixture::workspace(TEXT);
        let hubs = resolve_hubs(&workspace, &Platform::default(), (3, 13));
        let graph = build_graph(&workspace, &hubs, &Label::main("a", "bin")).unwrap();
        let contents = contents(&workspace, &hubs, &graph);
        let plan = current_plan(&workspace, &workspace.apps[0]);
        let partition = partition(&graph, &contents, &plan, &Layout::layer_rules(&contents));
        let items = own_items(&graph, &contents, &Label::parse_absolute(label).unwrap());
        let why = why(&graph, &contents, &partition, &items)?;
        let print = |word: &str, claim: &Claim| {
            let path: Vec<String> = claim.path.iter().map(ToString::to_string).collect();
            format!("{word} {} {}", claim.name, path.join(" > "))
        };
        let held = why.held.iter().map(|claim| print("in", claim));
        Some(held.chain(why.wanted.iter().map(|claim| print("wanted by", claim))).collect())
    }

    #[test]
    fn the_first_claim_is_told_with_its_path_and_the_later_ones_too() {
        assert_eq!(
            explained("@pypi//:pydantic").unwrap(),
            [
                "in internal //libs:http > //libs:core > @pypi//:pydantic",
                "wanted by pip @pypi//:fastapi > @pypi//:pydantic"
            ]
        );
        assert_eq!(explained("//libs:core").unwrap(), ["in internal //libs:http > //libs:core > //libs:core.py"]);
        assert_eq!(explained("//libs:core.py").unwrap(), ["in internal //libs:http > //libs:core > //libs:core.py"]);
        assert_eq!(explained("@pypi//:fastapi").unwrap(), ["in pip @pypi//:fastapi"]);
    }

    #[test]
    fn the_app_s_own_files_come_from_the_binary_and_the_interpreter_from_nowhere() {
        assert_eq!(explained("//a:main.py").unwrap(), ["in app //a:bin > //a:main.py"]);
        assert_eq!(explained("@python_3_13//:interpreter").unwrap(), ["in interpreter "]);
        assert_eq!(explained("//a:nothing"), None);
    }
}
