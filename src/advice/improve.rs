//! Local search: moves targets between layers while that is cheaper. Deterministic: the first better place is taken.

use crate::advice::arrangement::{Arrangement, Undo};
use crate::advice::objective::Cost;
use crate::jobs::Watch;

/// With at most this many targets, pairs are also moved to two layers at once.
const PAIRED: usize = 24;

pub struct Limits<'a> {
    /// Steps left. Counted rather than timed, so that the same input gives the same advice.
    pub steps: u64,
    pub watch: &'a dyn Watch,
}

impl Limits<'_> {
    fn is_over(&self) -> bool {
        self.steps == 0 || self.watch.is_cancelled()
    }

    /// Counts the work on `arrangement` since it had taken `before` steps, and one look at all of its layers.
    fn count(&mut self, arrangement: &Arrangement<'_>, before: u64) {
        let taken = arrangement.steps() - before + 2 * arrangement.groups() as u64;
        self.steps = self.steps.saturating_sub(taken);
    }
}

/// Moves single targets, then groups of like targets, until nothing improves or the limits are reached. `alike` are
/// sets of candidates that change together; moved singly they seem stuck.
pub fn improve(arrangement: &mut Arrangement<'_>, alike: &[Vec<usize>], limits: &mut Limits<'_>) -> Cost {
    let mut best = arrangement.cost();
    let count = arrangement.layers().len();
    let singles: Vec<Vec<usize>> = (0..count).map(|candidate| vec![candidate]).collect();
    loop {
        let before = best;
        for candidates in singles.iter().chain(alike) {
            if limits.is_over() {
                return best;
            }
            best = best_place(arrangement, candidates, best, limits);
        }
        best = best_swap(arrangement, best, limits);
        if best >= before && count <= PAIRED {
            best = best_pair(arrangement, best, limits);
        }
        if best >= before || limits.is_over() {
            return best;
        }
    }
}

/// Moves `candidates` together to their best layer.
fn best_place(
    arrangement: &mut Arrangement<'_>,
    candidates: &[usize],
    mut best: Cost,
    limits: &mut Limits<'_>,
) -> Cost {
    let mut undo = Undo::default();
    let mut found = None;
    for layer in 1..=arrangement.app() {
        let before = arrangement.steps();
        for &candidate in candidates {
            arrangement.place(candidate, layer, &mut undo);
        }
        let cost = arrangement.cost();
        if cost < best {
            best = cost;
            found = Some(layer);
        }
        arrangement.take_back(&mut undo);
        limits.count(arrangement, before);
    }
    if let Some(layer) = found {
        for &candidate in candidates {
            arrangement.place(candidate, layer, &mut undo);
        }
    }
    best
}

/// Tries to swap neighbouring layers.
fn best_swap(arrangement: &mut Arrangement<'_>, mut best: Cost, limits: &mut Limits<'_>) -> Cost {
    for lower in 1..arrangement.groups() {
        if limits.is_over() {
            return best;
        }
        let before = arrangement.steps();
        let members: Vec<usize> =
            (0..arrangement.layers().len()).filter(|&candidate| arrangement.layer(candidate) == lower + 1).collect();
        let below: Vec<usize> =
            (0..arrangement.layers().len()).filter(|&candidate| arrangement.layer(candidate) == lower).collect();
        let mut undo = Undo::default();
        // The second step brings down again what the upper layer needs.
        below.iter().for_each(|&candidate| arrangement.place(candidate, lower + 1, &mut undo));
        members.iter().for_each(|&candidate| arrangement.place(candidate, lower, &mut undo));
        let cost = arrangement.cost();
        if cost < best {
            best = cost;
        } else {
            arrangement.take_back(&mut undo);
        }
        limits.count(arrangement, before);
    }
    best
}

/// Moves two targets to two layers at once where neither move helps alone; takes the first improvement.
fn best_pair(arrangement: &mut Arrangement<'_>, best: Cost, limits: &mut Limits<'_>) -> Cost {
    let count = arrangement.layers().len();
    let app = arrangement.app();
    let mut undo = Undo::default();
    for (first, second) in (0..count).flat_map(|first| (0..count).map(move |second| (first, second))) {
        if first == second {
            continue;
        }
        if limits.is_over() {
            return best;
        }
        for (to, then) in (1..=app).flat_map(|to| (1..=app).map(move |then| (to, then))) {
            let before = arrangement.steps();
            arrangement.place(first, to, &mut undo);
            arrangement.place(second, then, &mut undo);
            let cost = arrangement.cost();
            if cost < best {
                return cost;
            }
            arrangement.take_back(&mut undo);
            limits.count(arrangement, before);
        }
    }
    best
}
