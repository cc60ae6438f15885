//! Maps a graph to a view.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::model::{Graph, Node, NodeId, NodeKind};
use crate::graph::view::model::{
    LARGE_GROUP, NodeFilter, ViewGraph, ViewKind, ViewNode, ViewRequest, group_key, package_name,
};
use crate::graph::view::walk::keep_neighbourhood;

/// A target, a file, or all spellings of one locked package.
type Unit = Vec<NodeId>;

/// Units by key.
type Group = BTreeMap<String, Unit>;

#[must_use]
pub fn view_graph(graph: &Graph, request: &ViewRequest) -> ViewGraph {
    let focus = request.focus.as_ref().and_then(|(label, hops)| graph.find(label).map(|id| (id, *hops)));
    let pinned = |id: NodeId| id == graph.root() || focus.is_some_and(|(focused, _)| focused == id);
    let mut nodes = Vec::new();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (id, node) in graph.nodes_by_label() {
        if pinned(id) {
            nodes.push(single(graph, &node.label.to_string(), &vec![id], None));
        } else if NodeFilter::of(&node.kind).is_none_or(|kind| !request.hidden.contains(&kind))
            && (request.show_files || !is_file(&node.kind))
        {
            groups.entry(group_key(&node.label)).or_default().entry(unit_key(node)).or_default().push(id);
        }
    }
    for (key, group) in &groups {
        show_group(graph, request, key, group, &mut nodes);
    }
    nodes.sort_by(|left, right| left.key.cmp(&right.key));
    let mut shown_by = vec![None; graph.len()];
    for (at, node) in nodes.iter().enumerate() {
        for member in &node.members {
            if let Some(slot) = shown_by.get_mut(member.index()) {
                *slot = Some(at);
            }
        }
    }
    hide_files(graph, &mut nodes, &mut shown_by);
    let edges = merged_edges(graph, &shown_by);
    let view = ViewGraph { nodes, edges };
    match focus.and_then(|(id, hops)| shown_by.get(id.index()).copied().flatten().map(|at| (at, hops))) {
        Some((at, hops)) => keep_neighbourhood(view, at, hops),
        None => view,
    }
}

fn is_file(kind: &NodeKind) -> bool {
    matches!(kind, NodeKind::Source | NodeKind::Generated)
}

/// Spellings of one locked package share a unit.
fn unit_key(node: &Node) -> String {
    match node.kind {
        NodeKind::Package => format!("{}//:{}", group_key(&node.label), package_name(&node.label).as_str()),
        _ => node.label.to_string(),
    }
}

/// Adds one group: itself when closed; its members when open or when it has only one.
fn show_group(graph: &Graph, request: &ViewRequest, key: &str, group: &Group, nodes: &mut Vec<ViewNode>) {
    let is_target = |unit: &&Unit| unit.first().and_then(|&id| graph.node(id)).is_some_and(|node| !is_file(&node.kind));
    let is_open = request.expanded.contains(key);
    if group.values().filter(is_target).count() < 2 {
        nodes.extend(group.iter().map(|(unit_key, unit)| single(graph, unit_key, unit, None)));
        return;
    }
    if !is_open {
        nodes.push(collapsed(graph, key, group));
        return;
    }
    let rest_key = format!("{key}+more");
    let shown = if group.len() > LARGE_GROUP && !request.expanded.contains(&rest_key) {
        used_from_outside(graph, key, group)
    } else {
        group.keys().collect()
    };
    let mut rest = Vec::new();
    for (unit_key, unit) in group {
        if shown.contains(unit_key) {
            nodes.push(single(graph, unit_key, unit, Some(key)));
        } else {
            rest.push(unit);
        }
    }
    if !rest.is_empty() {
        let title = format!("+{} more", rest.len());
        let members: Vec<NodeId> = rest.into_iter().flatten().copied().collect();
        let subtitle = format!("of {key}");
        let group = Some(key.to_owned());
        nodes.push(ViewNode {
            key: rest_key,
            title,
            subtitle,
            kind: ViewKind::More,
            label: None,
            members,
            files: Vec::new(),
            group,
        });
    }
}

/// Units of a large group that something outside needs; the first ones if nothing does.
fn used_from_outside<'a>(graph: &Graph, key: &str, group: &'a Group) -> BTreeSet<&'a String> {
    let outside = |id: NodeId| graph.node(id).is_some_and(|node| group_key(&node.label) != key);
    let is_used = |unit: &Unit| unit.iter().any(|&id| graph.dependents(id).into_iter().any(outside));
    let mut shown: BTreeSet<&String> =
        group.iter().filter(|(_, unit)| is_used(unit)).map(|(key, _)| key).take(LARGE_GROUP).collect();
    if shown.is_empty() {
        shown = group.keys().take(LARGE_GROUP).collect();
    }
    shown
}

fn single(graph: &Graph, key: &str, unit: &Unit, group: Option<&str>) -> ViewNode {
    // Prefers the spelling of the workspace's BUILD files, which a plan has to use.
    let is_named_here = |id: &&NodeId| {
        graph.dependents(**id).into_iter().any(|user| graph.node(user).is_some_and(|node| node.label.is_main()))
    };
    let named = unit.iter().find(is_named_here).or_else(|| unit.first());
    let node = named.and_then(|&id| graph.node(id));
    let is_binary = unit.contains(&graph.root());
    let kind = node.map_or(ViewKind::Missing, |node| if is_binary { ViewKind::Binary } else { kind_of(&node.kind) });
    let (title, subtitle) = node.map_or_else(Default::default, |node| match node.kind {
        NodeKind::Package => (package_name(&node.label).as_str().to_owned(), group_key(&node.label)),
        _ => (node.label.name().to_owned(), group_key(&node.label)),
    });
    ViewNode {
        key: key.to_owned(),
        title,
        subtitle,
        kind,
        label: node.map(|node| node.label.clone()),
        members: unit.clone(),
        files: Vec::new(),
        group: group.map(str::to_owned),
    }
}

fn kind_of(kind: &NodeKind) -> ViewKind {
    match kind {
        NodeKind::Rule(class) => ViewKind::Target(class.clone()),
        NodeKind::Source | NodeKind::Generated => ViewKind::File,
        NodeKind::Package => ViewKind::LockedPackage,
        NodeKind::External => ViewKind::External,
        NodeKind::Missing => ViewKind::Missing,
    }
}

fn collapsed(graph: &Graph, key: &str, group: &Group) -> ViewNode {
    let members: Vec<NodeId> = group.values().flatten().copied().collect();
    let is_package = |id: &NodeId| graph.node(*id).is_some_and(|node| node.kind == NodeKind::Package);
    let kind = if !key.starts_with('@') {
        ViewKind::Package
    } else if members.iter().any(is_package) {
        ViewKind::Hub
    } else {
        ViewKind::Repository
    };
    let is_target = |unit: &&Unit| unit.first().and_then(|&id| graph.node(id)).is_some_and(|node| !is_file(&node.kind));
    let count = group.values().filter(is_target).count();
    let what = if kind == ViewKind::Hub { "packages" } else { "targets" };
    ViewNode {
        key: key.to_owned(),
        title: key.to_owned(),
        subtitle: format!("{count} {what}"),
        kind,
        label: None,
        members,
        files: Vec::new(),
        group: None,
    }
}

/// Puts hidden files into the nodes that use them; edges to a generated file lead to its maker.
fn hide_files(graph: &Graph, nodes: &mut [ViewNode], shown_by: &mut [Option<usize>]) {
    for (id, node) in graph.nodes_by_label() {
        if shown_by.get(id.index()).copied().flatten().is_some() || !is_file(&node.kind) {
            continue;
        }
        let maker = graph.dependencies(id).first().and_then(|maker| shown_by.get(maker.index()).copied().flatten());
        let users = graph.dependents(id).into_iter().filter_map(|user| shown_by.get(user.index()).copied().flatten());
        let holders: BTreeSet<usize> = users.chain(maker).collect();
        for holder in holders {
            if let Some(holder) = nodes.get_mut(holder) {
                holder.files.push(id);
            }
        }
        if let (Some(maker), Some(slot)) = (maker, shown_by.get_mut(id.index())) {
            *slot = Some(maker);
        }
    }
}

fn merged_edges(graph: &Graph, shown_by: &[Option<usize>]) -> Vec<(usize, usize, u32)> {
    let shown = |id: NodeId| shown_by.get(id.index()).copied().flatten();
    let mut weights: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for (from, to) in graph.edges() {
        if let (Some(from), Some(to)) = (shown(from), shown(to))
            && from != to
        {
            *weights.entry((from, to)).or_default() += 1;
        }
    }
    weights.into_iter().map(|((from, to), weight)| (from, to, weight)).collect()
}
