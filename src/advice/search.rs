//! Finds groups for a given number of layers: orders from `seeds`, cut exactly, then improved move by move.

use crate::advice::arrangement::{Arrangement, Layer};
use crate::advice::cuts::best_cuts;
use crate::advice::improve::{Limits, improve};
use crate::advice::objective::{Bytes, Cost, Objective};
use crate::advice::outlook::Outlook;
use crate::advice::problem::{Problem, Relations};
use crate::advice::seeds::orders;
use crate::jobs::Watch;

/// Up to this many groups every number is searched; beyond it only the largest.
const SEARCHED_SINGLY: usize = 8;
/// Cut orders that are improved for each number of groups.
const IMPROVED_SEEDS: usize = 3;
/// Budget of steps for all of them together.
const STEPS: u64 = 35_000_000;
/// Steps charged for cutting an order anew, per pair of its targets.
const CUT_STEPS: usize = 10;
/// With at most this many targets every order is improved.
const SMALL: usize = 24;

/// Best groups for one number of layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Groups that are not empty.
    pub groups: usize,
    /// For each candidate its group, counted from the bottom; `None` for the app's layer.
    pub group_of: Vec<Option<usize>>,
    /// Expected, times [`crate::advice::outlook::SCALE`].
    pub cost: Cost,
    /// Bytes of the actual commits.
    pub bytes: Bytes,
}

#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub objective: Objective,
    pub most_groups: usize,
    /// Further numbers of groups to search for.
    pub also: &'a [usize],
    /// Further starting points: the present groups and presets.
    pub known: &'a [Vec<Option<usize>>],
}

/// Returns the best groups for each number of groups up to the budget, from none on, each cheaper than all before.
/// Calls `report` with every improvement; returns early with the best so far when `watch` cancels.
#[must_use]
pub fn search(
    problem: &Problem,
    request: &Request<'_>,
    report: &mut dyn FnMut(&Found),
    watch: &dyn Watch,
) -> Vec<Found> {
    let relations = Relations::new(problem);
    let outlook = Outlook::new(problem);
    let searcher = Searcher { problem, relations: &relations, outlook: &outlook, objective: request.objective, watch };
    let most = request.most_groups.min(problem.candidates.len());
    let mut best = vec![searcher.found(&searcher.arrangement(0))];
    let alike = alike(problem);
    let orders: Vec<Vec<usize>> = orders(problem).iter().map(|order| dependencies_first(&relations, order)).collect();
    let cuts: Vec<_> =
        orders.iter().map(|order| best_cuts(problem, request.objective, &outlook, order, most)).collect();
    let is_searched = |groups: &usize| *groups <= SEARCHED_SINGLY || *groups == most || request.also.contains(groups);
    let counts: Vec<usize> = (1..=most).filter(is_searched).collect();
    let mut left = STEPS;
    for (place, &groups) in counts.iter().enumerate() {
        let mut starts: Vec<(Cost, Vec<Layer>)> = Vec::new();
        for (order, cuts) in orders.iter().zip(&cuts) {
            starts.push(searcher.start(groups, &searcher.cut(order, &cuts.ends[groups - 1], groups)));
        }
        let latest = best.last().map(|found| &found.group_of);
        for known in request.known.iter().chain(latest) {
            if known.iter().flatten().all(|&group| group < groups) {
                starts.push(searcher.start(groups, &layers_of(known, groups)));
            }
        }
        starts.sort();
        starts.dedup();
        let improved = if problem.candidates.len() <= SMALL { starts.len() } else { starts.len().min(IMPROVED_SEEDS) };
        // More groups have more places to try, so they get more steps.
        let mut to_come = (improved * counts.iter().skip(place).sum::<usize>()) as u64;
        for (_, start) in starts.iter().take(improved) {
            let share = left / to_come.max(1) * groups as u64;
            to_come = to_come.saturating_sub(groups as u64);
            let (found, unused) = searcher.improved(groups, start, &alike, share);
            left = left - share + unused;
            if best.last().is_none_or(|latest| found.cost < latest.cost) {
                report(&found);
                // Cheaper with fewer groups: larger results are obsolete.
                while best.len() > 1 && best.last().is_some_and(|latest| latest.groups >= found.groups) {
                    best.pop();
                }
                best.push(found);
            }
            if watch.is_cancelled() {
                return best;
            }
        }
    }
    best
}

struct Searcher<'a> {
    problem: &'a Problem,
    relations: &'a Relations,
    outlook: &'a Outlook,
    objective: Objective,
    watch: &'a dyn Watch,
}

impl Searcher<'_> {
    fn arrangement(&self, groups: usize) -> Arrangement<'_> {
        Arrangement::new(self.problem, self.relations, self.objective, Some(self.outlook), groups)
    }

    /// Layers of an order that is cut at `ends`.
    fn cut(&self, order: &[usize], ends: &[usize], groups: usize) -> Vec<Layer> {
        let mut layers = vec![groups + 1; self.problem.candidates.len()];
        for (place, &candidate) in order.iter().enumerate() {
            layers[candidate] = ends.iter().position(|&end| place < end).map_or(groups + 1, |group| group + 1);
        }
        layers
    }

    /// Layers as wanted, but with no candidate below one that it brings.
    fn start(&self, groups: usize, wanted: &[Layer]) -> (Cost, Vec<Layer>) {
        let mut layers = wanted.to_vec();
        for (upper, below) in self.relations.below.iter().enumerate() {
            for &lower in below {
                layers[lower as usize] = layers[lower as usize].min(wanted[upper]);
            }
        }
        let mut arrangement = self.arrangement(groups);
        arrangement.set_all(&layers);
        (arrangement.cost(), layers)
    }

    /// Improves `start` by moves, then cuts it anew along the resulting order while that helps. Takes at most `steps`;
    /// returns how many are left.
    fn improved(&self, groups: usize, start: &[Layer], alike: &[Vec<usize>], steps: u64) -> (Found, u64) {
        let mut arrangement = self.arrangement(groups);
        arrangement.set_all(start);
        let mut limits = Limits { steps, watch: self.watch };
        let mut best = improve(&mut arrangement, alike, &mut limits);
        while limits.steps > 0 && !self.watch.is_cancelled() {
            let mut order: Vec<usize> = (0..self.problem.candidates.len()).collect();
            order.sort_by_key(|&candidate| (arrangement.layer(candidate), self.relations.below[candidate].len()));
            limits.steps = limits.steps.saturating_sub((order.len() * order.len() * CUT_STEPS) as u64);
            let cuts = best_cuts(self.problem, self.objective, self.outlook, &order, groups);
            let (cost, layers) = self.start(groups, &self.cut(&order, &cuts.ends[groups - 1], groups));
            if cost >= best {
                break;
            }
            arrangement.set_all(&layers);
            best = improve(&mut arrangement, alike, &mut limits);
        }
        (self.found(&arrangement), limits.steps)
    }

    /// Returns the arrangement without its empty groups.
    fn found(&self, arrangement: &Arrangement<'_>) -> Found {
        let mut used = vec![false; arrangement.groups() + 2];
        arrangement.unit_layers().iter().for_each(|&layer| used[layer] = true);
        let mut number = vec![None; arrangement.groups() + 2];
        let filled = (1..=arrangement.groups()).filter(|&layer| used[layer]);
        for (group, layer) in filled.enumerate() {
            number[layer] = Some(group);
        }
        // A candidate with nothing of its own goes with the next group below that it needs.
        let group_of = arrangement.layers().iter().map(|&layer| number[layer]).collect();
        let groups = arrangement.filled_groups();
        // Without groups there may be no interpreter layer either, so count anew.
        let (cost, bytes) = if groups == arrangement.groups() {
            (arrangement.cost(), arrangement.bytes())
        } else {
            let mut without = self.arrangement(groups);
            let layers: Vec<Layer> = layers_of(&group_of_vec(arrangement.layers(), &number), groups);
            without.set_all(&layers);
            (without.cost(), without.bytes())
        };
        Found { groups, group_of, cost, bytes }
    }
}

fn group_of_vec(layers: &[Layer], number: &[Option<usize>]) -> Vec<Option<usize>> {
    layers.iter().map(|&layer| number[layer]).collect()
}

fn layers_of(group_of: &[Option<usize>], groups: usize) -> Vec<Layer> {
    group_of.iter().map(|group| group.map_or(groups + 1, |group| group + 1)).collect()
}

/// Returns the order with each candidate after those that it brings, so that a cut between them is possible.
fn dependencies_first(relations: &Relations, order: &[usize]) -> Vec<usize> {
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &candidate)| rank[candidate] = place);
    let mut is_placed = vec![false; order.len()];
    let mut sorted = Vec::with_capacity(order.len());
    for &candidate in order {
        let mut below: Vec<usize> = relations.below[candidate].iter().map(|&lower| lower as usize).collect();
        // A candidate always brings more than those that it brings.
        below.sort_by_key(|&lower| (relations.below[lower].len(), rank[lower]));
        for next in below.into_iter().chain([candidate]) {
            if !std::mem::replace(&mut is_placed[next], true) {
                sorted.push(next);
            }
        }
    }
    sorted
}

/// Groups candidates that change in the same commits.
fn alike(problem: &Problem) -> Vec<Vec<usize>> {
    let mut rows: std::collections::BTreeMap<Vec<u32>, Vec<usize>> = std::collections::BTreeMap::new();
    for (place, candidate) in problem.candidates.iter().enumerate() {
        let mut row: Vec<u32> =
            candidate.closure.iter().flat_map(|&unit| problem.units[unit as usize].changes.iter().copied()).collect();
        row.sort_unstable();
        row.dedup();
        rows.entry(row).or_default().push(place);
    }
    rows.into_values().filter(|alike| alike.len() > 1).collect()
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
