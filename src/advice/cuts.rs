//! Cuts an order of targets into layers, exactly, for every number of layers at once. Along a fixed order a layer's
//! cost depends only on its start and end, so a dynamic programme over the cuts is enough.

use crate::advice::objective::{Bytes, Objective};
use crate::advice::outlook::{Outlook, Shares};
use crate::advice::problem::{InterpreterLayer, Problem, Unit};

#[derive(Clone, Debug)]
pub struct Cuts {
    /// End of each group for 1, 2, ... groups, ascending. The rest belongs to the app.
    pub ends: Vec<Vec<usize>>,
}

/// What each target adds to those before it.
struct Steps<'a> {
    /// Units that a position adds.
    units: Vec<Vec<&'a Unit>>,
    /// Bytes before each position, and in all.
    compressed: Vec<u64>,
    tar: Vec<u64>,
    /// Recurring commits that change anything before a position, the interpreter's layer included.
    changed: Vec<u64>,
    /// Shares before each position.
    shares: Vec<Shares>,
    /// Units that some target of the order brings.
    brought: Vec<bool>,
}

impl<'a> Steps<'a> {
    fn new(problem: &'a Problem, outlook: &Outlook, order: &[usize]) -> Self {
        let mut seen_unit = vec![false; problem.units.len()];
        let mut seen_commit = vec![false; problem.commits];
        let mut steps = Self {
            units: Vec::new(),
            compressed: vec![0],
            tar: vec![0],
            changed: Vec::new(),
            shares: vec![Shares::default()],
            brought: Vec::new(),
        };
        let mut shares = Shares::default();
        let mut changed = 0;
        let mut mark = |unit: &Unit| {
            for &commit in &unit.changes {
                let is_new = !std::mem::replace(&mut seen_commit[commit as usize], true);
                changed += u64::from(is_new && outlook.recurs(commit as usize));
            }
            changed
        };
        let below = match problem.interpreter_layer {
            InterpreterLayer::Always | InterpreterLayer::BesideGroups => mark(&problem.interpreter),
            InterpreterLayer::Never => 0,
        };
        steps.changed.push(below);
        let (mut compressed, mut tar, mut at_or_below) = (0, 0, below);
        for &candidate in order {
            let mut units = Vec::new();
            for &unit in &problem.candidates[candidate].closure {
                if !std::mem::replace(&mut seen_unit[unit as usize], true) {
                    shares += outlook.share(unit as usize);
                    let unit = &problem.units[unit as usize];
                    compressed += unit.compressed_bytes;
                    tar += unit.tar_bytes;
                    at_or_below = mark(unit);
                    units.push(unit);
                }
            }
            steps.units.push(units);
            steps.compressed.push(compressed);
            steps.tar.push(tar);
            steps.shares.push(shares);
            steps.changed.push(at_or_below);
        }
        steps.brought = seen_unit;
        steps
    }
}

/// Finds the best cuts of `order` for 1 to `most` groups. Groups may be empty.
#[must_use]
pub fn best_cuts(problem: &Problem, objective: Objective, outlook: &Outlook, order: &[usize], most: usize) -> Cuts {
    let steps = Steps::new(problem, outlook, order);
    let length = order.len();
    let segments = segment_costs(problem, objective, outlook, &steps);
    let app = app_costs(problem, objective, outlook, &steps);
    let mut cuts = Cuts { ends: Vec::with_capacity(most) };
    // Cheapest cover of the first `end` targets.
    let mut cheapest: Vec<u128> = (0..=length).map(|end| segments[end]).collect();
    let mut starts: Vec<Vec<u32>> = vec![vec![0; length + 1]];
    for groups in 1..=most {
        if groups > 1 {
            let (next, from) = one_more(&cheapest, &segments, length);
            cheapest = next;
            starts.push(from);
        }
        let best = (0..=length).min_by_key(|&end| cheapest[end].saturating_add(app[end])).unwrap_or(length);
        let mut ends = vec![best];
        for from in starts.iter().rev() {
            let end = ends[ends.len() - 1];
            ends.push(from[end] as usize);
        }
        ends.pop();
        ends.reverse();
        cuts.ends.push(ends);
    }
    cuts
}

/// Returns the cheapest cover of every prefix with one more group, and where that group starts.
fn one_more(cheapest: &[u128], segments: &[u128], length: usize) -> (Vec<u128>, Vec<u32>) {
    let mut next = vec![u128::MAX; length + 1];
    let mut from = vec![0_u32; length + 1];
    for start in 0..=length {
        let row = &segments[start * (length + 1)..(start + 1) * (length + 1)];
        for end in start..=length {
            let cost = cheapest[start].saturating_add(row[end]);
            if cost < next[end] {
                next[end] = cost;
                from[end] = start as u32;
            }
        }
    }
    (next, from)
}

/// Costs of layers by start, then end.
fn segment_costs(problem: &Problem, objective: Objective, outlook: &Outlook, steps: &Steps<'_>) -> Vec<u128> {
    let length = steps.units.len();
    let mut costs = vec![0_u128; (length + 1) * (length + 1)];
    let mut seen = vec![0_u32; problem.commits];
    for start in 0..=length {
        let mark = start as u32 + 1;
        let mut own = 0;
        for end in start + 1..=length {
            for &commit in steps.units[end - 1].iter().flat_map(|unit| &unit.changes) {
                let is_new = std::mem::replace(&mut seen[commit as usize], mark) != mark;
                own += u64::from(is_new && outlook.recurs(commit as usize));
            }
            let mut bytes = Bytes::default();
            let compressed = steps.compressed[end] - steps.compressed[start];
            let tar = steps.tar[end] - steps.tar[start];
            let expected = outlook.group(steps.shares[end] - steps.shares[start], own);
            let below = outlook.up_to(steps.shares[end], steps.changed[end]);
            objective.add_layer(&mut bytes, compressed, tar, expected, below);
            costs[start * (length + 1) + end] = objective.of(bytes).0;
        }
    }
    costs
}

/// Costs of the app's layer by the end of the groups.
fn app_costs(problem: &Problem, objective: Objective, outlook: &Outlook, steps: &Steps<'_>) -> Vec<u128> {
    let length = steps.units.len();
    let mut seen = vec![false; problem.commits];
    let mut own = 0;
    let (mut compressed, mut tar) = (problem.rest.compressed_bytes, problem.rest.tar_bytes);
    let mut mark = |unit: &Unit| {
        for &commit in &unit.changes {
            let is_new = !std::mem::replace(&mut seen[commit as usize], true);
            own += u64::from(is_new && outlook.recurs(commit as usize));
        }
        own
    };
    let mut changes = mark(&problem.rest);
    if problem.interpreter_layer == InterpreterLayer::Never {
        changes = mark(&problem.interpreter);
        compressed += problem.interpreter.compressed_bytes;
        tar += problem.interpreter.tar_bytes;
    }
    // The app also holds what no candidate brings.
    let mut shares = Shares::default();
    let units = problem.units.iter().zip(&steps.brought).enumerate();
    for (place, (unit, _)) in units.filter(|(_, (_, brought))| !**brought) {
        shares += outlook.share(place);
        changes = mark(unit);
        compressed += unit.compressed_bytes;
        tar += unit.tar_bytes;
    }
    let mut costs = vec![0_u128; length + 1];
    for end in (0..=length).rev() {
        let mut bytes = Bytes::default();
        objective.add_layer(&mut bytes, compressed, tar, outlook.app(shares, changes), outlook.deploys());
        costs[end] = objective.of(bytes).0;
        let Some(last) = end.checked_sub(1) else { break };
        shares += steps.shares[end] - steps.shares[last];
        for unit in &steps.units[last] {
            changes = mark(unit);
            compressed += unit.compressed_bytes;
            tar += unit.tar_bytes;
        }
    }
    costs
}
