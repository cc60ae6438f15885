//! Improves a complete drawing: nodes of the same size swap places where fewer straight lines cross, if every edge
//! keeps its direction.
//!
//! `order` counts crossings between neighbouring ranks, with bent edges; people see almost straight lines over rows
//! that ranks were cut into. So each node tries places around the middle of its neighbours, in each row that it may
//! stand in; the best of several runs, each from a slightly shaken drawing, is kept (H. R. Lourenço, O. C. Martin, T.
//! Stützle, "Iterated local search", 2003). The work is counted, not timed, so the result is reproducible.

use crate::graph::layout::model::Placed;

/// With more edges nobody follows a line.
const MOST_EDGES: usize = 3_000;
/// Budget of compared pairs of lines: this many per pair of edges within bounds, which takes about 30 ms.
const TESTS_PER_PAIR: usize = 250;
const LEAST_TESTS: usize = 500_000;
const MOST_TESTS: usize = 40_000_000;
/// Fixed cost of a run.
const LEAST_OF_A_RUN: usize = 2_000;
/// Tried places on each side of the middle of a node's neighbours.
const REACH: usize = 2;
/// Random swaps between two runs.
const SHAKES: usize = 6;

/// Improves the places of one connected part.
pub(super) fn untangle(places: &mut [(usize, Placed)], edges: &[(usize, usize)]) {
    if edges.len() > MOST_EDGES {
        return;
    }
    let mut drawing = Drawing::new(places, edges);
    let mut tests = (TESTS_PER_PAIR * edges.len() * edges.len()).clamp(LEAST_TESTS, MOST_TESTS);
    let mut fewest = drawing.crossings();
    let mut best = drawing.clone();
    let mut chance = Chance(12_345);
    // A run is never free, or there would be no end where nothing can swap.
    let run = (edges.len() + places.len()).pow(2).max(LEAST_OF_A_RUN);
    while fewest > 0 && tests > 0 {
        tests = tests.saturating_sub(run);
        while tests > 0 && drawing.pass(&mut tests) {}
        let crossings = drawing.crossings();
        if crossings < fewest {
            fewest = crossings;
            best = drawing.clone();
        } else {
            drawing = best.clone();
        }
        (0..SHAKES).for_each(|_| drawing.shake(&mut chance));
    }
    for ((_, place), new) in places.iter_mut().zip(best.places) {
        *place = new;
    }
}

/// Reproducible pseudo-random numbers (constants: D. E. Knuth, "MMIX").
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % count.max(1)
    }
}

/// Centre lines of edges as separate lists of coordinates, to compare with many at once.
#[derive(Clone, Default)]
struct Lines {
    from_x: Vec<f32>,
    from_y: Vec<f32>,
    to_x: Vec<f32>,
    to_y: Vec<f32>,
}

type Line = [f32; 4];

impl Lines {
    fn get(&self, at: usize) -> Line {
        let value = |list: &[f32]| list.get(at).copied().unwrap_or_default();
        [value(&self.from_x), value(&self.from_y), value(&self.to_x), value(&self.to_y)]
    }

    fn set(&mut self, at: usize, line: Line) {
        for (list, value) in [&mut self.from_x, &mut self.from_y, &mut self.to_x, &mut self.to_y].into_iter().zip(line)
        {
            if let Some(slot) = list.get_mut(at) {
                *slot = value;
            }
        }
    }

    /// Changes the number of each line that crosses `line` by one.
    fn each(&self, line: Line, numbers: &mut [u32], change: impl Fn(u32, u32) -> u32) {
        let froms = self.from_x.iter().zip(&self.from_y);
        let tos = self.to_x.iter().zip(&self.to_y);
        for (((&ax, &ay), (&bx, &by)), number) in froms.zip(tos).zip(numbers) {
            *number = change(*number, u32::from(cross(line, [ax, ay, bx, by])));
        }
    }

    /// Lines that share an end do not cross.
    fn crossing(&self, line: Line) -> u32 {
        let froms = self.from_x.iter().zip(&self.from_y);
        let tos = self.to_x.iter().zip(&self.to_y);
        froms.zip(tos).map(|((&ax, &ay), (&bx, &by))| u32::from(cross(line, [ax, ay, bx, by]))).sum()
    }
}

/// Returns `true` if two lines separate each other's ends.
fn cross([px, py, qx, qy]: Line, [ax, ay, bx, by]: Line) -> bool {
    let (along_x, along_y, other_x, other_y) = (qx - px, qy - py, bx - ax, by - ay);
    let of_a = along_x * (ay - py) - along_y * (ax - px);
    let of_b = along_x * (by - py) - along_y * (bx - px);
    let of_p = other_x * (py - ay) - other_y * (px - ax);
    let of_q = other_x * (qy - ay) - other_y * (qx - ax);
    (of_a * of_b < 0.0) & (of_p * of_q < 0.0)
}

/// Nodes are numbered by their position in the list of places.
#[derive(Clone)]
struct Drawing {
    places: Vec<Placed>,
    edges: Vec<(usize, usize)>,
    /// Edges of each node.
    touching: Vec<Vec<usize>>,
    lines: Lines,
    /// Crossings of each edge.
    crossing: Vec<u32>,
    /// From top to bottom, each from left to right.
    rows: Vec<Vec<usize>>,
    /// Row of each node, and its position there.
    stands: Vec<(usize, usize)>,
}

impl Drawing {
    fn new(members: &[(usize, Placed)], edges: &[(usize, usize)]) -> Self {
        let places: Vec<Placed> = members.iter().map(|&(_, place)| place).collect();
        let most = members.iter().map(|&(node, _)| node + 1).max().unwrap_or_default();
        let mut number = vec![None; most];
        for (at, &(node, _)) in members.iter().enumerate() {
            if let Some(slot) = number.get_mut(node) {
                *slot = Some(at);
            }
        }
        let at = |node: usize| number.get(node).copied().flatten();
        let edges: Vec<_> = edges.iter().filter_map(|&(from, to)| Some((at(from)?, at(to)?))).collect();
        let mut touching = vec![Vec::new(); places.len()];
        for (edge, &(from, to)) in edges.iter().enumerate() {
            for end in [from, to] {
                if let Some(list) = touching.get_mut(end) {
                    list.push(edge);
                }
            }
        }
        let none = vec![0.0; edges.len()];
        let lines = Lines { from_x: none.clone(), from_y: none.clone(), to_x: none.clone(), to_y: none };
        let (rows, stands) = rows(&places);
        let mut drawing = Self { places, edges, touching, lines, crossing: Vec::new(), rows, stands };
        (0..drawing.edges.len()).for_each(|edge| drawing.follow(edge));
        let crossing = |edge| drawing.lines.crossing(drawing.lines.get(edge));
        drawing.crossing = (0..drawing.edges.len()).map(crossing).collect();
        drawing
    }

    fn place(&self, node: usize) -> Placed {
        self.places.get(node).copied().unwrap_or_default()
    }

    fn stands(&self, node: usize) -> (usize, usize) {
        self.stands.get(node).copied().unwrap_or_default()
    }

    fn touching(&self, node: usize) -> &[usize] {
        self.touching.get(node).map_or(&[], Vec::as_slice)
    }

    fn neighbours(&self, node: usize) -> impl Iterator<Item = usize> {
        let other = move |&(from, to): &(usize, usize)| if from == node { to } else { from };
        self.touching(node).iter().filter_map(|&edge| self.edges.get(edge)).map(other)
    }

    /// Updates the line of an edge.
    fn follow(&mut self, edge: usize) {
        let Some(&(from, to)) = self.edges.get(edge) else { return };
        let (from, to) = (self.place(from).centre(), self.place(to).centre());
        self.lines.set(edge, [from.x, from.y, to.x, to.y]);
    }

    fn crossings(&self) -> u64 {
        self.crossing.iter().map(|&count| u64::from(count)).sum::<u64>() / 2
    }

    /// Crossings that involve `edges`, given the crossings of each.
    fn crossings_of(&self, edges: &[usize], crossing: impl Fn(usize) -> u32) -> u32 {
        let twice = edges.iter().enumerate().map(|(at, &edge)| {
            let line = self.lines.get(edge);
            let later = edges.iter().skip(at + 1);
            later.map(|&other| u32::from(cross(line, self.lines.get(other)))).sum::<u32>()
        });
        edges.iter().map(|&edge| crossing(edge)).sum::<u32>().saturating_sub(twice.sum())
    }

    /// Swaps two nodes if fewer lines cross then.
    fn swap_if_better(&mut self, one: usize, other: usize, tests: &mut usize) -> bool {
        let edges: Vec<usize> = self.touching(one).iter().chain(self.touching(other)).copied().collect();
        let old: Vec<Line> = edges.iter().map(|&edge| self.lines.get(edge)).collect();
        *tests = tests.saturating_sub(edges.len() * self.edges.len());
        let before = self.crossings_of(&edges, |edge| self.crossing.get(edge).copied().unwrap_or_default());
        self.swap(one, other);
        if self.crossings_of(&edges, |edge| self.lines.crossing(self.lines.get(edge))) >= before {
            self.swap(one, other);
            return false;
        }
        *tests = tests.saturating_sub(3 * edges.len() * self.edges.len());
        self.count_again(&edges, &old);
        true
    }

    /// Updates the counts after `edges` moved from the lines `old`.
    fn count_again(&mut self, edges: &[usize], old: &[Line]) {
        for (&edge, &old) in edges.iter().zip(old) {
            self.lines.each(old, &mut self.crossing, u32::wrapping_sub);
            self.lines.each(self.lines.get(edge), &mut self.crossing, u32::wrapping_add);
        }
        for &edge in edges {
            let crossing = self.lines.crossing(self.lines.get(edge));
            if let Some(slot) = self.crossing.get_mut(edge) {
                *slot = crossing;
            }
        }
    }

    fn swap(&mut self, one: usize, other: usize) {
        self.places.swap(one, other);
        self.stands.swap(one, other);
        for node in [one, other] {
            let (row, at) = self.stands(node);
            if let Some(slot) = self.rows.get_mut(row).and_then(|row| row.get_mut(at)) {
                *slot = node;
            }
        }
        for node in [one, other] {
            for at in 0..self.touching(node).len() {
                if let Some(&edge) = self.touching(node).get(at) {
                    self.follow(edge);
                }
            }
        }
    }

    /// Returns `true` if a node may stand in another row: every edge must keep its direction.
    fn may_stand(&self, node: usize, row: usize) -> bool {
        let own = self.stands(node).0;
        row == own
            || self.neighbours(node).all(|near| {
                let near = self.stands(near).0;
                near != row && (near < own) == (near < row)
            })
    }

    fn may_swap(&self, one: usize, other: usize) -> bool {
        let (place, other_place) = (self.place(one), self.place(other));
        one != other
            && (place.width, place.height) == (other_place.width, other_place.height)
            && self.may_stand(one, self.stands(other).0)
            && self.may_stand(other, self.stands(one).0)
    }

    /// Lets every node try the places near the middle of its neighbours, within `tests`; returns `true` if any moved.
    fn pass(&mut self, tests: &mut usize) -> bool {
        let mut has_moved = false;
        for node in 0..self.places.len() {
            let count = self.touching(node).len();
            if count == 0 {
                continue;
            }
            let wanted = self.neighbours(node).map(|near| self.place(near).centre().x).sum::<f32>() / count as f32;
            let (own, neighbours) = (self.stands(node).0, || self.neighbours(node).map(|near| self.stands(near).0));
            let first = neighbours().filter(|&near| near < own).max().map_or(0, |above| above + 1);
            let end = neighbours().filter(|&near| near > own).min().unwrap_or(self.rows.len());
            for row in first..end {
                has_moved |= self.try_row(node, row, wanted, tests);
                if *tests == 0 {
                    return has_moved;
                }
            }
        }
        has_moved
    }

    /// Moves a node to the first better place near `wanted` in a row.
    fn try_row(&mut self, node: usize, row: usize, wanted: f32, tests: &mut usize) -> bool {
        let Some(members) = self.rows.get(row) else { return false };
        let middle = members.partition_point(|&member| self.place(member).centre().x < wanted);
        let tried = middle.saturating_sub(REACH)..(middle + REACH).min(members.len());
        let tried: Vec<usize> = members.get(tried).unwrap_or_default().to_vec();
        for other in tried {
            if self.may_swap(node, other) && self.swap_if_better(node, other, tests) {
                return true;
            }
        }
        false
    }

    /// Swaps two random nodes of a row.
    fn shake(&mut self, chance: &mut Chance) {
        let row = chance.below(self.rows.len());
        let Some(members) = self.rows.get(row) else { return };
        let picked = [chance.below(members.len()), chance.below(members.len())].map(|at| members.get(at).copied());
        if let [Some(one), Some(other)] = picked
            && self.may_swap(one, other)
        {
            let edges: Vec<usize> = self.touching(one).iter().chain(self.touching(other)).copied().collect();
            let old: Vec<Line> = edges.iter().map(|&edge| self.lines.get(edge)).collect();
            self.swap(one, other);
            self.count_again(&edges, &old);
        }
    }
}

/// Groups nodes into rows by their middles, each from left to right; returns each node's place too.
fn rows(places: &[Placed]) -> (Vec<Vec<usize>>, Vec<(usize, usize)>) {
    let middle = |node: usize| places.get(node).copied().unwrap_or_default().centre();
    let mut sorted: Vec<usize> = (0..places.len()).collect();
    sorted.sort_by(|&one, &other| {
        let (one, other) = (middle(one), middle(other));
        one.y.total_cmp(&other.y).then(one.x.total_cmp(&other.x))
    });
    // Half a point apart is the same row: middles are rounded sums.
    let rows: Vec<Vec<usize>> =
        sorted.chunk_by(|&one, &other| middle(other).y - middle(one).y < 0.5).map(<[usize]>::to_vec).collect();
    let mut stands = vec![(0, 0); places.len()];
    for (row, members) in rows.iter().enumerate() {
        for (at, &node) in members.iter().enumerate() {
            if let Some(slot) = stands.get_mut(node) {
                *slot = (row, at);
            }
        }
    }
    (rows, stands)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(row: u8, column: u8, width: f32) -> Placed {
        Placed { left: f32::from(column) * 100.0, top: f32::from(row) * 100.0, width, height: 50.0 }
    }

    /// Columns of the nodes after all, three in each of two rows.
    fn columns(width: impl Fn(usize) -> f32, edges: &[(usize, usize)]) -> Vec<f32> {
        let place = |node: usize| (node + 7, card(u8::from(node > 2), u8::try_from(node % 3).unwrap(), width(node)));
        let mut places: Vec<_> = (0..6).map(place).collect();
        let edges: Vec<_> = edges.iter().map(|(from, to)| (from + 7, to + 7)).collect();
        untangle(&mut places, &edges);
        places.iter().map(|(_, place)| place.left / 100.0).collect()
    }

    #[test]
    fn nodes_change_places_until_nothing_crosses() {
        let columns = columns(|_| 80.0, &[(0, 5), (1, 3), (2, 4)]);
        assert_eq!([columns[0], columns[1], columns[2]], [columns[5], columns[3], columns[4]]);
    }

    #[test]
    fn nodes_of_other_sizes_stay() {
        let stays = [0.0, 1.0, 2.0, 0.0, 1.0, 2.0];
        assert_eq!(columns(|node| 40.0 + node as f32, &[(0, 5), (1, 3), (2, 4)]), stays);
        assert_eq!(columns(|_| 80.0, &[]), stays);
    }

    #[test]
    fn the_numbers_that_are_kept_are_those_that_a_count_gives() {
        let mut chance = Chance(7);
        let mut places: Vec<_> = (0..24).map(|node| (node, card(node as u8 / 6, node as u8 % 6, 80.0))).collect();
        let edges: Vec<_> = (0..60).map(|_| (chance.below(12), 12 + chance.below(12))).collect();
        let mut drawing = Drawing::new(&places, &edges);
        for _ in 0..20 {
            drawing.shake(&mut chance);
            drawing.pass(&mut 100_000);
        }
        let counted: Vec<u32> = (0..60).map(|edge| drawing.lines.crossing(drawing.lines.get(edge))).collect();
        assert_eq!(drawing.crossing, counted);
        let before = Drawing::new(&places, &edges).crossings();
        untangle(&mut places, &edges);
        assert!(Drawing::new(&places, &edges).crossings() < before / 2);
    }
}
