//! Layered layout: every edge leads down from the binary at the top, as the app lies on top of its dependencies in the
//! image. Names are wide, so rows take less room than columns.
//!
//! The steps are those of K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
//! structures", 1981: break cycles, rank nodes (`rank`), order ranks for few crossings (`order`), place them (`place`).
//! A rank too wide for the window becomes several rows. A new drawing is then improved (`untangle`); `route` leads
//! edges around nodes. Deterministic; no request makes it fail.

mod model;
mod order;
mod place;
mod rank;
mod route;
mod untangle;

use std::collections::BTreeSet;

pub use model::{Layout, LayoutNode, LayoutRequest, Placed, Point};

#[must_use]
pub fn layout(request: &LayoutRequest) -> Layout {
    let count = request.nodes.len();
    let edges = clean(&request.edges, count);
    let aspect = if request.aspect.is_finite() { request.aspect.clamp(0.2, 5.0) } else { 1.5 };
    let has_stood = request.nodes.iter().filter(|node| node.before.is_some()).count() * 2 >= count.max(1);
    let mut blocks = Vec::new();
    let mut alone = Vec::new();
    for members in rank::components(count, &edges) {
        if let [only] = members[..] {
            alone.push(only);
            continue;
        }
        let inside: BTreeSet<usize> = members.iter().copied().collect();
        let edges: Vec<(usize, usize)> = edges.iter().filter(|(from, _)| inside.contains(from)).copied().collect();
        let stood: &[LayoutNode] = if has_stood { &request.nodes } else { &[] };
        let ranks = rank::ranks(count, &members, &edges, stood);
        let order = order::ordered(&ranks, &edges, &request.nodes, has_stood);
        let mut block = place::rows(&order, &edges, &request.nodes, aspect);
        if !has_stood {
            untangle::untangle(&mut block.places, &edges);
        }
        blocks.push(block);
    }
    if !alone.is_empty() {
        blocks.push(place::grid(&alone, &request.nodes, aspect));
    }
    let (places, width, height) = place::packed(blocks, count, aspect);
    let routes = route::routes(&request.edges, &places);
    Layout { places, routes, width, height }
}

/// Removes invalid and repeated edges, and sorts.
fn clean(edges: &[(usize, usize)], count: usize) -> Vec<(usize, usize)> {
    let valid = |&&(from, to): &&(usize, usize)| from != to && from < count && to < count;
    edges.iter().filter(valid).copied().collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;
