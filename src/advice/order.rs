//! The best order of given groups.
//!
//! What a group costs on top of others depends on their set alone, not on their order: first claim gives it what the
//! set does not hold. So a dynamic programme over subsets is exact (Held and Karp's scheme), up to [`EXACT`] groups.
//! Above that a heuristic answers, with a bound on its error.

use std::ops::{Add, Mul, Sub};

use crate::advice::objective::{Bytes, Cost, Objective};
use crate::advice::problem::{Problem, Unit};
use crate::byte_count::ByteCount;
use crate::history::cost::PullProfile;
use crate::jobs::Watch;

/// Most groups for which the best order is exact.
pub const EXACT: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Exact,
    /// Insertion: each group was tried at every place until no move helped.
    Insertion {
        /// Upper bound of the excess over the best order, in thousandths.
        over_best_permille: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BestOrder {
    /// From the bottom, as positions in the given groups.
    pub order: Vec<usize>,
    pub cost: Cost,
    pub method: Method,
}

/// Finds the best order. `closures` holds every unit that each group brings, as positions in [`Problem::units`]. Among
/// equal costs the order nearest to the given one wins.
#[must_use]
pub fn best_order(problem: &Problem, objective: Objective, closures: &[Vec<u32>], watch: &dyn Watch) -> BestOrder {
    let (order, method) = if closures.len() <= EXACT {
        (exact(problem, objective, closures), Method::Exact)
    } else {
        let order = insertion(problem, objective, closures, watch);
        let cost = order_cost(problem, objective, closures, &order).0;
        let least = least_cost(problem, objective, closures).0.max(1);
        let over = u64::try_from((cost.saturating_sub(least)).saturating_mul(1_000) / least).unwrap_or(u64::MAX);
        (order, Method::Insertion { over_best_permille: over })
    };
    BestOrder { cost: order_cost(problem, objective, closures, &order), order, method }
}

#[must_use]
pub fn order_cost(problem: &Problem, objective: Objective, closures: &[Vec<u32>], order: &[usize]) -> Cost {
    objective.of(order_bytes(problem, objective, closures, order))
}

#[must_use]
pub fn order_bytes(problem: &Problem, objective: Objective, closures: &[Vec<u32>], order: &[usize]) -> Bytes {
    let mut bytes = Bytes::default();
    let mut at_or_below = Marks::new(problem.commits);
    let mut held = vec![false; problem.units.len()];
    let has_layer = problem.interpreter_layer.is_own(closures.len());
    if has_layer {
        add_layer(objective, &mut bytes, problem.commits, &mut at_or_below, &[&problem.interpreter]);
    }
    for &group in order {
        let claimed = closures[group].iter().filter(|&&unit| !std::mem::replace(&mut held[unit as usize], true));
        let units: Vec<&Unit> = claimed.map(|&unit| &problem.units[unit as usize]).collect();
        add_layer(objective, &mut bytes, problem.commits, &mut at_or_below, &units);
    }
    let free = problem.units.iter().zip(&held).filter(|(_, held)| !**held).map(|(unit, _)| unit);
    let interpreter = (!has_layer).then_some(&problem.interpreter);
    let app: Vec<&Unit> = free.chain([&problem.rest]).chain(interpreter).collect();
    add_layer(objective, &mut bytes, problem.commits, &mut at_or_below, &app);
    bytes
}

fn add_layer(objective: Objective, bytes: &mut Bytes, commits: usize, at_or_below: &mut Marks, units: &[&Unit]) {
    let mut own = Marks::new(commits);
    for unit in units {
        own.mark(&unit.changes);
        at_or_below.mark(&unit.changes);
    }
    let compressed = units.iter().map(|unit| unit.compressed_bytes).sum();
    let tar = units.iter().map(|unit| unit.tar_bytes).sum();
    objective.add_layer(bytes, compressed, tar, own.count, at_or_below.count);
}

/// A set of commits.
struct Marks {
    seen: Vec<bool>,
    count: u64,
}

impl Marks {
    fn new(commits: usize) -> Self {
        Self { seen: vec![false; commits], count: 0 }
    }

    fn mark(&mut self, changes: &[u32]) {
        for &commit in changes {
            self.count += u64::from(!std::mem::replace(&mut self.seen[commit as usize], true));
        }
    }
}

/// Explains for each group what a deploy would cost more if it changed places with the one below. `closures` are in
/// their order.
#[must_use]
pub fn order_reasons(problem: &Problem, objective: Objective, closures: &[Vec<u32>], names: &[&str]) -> Vec<String> {
    let order: Vec<usize> = (0..closures.len()).collect();
    let present = order_bytes(problem, objective, closures, &order);
    let mut held = vec![false; problem.units.len()];
    let landed = |closure: &Vec<u32>| -> u64 {
        let own = closure.iter().filter(|&&unit| !std::mem::replace(&mut held[unit as usize], true));
        own.map(|&unit| problem.units[unit as usize].compressed_bytes).sum()
    };
    let bytes: Vec<u64> = closures.iter().map(landed).collect();
    let mean = |more: u128, less: u128| {
        let difference = more.saturating_sub(less).checked_div(problem.commits as u128).unwrap_or(0);
        ByteCount(u64::try_from(difference).unwrap_or(u64::MAX))
    };
    let reason = |upper: usize| {
        let mut swapped = order.clone();
        swapped.swap(upper - 1, upper);
        let other = order_bytes(problem, objective, closures, &swapped);
        let (fetched, unpacked) = (mean(other.repull, present.repull), mean(other.unpack, present.unpack));
        let (name, below) = (names[upper], names[upper - 1]);
        let small = if bytes[upper] < bytes[upper - 1] { " is small" } else { " changes more for its size" };
        if fetched > ByteCount::ZERO {
            format!("`{name}`{small}: keep it above `{below}`; below it, a deploy fetches {fetched} more on average")
        } else if unpacked > ByteCount::ZERO {
            format!("`{name}`{small}: keep it above `{below}`; below it, a deploy unpacks {unpacked} more on average")
        } else {
            format!("`{name}` and `{below}` cost the same either way round")
        }
    };
    (1..closures.len()).rev().map(reason).collect()
}

/// For each unit, the bit set of groups that bring it.
fn groups_of_units(problem: &Problem, closures: &[Vec<u32>]) -> Vec<usize> {
    let mut groups = vec![0_usize; problem.units.len()];
    for (group, closure) in closures.iter().enumerate() {
        closure.iter().for_each(|&unit| groups[unit as usize] |= 1 << group);
    }
    groups
}

/// Properties of each subset of groups.
struct Subsets {
    compressed: Vec<u64>,
    tar: Vec<u64>,
    /// Commits that change the subset or the interpreter's layer.
    changes: Vec<u64>,
}

/// Replaces `table[s]` by the sum of `table[t]` over all subsets `t` of `s`.
fn sum_over_subsets(table: &mut [u64]) {
    let mut bit = 1;
    while bit < table.len() {
        for block in table.chunks_exact_mut(2 * bit) {
            let (without, with) = block.split_at_mut(bit);
            with.iter_mut().zip(without).for_each(|(with, without)| *with += *without);
        }
        bit *= 2;
    }
}

impl Subsets {
    /// A set lacks what only groups outside of it bring: a sum over the subsets of its complement.
    fn new(problem: &Problem, closures: &[Vec<u32>], groups_of_units: &[usize]) -> Self {
        let size = 1_usize << closures.len();
        let full = size - 1;
        let (mut compressed, mut tar, mut commits) = (vec![0_u64; size], vec![0_u64; size], vec![0_u64; size]);
        let mut groups_of_commits = vec![0_usize; problem.commits];
        for (unit, &groups) in problem.units.iter().zip(groups_of_units) {
            compressed[groups] += unit.compressed_bytes;
            tar[groups] += unit.tar_bytes;
            unit.changes.iter().for_each(|&commit| groups_of_commits[commit as usize] |= groups);
        }
        let mut fixed = vec![false; problem.commits];
        if problem.interpreter_layer.is_own(closures.len()) {
            problem.interpreter.changes.iter().for_each(|&commit| fixed[commit as usize] = true);
        }
        let below = fixed.iter().filter(|&&fixed| fixed).count() as u64;
        for (&groups, _) in groups_of_commits.iter().zip(&fixed).filter(|(_, fixed)| !**fixed) {
            commits[groups] += 1;
        }
        let held = |mut table: Vec<u64>, more: u64| -> Vec<u64> {
            sum_over_subsets(&mut table);
            (0..size).map(|set| table[full] - table[full ^ set] + more).collect()
        };
        Self { compressed: held(compressed, 0), tar: held(tar, 0), changes: held(commits, below) }
    }
}

/// How many commits change what a group adds on top of a set. Depends only on members of the set that share units with
/// it.
struct OwnChanges {
    /// For each group, the others that share a unit with it.
    partners: Vec<usize>,
    /// For each group, counts by the packed subset of its partners that is below.
    counts: Vec<Vec<u32>>,
    /// For each group, packed bits by lower and upper half of a set.
    packed: Vec<[Vec<u16>; 2]>,
}

const HALF: usize = EXACT / 2;

impl OwnChanges {
    fn new(problem: &Problem, closures: &[Vec<u32>], groups_of_units: &[usize]) -> Self {
        let mut own = Self { partners: Vec::new(), counts: Vec::new(), packed: Vec::new() };
        for (group, closure) in closures.iter().enumerate() {
            let bit = 1_usize << group;
            let partners = closure.iter().fold(0, |all, &unit| all | groups_of_units[unit as usize]) & !bit;
            own.counts.push(counts(problem, closure, groups_of_units, partners));
            let half = |shift: usize| (0..1_usize << HALF).map(|set| packed(set << shift, partners) as u16).collect();
            own.packed.push([half(0), half(HALF)]);
            own.partners.push(partners);
        }
        own
    }

    fn of(&self, group: usize, below: usize) -> u64 {
        let set = below & self.partners[group];
        let [lower, upper] = &self.packed[group];
        u64::from(self.counts[group][usize::from(lower[set & ((1 << HALF) - 1)] | upper[set >> HALF])])
    }
}

/// Compacts the bits of `set` selected by `mask`.
fn packed(set: usize, mask: usize) -> usize {
    let (mut rest, mut place, mut packed) = (mask, 0, 0);
    while rest != 0 {
        let bit = rest & rest.wrapping_neg();
        packed |= usize::from(set & bit != 0) << place;
        place += 1;
        rest &= rest - 1;
    }
    packed
}

fn counts(problem: &Problem, closure: &[u32], groups_of_units: &[usize], partners: usize) -> Vec<u32> {
    let shared = |unit: &&u32| groups_of_units[**unit as usize] & partners != 0;
    // Units of no other group change the group whatever is below, so only the other commits count.
    let mut place_of_commit: Vec<Option<usize>> = vec![None; problem.commits];
    let mut always = vec![false; problem.commits];
    for &unit in closure.iter().filter(|unit| !shared(unit)) {
        problem.units[unit as usize].changes.iter().for_each(|&commit| always[commit as usize] = true);
    }
    let fixed = always.iter().filter(|&&always| always).count() as u32;
    let mut places = 0;
    for &unit in closure.iter().filter(shared) {
        for &commit in problem.units[unit as usize].changes.iter().filter(|&&commit| !always[commit as usize]) {
            place_of_commit[commit as usize].get_or_insert_with(|| {
                places += 1;
                places - 1
            });
        }
    }
    let size = 1_usize << partners.count_ones();
    let mut counts = vec![fixed; size];
    // 64 commits at a time keep the rows of all sets in cache.
    for word in 0..places.div_ceil(64) {
        let mut rows = vec![0_u64; size];
        for &unit in closure.iter().filter(shared) {
            let row = &mut rows[packed(groups_of_units[unit as usize] & partners, partners)];
            let places =
                problem.units[unit as usize].changes.iter().filter_map(|&commit| place_of_commit[commit as usize]);
            places.filter(|place| place / 64 == word).for_each(|place| *row |= 1 << (place % 64));
        }
        // A group adds what only groups outside of the set bring.
        let mut bit = 1;
        while bit < size {
            for block in rows.chunks_exact_mut(2 * bit) {
                let (without, with) = block.split_at_mut(bit);
                with.iter_mut().zip(without).for_each(|(with, without)| *with |= *without);
            }
            bit *= 2;
        }
        counts.iter_mut().zip(rows.iter().rev()).for_each(|(count, row)| *count += row.count_ones());
    }
    counts
}

fn exact(problem: &Problem, objective: Objective, closures: &[Vec<u32>]) -> Vec<usize> {
    // First pull is the same in every order.
    let [repull, unpack] = [objective.weights.repull, objective.weights.unpack].map(u128::from);
    let sum = |bytes: fn(&Unit) -> u64| problem.units.iter().map(|unit| u128::from(bytes(unit))).sum::<u128>();
    let bytes = sum(|unit| unit.compressed_bytes) * repull + sum(|unit| unit.tar_bytes) * unpack;
    // 64 bits are twice as fast, and enough but for absurd weights.
    if bytes.saturating_mul(problem.commits as u128) < u128::from(u64::MAX) {
        cheapest_order::<u64>(problem, objective, closures, u64::MAX)
    } else {
        cheapest_order::<u128>(problem, objective, closures, u128::MAX)
    }
}

fn cheapest_order<Sum>(problem: &Problem, objective: Objective, closures: &[Vec<u32>], most: Sum) -> Vec<usize>
where
    Sum: Copy + Ord + From<u64> + Add<Output = Sum> + Sub<Output = Sum> + Mul<Output = Sum>,
{
    let count = closures.len();
    let groups_of_units = groups_of_units(problem, closures);
    let subsets = Subsets::new(problem, closures, &groups_of_units);
    let own = match objective.profile {
        PullProfile::Keep | PullProfile::Reuse => Some(OwnChanges::new(problem, closures, &groups_of_units)),
        PullProfile::Chain => None,
    };
    let weighed = |bytes: &[u64], weight: u32| -> Vec<Sum> {
        bytes.iter().map(|&bytes| Sum::from(bytes) * Sum::from(u64::from(weight))).collect()
    };
    let fetched = weighed(&subsets.compressed, objective.weights.repull);
    let unpacked = weighed(&subsets.tar, objective.weights.unpack);
    let mut cheapest = vec![most; 1 << count];
    let mut topmost = vec![0_u8; 1 << count];
    cheapest[0] = Sum::from(0);
    for set in 1_usize..1 << count {
        let changes = subsets.changes[set];
        let mut rest = set;
        // Starting from the last keeps the given order where costs are equal.
        while rest != 0 {
            let group = rest.ilog2() as usize;
            rest &= !(1 << group);
            let below = set & !(1 << group);
            let fetches = own.as_ref().map_or(changes, |own| own.of(group, below));
            let step = (fetched[set] - fetched[below]) * Sum::from(fetches)
                + (unpacked[set] - unpacked[below]) * Sum::from(changes);
            let cost = cheapest[below] + step;
            if cost < cheapest[set] {
                cheapest[set] = cost;
                topmost[set] = group as u8;
            }
        }
    }
    let mut order = Vec::with_capacity(count);
    let mut set = (1_usize << count) - 1;
    while set != 0 {
        let group = usize::from(topmost[set]);
        order.push(group);
        set &= !(1 << group);
    }
    order.reverse();
    order
}

/// Moves single groups to their cheapest place until nothing improves.
fn insertion(problem: &Problem, objective: Objective, closures: &[Vec<u32>], watch: &dyn Watch) -> Vec<usize> {
    let mut order: Vec<usize> = (0..closures.len()).collect();
    let mut best = order_cost(problem, objective, closures, &order);
    loop {
        let before = best;
        for group in 0..closures.len() {
            let mut without = order.clone();
            without.retain(|&other| other != group);
            for place in 0..=without.len() {
                if watch.is_cancelled() {
                    return order;
                }
                let mut tried = without.clone();
                tried.insert(place, group);
                let cost = order_cost(problem, objective, closures, &tried);
                if cost < best {
                    best = cost;
                    order = tried;
                }
            }
        }
        if best >= before {
            return order;
        }
    }
}

/// Lower bound: each unit of a group is charged only when it changes, everything else as it is.
fn least_cost(problem: &Problem, objective: Objective, closures: &[Vec<u32>]) -> Cost {
    let mut held = vec![false; problem.units.len()];
    closures.iter().flatten().for_each(|&unit| held[unit as usize] = true);
    let mut bytes = Bytes::default();
    let has_layer = problem.interpreter_layer.is_own(closures.len());
    let in_groups = problem.units.iter().zip(&held).filter(|(_, held)| **held).map(|(unit, _)| unit);
    for unit in in_groups.chain(has_layer.then_some(&problem.interpreter)) {
        let changes = unit.changes.len() as u64;
        objective.add_layer(&mut bytes, unit.compressed_bytes, unit.tar_bytes, changes, changes);
    }
    let mut every = Marks::new(problem.commits);
    problem.all_units().for_each(|unit| every.mark(&unit.changes));
    let mut app = Marks::new(problem.commits);
    let free = problem.units.iter().zip(&held).filter(|(_, held)| !**held).map(|(unit, _)| unit);
    let (mut compressed, mut tar) = (0, 0);
    for unit in free.chain([&problem.rest]).chain((!has_layer).then_some(&problem.interpreter)) {
        app.mark(&unit.changes);
        compressed += unit.compressed_bytes;
        tar += unit.tar_bytes;
    }
    objective.add_layer(&mut bytes, compressed, tar, app.count, every.count);
    objective.of(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::objective::Weights;
    use crate::advice::sample::{Numbers, problem};
    use crate::jobs::Unwatched;

    fn every_order(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let shorter = every_order(count - 1);
        let insert = |order: &Vec<usize>, place: usize| {
            let mut longer = order.clone();
            longer.insert(place, count - 1);
            longer
        };
        shorter.iter().flat_map(|order| (0..count).map(move |place| insert(order, place))).collect()
    }

    /// Groups that share units, so that the order decides which of them holds what.
    #[test]
    fn no_permutation_is_cheaper() {
        let mut numbers = Numbers::new(7);
        for round in 0..120 {
            let groups = 1 + numbers.below(5) as usize;
            let problem = problem(&mut numbers, groups, 20);
            let closures: Vec<Vec<u32>> =
                problem.candidates.iter().map(|candidate| candidate.closure.clone()).collect();
            for profile in PullProfile::ALL {
                let unpack = [0, 1, 50][round % 3];
                let objective = Objective { profile, weights: Weights { first_pull: 0, repull: 100, unpack } };
                let best = best_order(&problem, objective, &closures, &Unwatched);
                let orders = every_order(groups);
                let least = orders.iter().map(|order| order_cost(&problem, objective, &closures, order)).min();
                assert_eq!((Some(best.cost), best.method), (least, Method::Exact), "{round} {profile:?}");
            }
        }
    }

    #[test]
    fn above_the_limit_the_bound_holds() {
        let mut numbers = Numbers::new(3);
        let problem = problem(&mut numbers, EXACT + 4, 12);
        let closures: Vec<Vec<u32>> = problem.candidates.iter().map(|candidate| candidate.closure.clone()).collect();
        let objective = Objective { profile: PullProfile::Chain, ..Objective::default() };
        let best = best_order(&problem, objective, &closures, &Unwatched);
        let given: Vec<usize> = (0..closures.len()).collect();
        assert!(best.cost <= order_cost(&problem, objective, &closures, &given));
        assert!(best.cost >= least_cost(&problem, objective, &closures));
        assert!(matches!(best.method, Method::Insertion { .. }));
    }
}
