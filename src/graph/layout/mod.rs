//! Where the nodes of a view are drawn: in rows, so that every edge leads down.
//!
//! The binary stands at the top and what it depends on below it, as the app lies on top of its dependencies in the image;
//! and names are wide, so that rows take less room than columns would. The steps are the usual ones of layered drawing (K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system
//! structures", 1981): break cycles, give each node a rank (`rank`), order the ranks so that few edges cross (`order`), and
//! place them (`place`). A rank too wide for the window becomes several rows. A drawing that nobody has read yet is then
//! improved as it stands (`untangle`); `route` leads edges round the nodes between.
//!
//! Pure: a request always gives the same layout, and no request makes it fail. It never draws.

mod order;
mod place;
mod rank;
mod route;
mod untangle;

use std::collections::BTreeSet;

/// Points between two nodes of one row.
pub const COLUMN_GAP: f32 = 16.0;
/// Points between two rows of one rank.
pub const ROW_GAP: f32 = 28.0;
/// Points between two ranks: room for the edges to turn.
pub const RANK_GAP: f32 = 44.0;

/// What is to be placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayoutRequest {
    /// The nodes.
    pub nodes: Vec<LayoutNode>,
    /// From what depends to what it depends on: positions in `nodes`. Self-loops, repetitions and ends that do not exist are
    /// passed over.
    pub edges: Vec<(usize, usize)>,
    /// Width over height of the window that the drawing should fill.
    pub aspect: f32,
}

/// One node to be placed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayoutNode {
    /// Width in points.
    pub width: f32,
    /// Height in points.
    pub height: f32,
    /// How far to the right its middle stood before, or that of the group that it comes out of. Where most nodes have stood,
    /// they keep their order unless another one is much better.
    pub before: Option<f32>,
    /// How far down its middle stood before, if it was drawn itself. Such nodes keep their rows.
    pub height_before: Option<f32>,
}

/// A place in points, y downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// The rectangle of one node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Placed {
    /// Its left side.
    pub left: f32,
    /// Its upper side.
    pub top: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

impl Placed {
    /// Its middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: self.left + self.width / 2.0, y: self.top + self.height / 2.0 }
    }

    fn right(&self) -> f32 {
        self.left + self.width
    }

    fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The rectangle of each node, in the order of the request.
    pub places: Vec<Placed>,
    /// For each edge of the request the points that it passes on its way from its first end to its second, the ends left out.
    /// None where nothing is in the way.
    pub routes: Vec<Vec<Point>>,
    /// Width of the whole.
    pub width: f32,
    /// Height of the whole.
    pub height: f32,
}

/// Places every node.
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

/// The edges that mean something, sorted, each once.
fn clean(edges: &[(usize, usize)], count: usize) -> Vec<(usize, usize)> {
    let valid = |&&(from, to): &&(usize, usize)| from != to && from < count && to < count;
    edges.iter().filter(valid).copied().collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;
