//! Layout requests and results. Lengths are in points.

/// Between nodes of one row.
pub const COLUMN_GAP: f32 = 16.0;

/// Between rows of one rank.
pub const ROW_GAP: f32 = 28.0;

/// Between ranks: room for edges to turn.
pub const RANK_GAP: f32 = 44.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayoutRequest {
    pub nodes: Vec<LayoutNode>,
    /// From dependent to dependency, as positions in `nodes`. Self-loops, repetitions and missing ends are ignored.
    pub edges: Vec<(usize, usize)>,
    /// Width over height of the window.
    pub aspect: f32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LayoutNode {
    pub width: f32,
    pub height: f32,
    /// Previous middle, or that of the group it comes out of. If most nodes have one, they keep their order unless
    /// another is much better.
    pub before: Option<f32>,
    /// Previous height of the middle, if it was drawn itself. Such nodes keep their rows.
    pub height_before: Option<f32>,
}

/// y points down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Placed {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Placed {
    #[must_use]
    pub fn centre(&self) -> Point {
        Point { x: self.left + self.width / 2.0, y: self.top + self.height / 2.0 }
    }

    pub(super) fn right(&self) -> f32 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// In the order of the request.
    pub places: Vec<Placed>,
    /// Inner points of each edge of the request, from its first end to its second. Empty for a straight edge.
    pub routes: Vec<Vec<Point>>,
    pub width: f32,
    pub height: f32,
}
