//! Ranks: the distance of each node below those that nothing depends on.

use std::collections::BTreeMap;

use crate::graph::layout::model::{LayoutNode, ROW_GAP};

/// Connected components, sorted.
pub(super) fn components(count: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); count];
    for &(from, to) in edges {
        if let Some(list) = neighbours.get_mut(from) {
            list.push(to);
        }
        if let Some(list) = neighbours.get_mut(to) {
            list.push(from);
        }
    }
    let mut seen = vec![false; count];
    let mut components = Vec::new();
    for start in 0..count {
        let mut members = Vec::new();
        let mut pending = vec![start];
        while let Some(node) = pending.pop() {
            if seen.get_mut(node).is_some_and(|seen| !std::mem::replace(seen, true)) {
                members.push(node);
                pending.extend(neighbours.get(node).into_iter().flatten());
            }
        }
        if !members.is_empty() {
            members.sort_unstable();
            components.push(members);
        }
    }
    components
}

/// The members of each rank, from those that nothing depends on. Nodes that already `stood` keep their rows unless a
/// dependent comes to stand there.
pub(super) fn ranks(
    count: usize,
    members: &[usize],
    edges: &[(usize, usize)],
    stood: &[LayoutNode],
) -> Vec<Vec<usize>> {
    let lists = Lists::new(count, edges);
    let order = acyclic_order(members, &lists);
    let mut position = vec![0; count];
    for (at, &node) in order.iter().enumerate() {
        set(&mut position, node, at);
    }
    // An edge against the order closes a cycle; it is drawn but does not rank.
    let forward: Vec<(usize, usize)> =
        edges.iter().filter(|&&(from, to)| get(&position, from) < get(&position, to)).copied().collect();
    let lists = Lists::new(count, &forward);
    let before = rows_before(members, stood);
    let mut rank = vec![0; count];
    for &node in &order {
        let own = lists.above(node).iter().map(|&above| get(&rank, above) + 1).max().unwrap_or(0);
        set(&mut rank, node, own.max(before.get(&node).copied().unwrap_or_default()));
    }
    if before.is_empty() {
        tighten(&order, &lists, &mut rank);
    }
    let mut ranks: Vec<Vec<usize>> = Vec::new();
    for &node in members {
        let own = get(&rank, node);
        if ranks.len() <= own {
            ranks.resize(own + 1, Vec::new());
        }
        if let Some(list) = ranks.get_mut(own) {
            list.push(node);
        }
    }
    ranks.retain(|list| !list.is_empty());
    ranks
}

/// Row numbers of members that already stood.
fn rows_before(members: &[usize], stood: &[LayoutNode]) -> BTreeMap<usize, usize> {
    let height = |&node: &usize| Some((stood.get(node)?.height_before?, node));
    let mut heights: Vec<(f32, usize)> = members.iter().filter_map(height).collect();
    heights.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    // Middles closer than the gap are one row with cards of several heights.
    let mut rows = BTreeMap::new();
    let mut row = (0, f32::NEG_INFINITY);
    for (height, node) in heights {
        if row.1 == f32::NEG_INFINITY {
            row.1 = height;
        } else if height - row.1 > ROW_GAP {
            row = (row.0 + 1, height);
        }
        rows.insert(node, row.0);
    }
    rows
}

/// Moves nodes with more edges down than up away from the binary, where that shortens edges.
fn tighten(order: &[usize], lists: &Lists, rank: &mut [usize]) {
    for _ in 0..4 {
        let mut moved = false;
        for &node in order.iter().rev() {
            let Some(lowest) = lists.below(node).iter().map(|&below| get(rank, below).saturating_sub(1)).min() else {
                continue;
            };
            if lists.below(node).len() > lists.above(node).len() && lowest > get(rank, node) {
                set(rank, node, lowest);
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
}

struct Lists {
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
}

impl Lists {
    fn new(count: usize, edges: &[(usize, usize)]) -> Self {
        let mut lists = Self { above: vec![Vec::new(); count], below: vec![Vec::new(); count] };
        for &(from, to) in edges {
            if let (Some(below), Some(above)) = (lists.below.get_mut(from), lists.above.get_mut(to)) {
                below.push(to);
                above.push(from);
            }
        }
        lists
    }

    fn above(&self, node: usize) -> &[usize] {
        self.above.get(node).map_or(&[], Vec::as_slice)
    }

    fn below(&self, node: usize) -> &[usize] {
        self.below.get(node).map_or(&[], Vec::as_slice)
    }
}

/// A depth-first order in which every edge that closes no cycle leads forward.
fn acyclic_order(members: &[usize], lists: &Lists) -> Vec<usize> {
    let roots = members.iter().filter(|&&node| lists.above(node).is_empty());
    let mut seen = vec![false; lists.below.len()];
    let mut finished = Vec::with_capacity(members.len());
    for &start in roots.chain(members) {
        // An own stack, because chains may have ten thousand nodes.
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.pop() {
            if next == 0 && seen.get_mut(node).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            match lists.below(node).get(next) {
                Some(&child) => {
                    stack.push((node, next + 1));
                    stack.push((child, 0));
                }
                None => finished.push(node),
            }
        }
    }
    finished.reverse();
    finished
}

fn get(values: &[usize], at: usize) -> usize {
    values.get(at).copied().unwrap_or_default()
}

fn set(values: &mut [usize], at: usize, value: usize) {
    if let Some(slot) = values.get_mut(at) {
        *slot = value;
    }
}
