//! Figures of the view's nodes. Computed once per view, layers once per plan; never while drawing.

use std::collections::BTreeSet;

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::graph::contents::ItemKind;
use crate::graph::item_set::ItemId;
use crate::graph::model::{NodeId, NodeKind};
use crate::graph::view::{ViewGraph, ViewKind, ViewNode};
use crate::label::Label;
use crate::layers::partition::Partition;
use crate::size::known_bytes::{KnownBytes, SumOfKnown};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NodeFigures {
    /// Its own items, or those of its members; ascending. A list, because most nodes have one and a set has room for
    /// all.
    pub items: Vec<ItemId>,
    /// What a registry stores of these.
    pub stored: KnownBytes,
    /// Commits of the window that change any of them.
    pub changes: u64,
    /// Of a single package.
    pub version: Option<String>,
    /// Labels that a selection or drag takes.
    pub labels: Vec<Label>,
}

#[must_use]
pub(crate) fn figures(model: &AppModel, view: &ViewGraph) -> Vec<NodeFigures> {
    view.nodes.iter().map(|node| node_figures(model, node)).collect()
}

fn node_figures(model: &AppModel, node: &ViewNode) -> NodeFigures {
    let mut items: Vec<ItemId> = node.members.iter().flat_map(|&member| own_items(model, member)).collect();
    items.sort_unstable();
    items.dedup();
    let sizes = items.iter().filter_map(|&item| model.measures.sizes.item(item));
    let stored = sizes.map(|size| size.stored()).collect::<SumOfKnown>().total();
    let version = match (&node.kind, items.first().and_then(|&item| model.contents.item(item)).map(|item| &item.kind)) {
        (ViewKind::LockedPackage, Some(ItemKind::Package { version, .. })) => Some(version.clone()),
        _ => None,
    };
    let changes = model.measures.row_of(items.iter().copied()).count();
    NodeFigures { stored, changes, items, version, labels: labels(model, node) }
}

/// A package or file is an item; a rule has the files that it names or makes.
fn own_items(model: &AppModel, member: NodeId) -> impl Iterator<Item = ItemId> + '_ {
    let is_rule = model.graph.node(member).is_some_and(|node| matches!(node.kind, NodeKind::Rule(_)));
    let is_file = |id: &NodeId| {
        model.graph.node(*id).is_some_and(|node| matches!(node.kind, NodeKind::Source | NodeKind::Generated))
    };
    let files = model.graph.runtime_edges(member).filter(move |id| is_rule && is_file(id));
    std::iter::once(member).chain(files).filter_map(|id| model.contents.own_item(id))
}

/// Its label in a plan; for a group those of members that first-party targets use.
fn labels(model: &AppModel, node: &ViewNode) -> Vec<Label> {
    if let Some(label) = &node.label {
        return vec![label.clone()];
    }
    let graph = &model.graph;
    let label = |id: &NodeId| graph.node(*id).map(|member| &member.label);
    let is_target = |id: &&NodeId| {
        graph
            .node(**id)
            .is_some_and(|member| !matches!(member.kind, NodeKind::Source | NodeKind::Generated | NodeKind::Missing))
    };
    let is_used_here = |id: &&NodeId| {
        node.kind == ViewKind::Package
            || graph.dependents(**id).iter().any(|user| graph.node(*user).is_some_and(|user| user.label.is_main()))
    };
    let used: BTreeSet<&Label> = node.members.iter().filter(is_target).filter(is_used_here).filter_map(label).collect();
    if used.is_empty() {
        return node.members.iter().filter(is_target).filter_map(label).cloned().collect();
    }
    used.into_iter().cloned().collect()
}

/// Layers with a node's items: positions in [`Partition::layers`] with bytes, largest first.
pub(crate) type NodeLayers = Vec<(usize, ByteCount)>;

#[must_use]
pub(crate) fn node_layers(model: &AppModel, partition: &Partition, figures: &[NodeFigures]) -> Vec<NodeLayers> {
    let mut layer_of = vec![None; model.contents.items.len()];
    for (index, layer) in partition.layers.iter().enumerate() {
        for item in layer.items.iter() {
            if let Some(slot) = layer_of.get_mut(item.index()) {
                *slot = Some(index);
            }
        }
    }
    let layers = |figures: &NodeFigures| {
        let mut layers = NodeLayers::new();
        for &item in &figures.items {
            let Some(of) = layer_of.get(item.index()).copied().flatten() else { continue };
            let size = model.measures.sizes.item(item).map_or(ByteCount::ZERO, |size| size.compressed_bytes);
            match layers.iter_mut().find(|(layer, _)| *layer == of) {
                Some((_, bytes)) => *bytes += size,
                None => layers.push((of, size)),
            }
        }
        layers.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        layers
    };
    figures.iter().map(layers).collect()
}
