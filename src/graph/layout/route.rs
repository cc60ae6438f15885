//! Leads edges round the nodes that stand between their ends: through the gaps of the columns that they pass.

use crate::graph::layout::{Placed, Point, ROW_GAP};

/// Points that an edge keeps away from a node that it passes.
const CLEARANCE: f32 = ROW_GAP / 2.0;
/// Beyond this many edges a drawing is read from far away, where a detour is not seen.
const MOST_EDGES: usize = 3_000;

/// For each edge the points that it passes between its ends, from the first end to the second.
pub(super) fn routes(edges: &[(usize, usize)], places: &[Placed]) -> Vec<Vec<Point>> {
    if edges.len() > MOST_EDGES {
        return vec![Vec::new(); edges.len()];
    }
    let columns = columns(places);
    edges
        .iter()
        .map(|&(from, to)| match (places.get(from), places.get(to)) {
            (Some(from), Some(to)) if from.left > to.right() => route(&columns, from, to),
            // An edge against the direction closes a cycle: the same way, walked backwards.
            (Some(from), Some(to)) if to.left > from.right() => {
                let mut points = route(&columns, to, from);
                points.reverse();
                points
            }
            _ => Vec::new(),
        })
        .collect()
}

/// Nodes with a common stretch of x, from left to right; in each from top to bottom.
struct Column {
    left: f32,
    right: f32,
    spans: Vec<(f32, f32)>,
}

fn columns(places: &[Placed]) -> Vec<Column> {
    let mut sorted: Vec<&Placed> = places.iter().collect();
    sorted.sort_by(|one, other| one.left.total_cmp(&other.left));
    let mut columns: Vec<Column> = Vec::new();
    for place in sorted {
        let span = (place.top, place.bottom());
        match columns.last_mut() {
            // Two parts of the drawing can stand above each other with columns that all but touch: no edge turns between them.
            Some(column) if place.left < column.right + CLEARANCE => {
                column.right = column.right.max(place.right());
                column.spans.push(span);
            }
            _ => columns.push(Column { left: place.left, right: place.right(), spans: vec![span] }),
        }
    }
    for column in &mut columns {
        column.spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    columns
}

/// From the left side of `right` to the right side of `left`.
fn route(columns: &[Column], right: &Placed, left: &Placed) -> Vec<Point> {
    let mut here = Point { x: right.left, y: right.centre().y };
    let end = Point { x: left.right(), y: left.centre().y };
    let mut points = Vec::new();
    let last = columns.partition_point(|column| column.right <= here.x);
    for column in columns.get(..last).unwrap_or_default().iter().rev().take_while(|column| column.left >= end.x) {
        let middle = (column.left + column.right) / 2.0;
        let along = (here.x - middle) / (here.x - end.x).max(1.0);
        let wanted = here.y + (end.y - here.y) * along;
        let free = nearest_gap(&column.spans, wanted);
        if (free - wanted).abs() > 0.5 {
            points.push(Point { x: column.right, y: free });
            points.push(Point { x: column.left, y: free });
            here = Point { x: column.left, y: free };
        }
    }
    points
}

/// The height nearest to `wanted` at which nothing of the column is in the way.
fn nearest_gap(spans: &[(f32, f32)], wanted: f32) -> f32 {
    let mut best = f32::INFINITY;
    let mut from = f32::NEG_INFINITY;
    for &(top, bottom) in spans.iter().chain([&(f32::INFINITY, f32::INFINITY)]) {
        let (first, last) = (from + CLEARANCE, top - CLEARANCE);
        if first <= last {
            let nearest = wanted.clamp(first, last);
            if (nearest - wanted).abs() < (best - wanted).abs() {
                best = nearest;
            }
        }
        from = from.max(bottom);
    }
    if best.is_finite() { best } else { wanted }
}
