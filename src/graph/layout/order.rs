//! Orders the nodes of each rank for few crossings. Sweeps put each node at the mean of its neighbours, then neighbours
//! swap where that helps. A long edge has a joint in each rank that it passes.

use crate::graph::layout::model::LayoutNode;

/// More joints cost more time than a drawing of that size is worth.
const MOST_JOINTS: usize = 12_000;
/// A previous order stays unless a new one has less than this share of its crossings.
const WORTH_A_CHANGE: (u64, u64) = (7, 10);

/// The real nodes of each rank in order. A previous order is kept unless another is much better.
pub(super) fn ordered(
    ranks: &[Vec<usize>],
    edges: &[(usize, usize)],
    nodes: &[LayoutNode],
    has_stood: bool,
) -> Vec<Vec<usize>> {
    let mut web = Web::new(ranks, edges, nodes.len());
    if has_stood {
        web.start_as_before(nodes);
    } else {
        web.start_depth_first();
    }
    let before = web.crossings();
    let mut best = web.layers.clone();
    let mut fewest = before;
    let sweeps = if web.size() > 4_000 { 6 } else { 24 };
    for sweep in 0..sweeps {
        web.sweep(sweep % 2 == 0);
        if web.size() < 2_000 && sweep % 4 >= 2 {
            web.transpose();
        }
        let crossings = web.crossings();
        if crossings < fewest {
            fewest = crossings;
            best.clone_from(&web.layers);
        }
        if fewest == 0 {
            break;
        }
    }
    if has_stood && fewest.saturating_mul(WORTH_A_CHANGE.1) >= before.saturating_mul(WORTH_A_CHANGE.0) {
        web.start_as_before(nodes);
        best = web.layers;
    }
    for layer in &mut best {
        layer.retain(|&vertex| vertex < nodes.len());
    }
    best
}

/// Nodes and joints, with edges between neighbouring ranks only.
struct Web {
    layers: Vec<Vec<usize>>,
    position: Vec<usize>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    /// Ends of a joint's edge, and its position along it from 0 to 1.
    joints: Vec<(usize, usize, f32)>,
    nodes: usize,
}

impl Web {
    fn new(ranks: &[Vec<usize>], edges: &[(usize, usize)], nodes: usize) -> Self {
        let mut rank_of = vec![0; nodes];
        for (rank, members) in ranks.iter().enumerate() {
            for &node in members {
                if let Some(slot) = rank_of.get_mut(node) {
                    *slot = rank;
                }
            }
        }
        let rank = |node: usize| rank_of.get(node).copied().unwrap_or_default();
        let joint_count: usize = edges.iter().map(|&(from, to)| rank(from).abs_diff(rank(to)).saturating_sub(1)).sum();
        let has_joints = joint_count <= MOST_JOINTS;
        let mut web = Self {
            layers: ranks.to_vec(),
            position: vec![0; nodes],
            above: vec![Vec::new(); nodes],
            below: vec![Vec::new(); nodes],
            joints: Vec::new(),
            nodes,
        };
        for &(from, to) in edges {
            let (upper, lower) = if rank(from) <= rank(to) { (from, to) } else { (to, from) };
            let (first, last) = (rank(upper), rank(lower));
            let mut previous = upper;
            if has_joints {
                for at in first + 1..last {
                    #[allow(clippy::cast_precision_loss, reason = "ranks are few")]
                    let along = (at - first) as f32 / (last - first) as f32;
                    let joint = web.joint(at, (upper, lower, along));
                    web.connect(previous, joint);
                    previous = joint;
                }
            }
            web.connect(previous, lower);
        }
        web.renumber();
        web
    }

    fn joint(&mut self, rank: usize, of: (usize, usize, f32)) -> usize {
        let joint = self.nodes + self.joints.len();
        self.joints.push(of);
        self.position.push(0);
        self.above.push(Vec::new());
        self.below.push(Vec::new());
        if let Some(layer) = self.layers.get_mut(rank) {
            layer.push(joint);
        }
        joint
    }

    fn connect(&mut self, upper: usize, lower: usize) {
        if let (Some(below), Some(above)) = (self.below.get_mut(upper), self.above.get_mut(lower)) {
            below.push(lower);
            above.push(upper);
        }
    }

    fn size(&self) -> usize {
        self.position.len()
    }

    fn start_as_before(&mut self, nodes: &[LayoutNode]) {
        let place = |node: usize| nodes.get(node).and_then(|node| node.before).unwrap_or_default();
        let key = |vertex: usize| match vertex.checked_sub(self.nodes).and_then(|at| self.joints.get(at)) {
            Some(&(upper, lower, along)) => place(upper) + (place(lower) - place(upper)) * along,
            None => place(vertex),
        };
        for layer in &mut self.layers {
            layer.sort_by(|&left, &right| key(left).total_cmp(&key(right)).then(left.cmp(&right)));
        }
        self.renumber();
    }

    /// Starts in depth-first order from the binary, which keeps related nodes together.
    fn start_depth_first(&mut self) {
        let mut found = vec![usize::MAX; self.size()];
        let mut next = 0;
        let starts: Vec<usize> = self.layers.iter().flatten().copied().collect();
        for start in starts {
            let mut stack = vec![start];
            while let Some(vertex) = stack.pop() {
                let Some(slot @ &mut usize::MAX) = found.get_mut(vertex) else { continue };
                *slot = next;
                next += 1;
                stack.extend(self.below.get(vertex).into_iter().flatten().rev());
            }
        }
        for layer in &mut self.layers {
            layer.sort_by_key(|&vertex| found.get(vertex).copied().unwrap_or(usize::MAX));
        }
        self.renumber();
    }

    fn renumber(&mut self) {
        for layer in &self.layers {
            for (at, &vertex) in layer.iter().enumerate() {
                if let Some(slot) = self.position.get_mut(vertex) {
                    *slot = at;
                }
            }
        }
    }

    fn position(&self, vertex: usize) -> usize {
        self.position.get(vertex).copied().unwrap_or_default()
    }

    /// One sweep: each vertex moves to the mean of its neighbours in the previous rank.
    fn sweep(&mut self, downwards: bool) {
        let count = self.layers.len();
        let order: Vec<usize> = if downwards { (0..count).collect() } else { (0..count).rev().collect() };
        for rank in order {
            let Some(layer) = self.layers.get_mut(rank) else { continue };
            let mut layer = std::mem::take(layer);
            let neighbours = if downwards { &self.above } else { &self.below };
            let mean = |vertex: usize| {
                let list = neighbours.get(vertex).map_or(&[][..], Vec::as_slice);
                if list.is_empty() {
                    return self.position(vertex) as f64;
                }
                list.iter().map(|&near| self.position(near) as f64).sum::<f64>() / list.len() as f64
            };
            let mut keyed: Vec<(f64, usize)> = layer.iter().map(|&vertex| (mean(vertex), vertex)).collect();
            keyed.sort_by(|left, right| left.0.total_cmp(&right.0));
            layer.clear();
            layer.extend(keyed.into_iter().map(|(_, vertex)| vertex));
            for (at, &vertex) in layer.iter().enumerate() {
                if let Some(slot) = self.position.get_mut(vertex) {
                    *slot = at;
                }
            }
            if let Some(slot) = self.layers.get_mut(rank) {
                *slot = layer;
            }
        }
    }

    /// Swaps neighbours while that removes crossings, a few times over.
    fn transpose(&mut self) {
        for _ in 0..6 {
            let mut improved = false;
            for rank in 0..self.layers.len() {
                for at in 1..self.layers.get(rank).map_or(0, Vec::len) {
                    improved |= self.swap_if_better(rank, at);
                }
            }
            if !improved {
                break;
            }
        }
    }

    fn swap_if_better(&mut self, rank: usize, at: usize) -> bool {
        let Some(&[left, right]) =
            self.layers.get(rank).and_then(|layer| layer.get(at - 1..=at)).and_then(|pair| pair.first_chunk())
        else {
            return false;
        };
        let (mut now, mut swapped) = (0, 0);
        for lists in [&self.above, &self.below] {
            let (Some(of_left), Some(of_right)) = (lists.get(left), lists.get(right)) else { continue };
            for &near_left in of_left {
                for &near_right in of_right {
                    match self.position(near_left).cmp(&self.position(near_right)) {
                        std::cmp::Ordering::Greater => now += 1,
                        std::cmp::Ordering::Less => swapped += 1,
                        std::cmp::Ordering::Equal => {}
                    }
                }
            }
        }
        if swapped >= now {
            return false;
        }
        if let Some(layer) = self.layers.get_mut(rank) {
            layer.swap(at - 1, at);
        }
        for (vertex, place) in [(left, at), (right, at - 1)] {
            if let Some(slot) = self.position.get_mut(vertex) {
                *slot = place;
            }
        }
        true
    }

    fn crossings(&self) -> u64 {
        self.layers
            .windows(2)
            .filter_map(|pair| pair.first_chunk())
            .map(|[upper, lower]| self.crossings_between(upper, lower.len()))
            .sum()
    }

    /// Counts inversions among the lower ends with a Fenwick tree.
    fn crossings_between(&self, upper: &[usize], lower: usize) -> u64 {
        let mut tree = vec![0_u64; lower + 1];
        let (mut seen, mut crossings) = (0, 0);
        for &vertex in upper {
            let mut ends: Vec<usize> =
                self.below.get(vertex).into_iter().flatten().map(|&end| self.position(end)).collect();
            ends.sort_unstable();
            for &end in &ends {
                let mut at = end + 1;
                let mut not_right = 0;
                while at > 0 {
                    not_right += tree.get(at).copied().unwrap_or_default();
                    at &= at - 1;
                }
                crossings += seen - not_right;
            }
            for end in ends {
                let mut at = end + 1;
                while let Some(slot) = tree.get_mut(at) {
                    *slot += 1;
                    at += at & at.wrapping_neg();
                }
                seen += 1;
            }
        }
        crossings
    }
}
