//! Nix's popularity contest, as described in nixpkgs, `pkgs/build-support/references-by-popularity/closure-graph.py` at
//! 0137840: every path through the references adds to a node its distance from the path's end; the most popular come
//! first, equal ones by name. `dockerTools` gives each of the first a layer and puts all others into the last (100
//! layers by default).

use std::collections::BTreeMap;

use crate::advice::app_problem::AppParts;
use crate::advice::presets::candidates::{distinct, labels, libraries, package_name, packages};
use crate::graph::model::NodeId;
use crate::label::Label;

/// Default of `maxLayers` in `dockerTools.buildLayeredImage`.
const MAX_LAYERS: usize = 100;

pub(super) fn groups(parts: &AppParts<'_>) -> Vec<(String, Vec<Label>)> {
    let mut nodes = packages(parts);
    nodes.extend(libraries(parts).iter().filter_map(|label| parts.graph.find(label)));
    let popularity = popularity(parts, &nodes);
    nodes.sort_by_key(|node| std::cmp::Reverse(popularity.get(node).copied().unwrap_or(0)));
    // One layer is the app's, one the rest.
    let rest = nodes.split_off(nodes.len().min(MAX_LAYERS - 2));
    let mut groups: Vec<(String, Vec<Label>)> =
        labels(parts, &nodes).into_iter().map(|label| (name(&label), vec![label])).collect();
    groups.push(("rest".to_owned(), labels(parts, &rest)));
    distinct(groups)
}

fn name(label: &Label) -> String {
    if !label.is_main() {
        return package_name(label);
    }
    let plain = |character: char| if character.is_ascii_alphanumeric() { character } else { '_' };
    format!("lib_{}", label.name().chars().map(plain).collect::<String>())
}

/// Sums the positions of each node over all paths from the binary to it. Edges that close a cycle are skipped: Nix's
/// store has none.
fn popularity(parts: &AppParts<'_>, nodes: &[NodeId]) -> BTreeMap<NodeId, u128> {
    // Every node before what it refers to.
    let mut order = Vec::new();
    let mut state: BTreeMap<NodeId, bool> = BTreeMap::new();
    let mut stack = vec![(parts.graph.root(), false)];
    while let Some((node, is_done)) = stack.pop() {
        if is_done {
            order.push(node);
            state.insert(node, true);
            continue;
        }
        if state.contains_key(&node) {
            continue;
        }
        state.insert(node, false);
        stack.push((node, true));
        stack.extend(parts.graph.runtime_edges(node).map(|next| (next, false)));
    }
    let place: BTreeMap<NodeId, usize> = order.iter().enumerate().map(|(place, &node)| (node, place)).collect();
    // Number of paths that end in a node, and the sum of their lengths.
    let mut paths: BTreeMap<NodeId, (u128, u128)> = BTreeMap::new();
    paths.insert(parts.graph.root(), (1, 0));
    for &node in order.iter().rev() {
        let (count, lengths) = paths.get(&node).copied().unwrap_or_default();
        for next in parts.graph.runtime_edges(node) {
            if place.get(&next) < place.get(&node) {
                let entry = paths.entry(next).or_default();
                entry.0 = entry.0.saturating_add(count);
                entry.1 = entry.1.saturating_add(lengths).saturating_add(count);
            }
        }
    }
    let known = nodes.iter().filter_map(|&node| paths.get(&node).map(|(_, lengths)| (node, *lengths)));
    known.collect()
}
