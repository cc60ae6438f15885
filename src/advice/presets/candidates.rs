//! Packages and targets that a group can name.

use crate::advice::app_problem::AppParts;
use crate::graph::model::{NodeId, NodeKind};
use crate::label::Label;

/// Sorted by label, each package once.
pub(super) fn packages(parts: &AppParts<'_>) -> Vec<NodeId> {
    let nodes = parts.graph.nodes_by_label();
    let own = nodes.filter(|(id, node)| {
        node.kind == NodeKind::Package
            && (parts.can_name)(*id, node)
            && parts
                .contents
                .own_item(*id)
                .and_then(|item| parts.contents.item(item))
                .is_some_and(|item| item.label == node.label)
    });
    own.map(|(id, _)| id).collect()
}

pub(super) fn libraries(parts: &AppParts<'_>) -> Vec<Label> {
    let nodes = parts.graph.nodes_by_label();
    let own = nodes.filter(|(id, node)| matches!(node.kind, NodeKind::Rule(_)) && (parts.can_name)(*id, node));
    // The binary's own package is the app itself: it changes with every deploy.
    let home = parts.graph.node(parts.graph.root()).map(|node| node.label.package().to_owned()).unwrap_or_default();
    own.map(|(_, node)| node.label.clone()).filter(|label| label.package() != home).collect()
}

pub(super) fn labels(parts: &AppParts<'_>, nodes: &[NodeId]) -> Vec<Label> {
    nodes.iter().filter_map(|&id| parts.graph.node(id)).map(|node| node.label.clone()).collect()
}

pub(super) fn own_bytes(parts: &AppParts<'_>, node: NodeId) -> u64 {
    let size = parts.contents.own_item(node).and_then(|item| parts.measures.sizes.item(item));
    size.map_or(0, |size| size.compressed_bytes.0)
}

pub(super) fn package_name(label: &Label) -> String {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    format!("pip_{}", label.name().chars().map(plain).collect::<String>())
}

/// Numbers equal names.
pub(super) fn distinct(groups: Vec<(String, Vec<Label>)>) -> Vec<(String, Vec<Label>)> {
    let mut seen = std::collections::BTreeMap::new();
    groups
        .into_iter()
        .map(|(name, targets)| {
            let count = seen.entry(name.clone()).and_modify(|count| *count += 1).or_insert(1_u32);
            (if *count == 1 { name } else { format!("{name}_{count}") }, targets)
        })
        .collect()
}
