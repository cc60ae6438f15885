//! What is placed, and where it stands then. Values only.

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

    pub(super) fn right(&self) -> f32 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f32 {
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
