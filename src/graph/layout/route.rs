//! Leads edges around the nodes between their ends, through gaps in the rows.

use crate::graph::layout::model::{COLUMN_GAP, Placed, Point};

/// Distance of an edge from nodes that it passes.
const CLEARANCE: f32 = COLUMN_GAP / 2.0;
/// With more edges a drawing is seen from far away, where detours are invisible.
const MOST_EDGES: usize = 3_000;

/// Points of each edge between its ends, from the first end to the second.
pub(super) fn routes(edges: &[(usize, usize)], places: &[Placed]) -> Vec<Vec<Point>> {
    if edges.len() > MOST_EDGES {
        return vec![Vec::new(); edges.len()];
    }
    let rows = rows(places);
    edges
        .iter()
        .map(|&(from, to)| match (places.get(from), places.get(to)) {
            (Some(from), Some(to)) if from.bottom() < to.top => route(&rows, from, to),
            // An edge upwards closes a cycle: route it downwards and reverse.
            (Some(from), Some(to)) if to.bottom() < from.top => {
                let mut points = route(&rows, to, from);
                points.reverse();
                points
            }
            _ => Vec::new(),
        })
        .collect()
}

/// Nodes at about the same height, from left to right.
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
            // Separate parts can have rows that almost touch; no edge turns between them.
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

/// From the bottom of `upper` to the top of `lower`.
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
            // The straight line is free.
            let slope = (end.x - here.x) / (end.y - here.y).max(1.0);
            points.extend([row.top, row.bottom].map(|y| Point { x: here.x + slope * (y - here.y), y }));
        }
    }
    points
}

/// The free place nearest to `wanted`; `None` if the edge can pass as it comes, with `reach` to either side.
fn nearest_gap(spans: &[(f32, f32)], wanted: f32, reach: f32) -> Option<f32> {
    let passes = |&(left, right): &(f32, f32)| wanted + reach < left - CLEARANCE || wanted - reach > right + CLEARANCE;
    if spans.iter().all(passes) {
        return None;
    }
    let mut best = f32::INFINITY;
    let mut from = f32::NEG_INFINITY;
    for &(left, right) in spans.iter().chain([&(f32::INFINITY, f32::INFINITY)]) {
        let (first, last) = (from + CLEARANCE, left - CLEARANCE);
        // Neighbours are exactly two clearances apart; rounding must not close the gap.
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
