//! Coordinates: ranks become rows, nodes stand near their neighbours, separate parts are packed side by side.

use crate::graph::layout::model::{COLUMN_GAP, LayoutNode, Placed, RANK_GAP, ROW_GAP};

/// A narrower rank stays one row, however tall the window is.
const NARROWEST_WRAP: f32 = 900.0;
/// Between separate parts.
const BLOCK_GAP: f32 = 48.0;

/// A part with its own origin.
pub(super) struct Block {
    pub(super) places: Vec<(usize, Placed)>,
    width: f32,
    height: f32,
}

fn size(nodes: &[LayoutNode], node: usize) -> (f32, f32) {
    let clean = |length: f32| if length.is_finite() { length.max(1.0) } else { 1.0 };
    nodes.get(node).map_or((1.0, 1.0), |node| (clean(node.width), clean(node.height)))
}

/// The first rank is at the top.
pub(super) fn rows(ranks: &[Vec<usize>], edges: &[(usize, usize)], nodes: &[LayoutNode], aspect: f32) -> Block {
    let rows = wrapped(ranks, nodes, aspect);
    let middle = middles(&rows, edges, nodes);
    let mut places = Vec::new();
    let mut top = 0.0;
    for (index, row) in rows.iter().enumerate() {
        let row_height = row.members.iter().map(|&node| size(nodes, node).1).fold(0.0, f32::max);
        for &node in &row.members {
            let (width, height) = size(nodes, node);
            let centre = middle.get(node).copied().unwrap_or_default();
            let top = top + (row_height - height) / 2.0;
            places.push((node, Placed { left: centre - width / 2.0, top, width, height }));
        }
        top += row_height;
        if let Some(next) = rows.get(index + 1) {
            top += if next.rank == row.rank { ROW_GAP } else { RANK_GAP };
        }
    }
    let left = places.iter().map(|(_, place)| place.left).fold(f32::INFINITY, f32::min);
    for (_, place) in &mut places {
        place.left -= left;
    }
    let width = places.iter().map(|(_, place)| place.right()).fold(0.0, f32::max);
    Block { places, width, height: top }
}

struct Row {
    rank: usize,
    members: Vec<usize>,
}

/// Cuts wide ranks into rows, for about the wanted aspect. Members are dealt in turn, so each row keeps the rank's
/// order.
fn wrapped(ranks: &[Vec<usize>], nodes: &[LayoutNode], aspect: f32) -> Vec<Row> {
    let wide = |rank: &Vec<usize>| rank.iter().map(|&node| size(nodes, node).0 + COLUMN_GAP).sum::<f32>();
    let tall = |rank: &Vec<usize>| rank.iter().map(|&node| size(nodes, node).1).fold(0.0, f32::max);
    let measured: Vec<(f32, f32)> = ranks.iter().map(|rank| (wide(rank), tall(rank))).collect();
    let widest = measured.iter().map(|&(width, _)| width).fold(0.0, f32::max);
    let mut best = (f32::INFINITY, widest);
    let mut cap = widest.max(1.0);
    for _ in 0..60 {
        let (mut width, mut height) = (1.0_f32, 0.0_f32);
        for &(wide, tall) in &measured {
            let rows = (wide / cap).ceil().max(1.0);
            height += rows * (tall + ROW_GAP) + RANK_GAP - ROW_GAP;
            width = width.max(wide / rows);
        }
        let off = (width / height / aspect).ln().abs();
        if off < best.0 {
            best = (off, cap);
        }
        cap *= 0.92;
        if cap < NARROWEST_WRAP {
            break;
        }
    }
    let mut rows = Vec::new();
    for (rank, (members, &(wide, _))) in ranks.iter().zip(&measured).enumerate() {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
        let count = ((wide / best.1.max(1.0)).ceil().max(1.0) as usize).min(members.len().max(1));
        for first in 0..count {
            rows.push(Row { rank, members: members.iter().skip(first).step_by(count).copied().collect() });
        }
    }
    rows
}

/// Middles of nodes: as near to their neighbours as the row allows.
fn middles(rows: &[Row], edges: &[(usize, usize)], nodes: &[LayoutNode]) -> Vec<f32> {
    let mut above = vec![Vec::new(); nodes.len()];
    let mut below = vec![Vec::new(); nodes.len()];
    for &(from, to) in edges {
        if let (Some(down), Some(up)) = (below.get_mut(from), above.get_mut(to)) {
            down.push(to);
            up.push(from);
        }
    }
    let mut middle = vec![0.0_f32; nodes.len()];
    for row in rows {
        let wanted_places = vec![0.0; row.members.len()];
        settle(row, nodes, &wanted_places, &mut middle);
    }
    for pass in 0..14 {
        // First along the edges one way, then the other; finally both.
        let lists: &[&Vec<Vec<usize>>] = match pass {
            0..10 if pass % 2 == 0 => &[&above],
            0..10 => &[&below],
            _ => &[&above, &below],
        };
        let order: Vec<&Row> = if pass % 2 == 0 { rows.iter().collect() } else { rows.iter().rev().collect() };
        for row in order {
            let wanted_places: Vec<f32> =
                row.members.iter().map(|&node| neighbours_mean(node, lists, &middle)).collect();
            settle(row, nodes, &wanted_places, &mut middle);
        }
    }
    middle
}

/// The mean of a node's neighbours, or its own place.
fn neighbours_mean(node: usize, lists: &[&Vec<Vec<usize>>], middle: &[f32]) -> f32 {
    let near = || lists.iter().filter_map(|list| list.get(node)).flatten().filter_map(|&near| middle.get(near));
    let count = near().count();
    if count == 0 { middle.get(node).copied().unwrap_or_default() } else { near().sum::<f32>() / count as f32 }
}

/// Moves the members of a row near their wanted_places, without overlap and in order: least squares with a minimum distance,
/// solved by pooling those that would be too close.
fn settle(row: &Row, nodes: &[LayoutNode], wanted_places: &[f32], middle: &mut [f32]) {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(wanted_places.len());
    // Sum of wanted_places minus offsets, and number of members.
    let mut pools: Vec<(f32, usize)> = Vec::new();
    let mut previous_half = None;
    for (&node, &wanted) in row.members.iter().zip(wanted_places) {
        let half = size(nodes, node).0 / 2.0;
        if let Some(previous) = previous_half.replace(half) {
            offset += previous + half + COLUMN_GAP;
        }
        offsets.push(offset);
        pools.push((wanted - offset, 1));
        while let [.., (upper, upper_count), (lower, lower_count)] = pools[..] {
            if upper / (upper_count as f32) <= lower / (lower_count as f32) {
                break;
            }
            pools.pop();
            if let Some(last) = pools.last_mut() {
                *last = (upper + lower, upper_count + lower_count);
            }
        }
    }
    let settled = pools.into_iter().flat_map(|(sum, count)| std::iter::repeat_n(sum / count as f32, count));
    for ((&node, offset), base) in row.members.iter().zip(offsets).zip(settled) {
        if let Some(slot) = middle.get_mut(node) {
            *slot = base + offset;
        }
    }
}

/// Places nodes without edges in rows.
pub(super) fn grid(members: &[usize], nodes: &[LayoutNode], aspect: f32) -> Block {
    let widest = members.iter().map(|&node| size(nodes, node).0).fold(1.0, f32::max) + COLUMN_GAP;
    let tallest = members.iter().map(|&node| size(nodes, node).1).fold(1.0, f32::max) + ROW_GAP;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
    let per_row =
        ((members.len() as f32 * tallest * aspect / widest).sqrt().round().max(1.0) as usize).min(members.len().max(1));
    let place = |(at, &node): (usize, &usize)| {
        let (width, height) = size(nodes, node);
        let (row, column) = (at / per_row, at % per_row);
        (node, Placed { left: column as f32 * widest, top: row as f32 * tallest, width, height })
    };
    let rows = members.len().div_ceil(per_row);
    Block {
        places: members.iter().enumerate().map(place).collect(),
        width: per_row as f32 * widest - COLUMN_GAP,
        height: rows as f32 * tallest - ROW_GAP,
    }
}

/// Packs parts: returns each node's place, and the width and height.
pub(super) fn packed(mut blocks: Vec<Block>, count: usize, aspect: f32) -> (Vec<Placed>, f32, f32) {
    let area: f32 = blocks.iter().map(|block| (block.width + BLOCK_GAP) * (block.height + BLOCK_GAP)).sum();
    let widest = blocks.iter().map(|block| block.width).fold(0.0, f32::max);
    let row_width = (area * aspect).sqrt().max(widest);
    blocks.sort_by(|left, right| right.height.total_cmp(&left.height));
    let mut places = vec![Placed::default(); count];
    let (mut left, mut top, mut row_height) = (0.0_f32, 0.0_f32, 0.0_f32);
    let (mut width, mut height) = (0.0_f32, 0.0_f32);
    for block in blocks {
        if left > 0.0 && left + block.width > row_width {
            top += row_height + BLOCK_GAP;
            left = 0.0;
            row_height = 0.0;
        }
        for (node, place) in block.places {
            if let Some(slot) = places.get_mut(node) {
                *slot = Placed { left: place.left + left, top: place.top + top, ..place };
            }
        }
        left += block.width + BLOCK_GAP;
        row_height = row_height.max(block.height);
        width = width.max(left - BLOCK_GAP);
        height = height.max(top + block.height);
    }
    (places, width, height)
}
