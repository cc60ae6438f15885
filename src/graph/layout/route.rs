//! Leads edges round the nodes that stand between their ends: through the gaps of the rows that they pass.

use crate::graph::layout::model::{COLUMN_GAP, Placed, Point};

/// Points that an edge keeps away from a node that it passes.
const CLEARANCE: f32 = COLUMN_GAP / 2.0;
/// Beyond this many edges a drawing is read from far away, where a detour is not seen.
const MOST_EDGES: usize = 3_000;

/// For each edge the points that it passes between its ends, from the first end to the second.
pub(super) fn routes(edges: &[(usize, usize)], places: &[Placed]) -> Vec<Vec<Point>> {
    if edges.len() > MOST_EDGES {
        return vec![Vec::new(); edges.len()];
    }
    let rows = rows(places);
    edges
        .iter()
        .map(|&(from, to)| match (places.get(from), places.get(to)) {
            (Some(from), Some(to)) if from.bottom() < to.top => route(&rows, from, to),
            // An edge against the direction closes a cycle: the same way, walked backwards.
            (Some(from), Some(to)) if to.bottom() < from.top => {
                let mut points = route(&rows, to, from);
                points.reverse();
                points
            }
            _ => Vec::new(),
        })
        .collect()
}

/// Nodes with a common stretch of y, from top to bottom; in each from left to right.
struct Row {
    top: f32,
    bottom: f32,
    spans: Vec<(f32, f32)>,
}

fn rows(places: &[Placed]) -> Vec<Row> {
    let mut sorted: Vec<&Placed> = places.iter().collect();
    sorted.sort_by(|one, other| one.top.total_cmp(&other.top));
    let mut rows: Vec<Row> = Vec::new();
    for place in sorted {
        let span = (place.left, place.right());
        match rows.last_mut() {
            // Two parts of the drawing can stand beside each other with rows that all but touch: no edge turns between them.
            Some(row) if place.top < row.bottom + CLEARANCE => {
                row.bottom = row.bottom.max(place.bottom());
                row.spans.push(span);
            }
            _ => rows.push(Row { top: place.top, bottom: place.bottom(), spans: vec![span] }),
        }
    }
    for row in &mut rows {
        row.spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    rows
}

/// From the lower side of `upper` to the upper side of `lower`.
fn route(rows: &[Row], upper: &Placed, lower: &Placed) -> Vec<Point> {
    let mut here = Point { x: upper.centre().x, y: upper.bottom() };
    let end = Point { x: lower.centre().x, y: lower.top };
    let mut points = Vec::new();
    let first = rows.partition_point(|row| row.top < here.y);
    for row in rows.get(first..).unwrap_or_default().iter().take_while(|row| row.bottom <= end.y) {
        let middle = (row.top + row.bottom) / 2.0;
        let along = (middle - here.y) / (end.y - here.y).max(1.0);
        let wanted = here.x + (end.x - here.x) * along;
        let reach = (end.x - here.x).abs() / (end.y - here.y).max(1.0) * (row.bottom - row.top) / 2.0;
        let free = nearest_gap(&row.spans, wanted, reach);
        if let Some(free) = free {
            points.push(Point { x: free, y: row.top });
            points.push(Point { x: free, y: row.bottom });
            here = Point { x: free, y: row.bottom };
        } else {
            // Nothing is in the way of the straight line: the edge keeps to it.
            let slope = (end.x - here.x) / (end.y - here.y).max(1.0);
            points.extend([row.top, row.bottom].map(|y| Point { x: here.x + slope * (y - here.y), y }));
        }
    }
    points
}

/// The place nearest to `wanted` at which nothing of the row is in the way; `None` where the edge can pass as it comes,
/// `reach` to either side on its way through the row.
fn nearest_gap(spans: &[(f32, f32)], wanted: f32, reach: f32) -> Option<f32> {
    let passes = |&(left, right): &(f32, f32)| wanted + reach < left - CLEARANCE || wanted - reach > right + CLEARANCE;
    if spans.iter().all(passes) {
        return None;
    }
    let mut best = f32::INFINITY;
    let mut from = f32::NEG_INFINITY;
    for &(left, right) in spans.iter().chain([&(f32::INFINITY, f32::INFINITY)]) {
        let (first, last) = (from + CLEARANCE, left - CLEARANCE);
        // Neighbours stand exactly two clearances apart; rounding must not close the gap.
        if first <= last + 0.1 {
            let nearest = wanted.clamp(first.min(last), first.max(last));
            if (nearest - wanted).abs() < (best - wanted).abs() {
                best = nearest;
            }
        }
        from = from.max(right);
    }
    Some(if best.is_finite() { best } else { wanted })
}
