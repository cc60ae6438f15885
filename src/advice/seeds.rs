//! Orders of targets to start a search from. Each follows a rule that is right for some apps. Dependencies come first
//! whatever the order says.

use crate::advice::problem::Problem;

struct Traits {
    /// Compressed bytes of everything that it brings.
    bytes: u64,
    /// Commits that change any of it.
    changes: u64,
    is_package: bool,
    /// Commits, for putting equal ones together.
    row: Vec<u32>,
}

/// Returns permutations of the candidates.
#[must_use]
pub fn orders(problem: &Problem) -> Vec<Vec<usize>> {
    let traits: Vec<Traits> = problem.candidates.iter().map(|candidate| traits(problem, candidate)).collect();
    let deploys = deploys(problem);
    let mut orders = vec![
        sorted(&traits, |left, right| by_ratio(left, right, deploys)),
        sorted(&traits, |left, right| {
            left.changes.cmp(&right.changes).then_with(|| left.row.cmp(&right.row)).then(right.bytes.cmp(&left.bytes))
        }),
        sorted(&traits, |left, right| {
            right.is_package.cmp(&left.is_package).then_with(|| by_ratio(left, right, deploys))
        }),
        sorted(&traits, |left, right| {
            (right.is_package.cmp(&left.is_package))
                .then(left.changes.cmp(&right.changes))
                .then_with(|| left.row.cmp(&right.row))
        }),
        sorted(&traits, |left, right| right.bytes.cmp(&left.bytes)),
        sorted(&traits, |left, right| {
            let load = |traits: &Traits| u128::from(traits.bytes) * u128::from(traits.changes);
            load(left).cmp(&load(right))
        }),
    ];
    orders.dedup();
    orders
}

fn sorted(traits: &[Traits], order: impl Fn(&Traits, &Traits) -> std::cmp::Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..traits.len()).collect();
    // Stable, so that equal ones stay sorted by label.
    places.sort_by(|&left, &right| order(&traits[left], &traits[right]));
    places
}

/// `p / ((1 - p) x bytes)` ascending: exact for independent changes.
fn by_ratio(left: &Traits, right: &Traits, deploys: u64) -> std::cmp::Ordering {
    let odds = |traits: &Traits| u128::from(traits.changes);
    // An empty target counts as one byte: with none it would equal all others.
    let weight = |traits: &Traits| u128::from(deploys.saturating_sub(traits.changes)) * u128::from(traits.bytes.max(1));
    // A target that changes in every deploy has no odds and comes last.
    match (left.changes >= deploys, right.changes >= deploys) {
        (true, true) => right.bytes.cmp(&left.bytes),
        (true, false) => std::cmp::Ordering::Greater,
        (false, true) => std::cmp::Ordering::Less,
        (false, false) => (odds(left).saturating_mul(weight(right))).cmp(&odds(right).saturating_mul(weight(left))),
    }
}

fn traits(problem: &Problem, candidate: &crate::advice::problem::Candidate) -> Traits {
    let mut row = Vec::new();
    let mut bytes = 0;
    for unit in candidate.closure.iter().filter_map(|&unit| problem.units.get(unit as usize)) {
        bytes += unit.compressed_bytes;
        row.extend_from_slice(&unit.changes);
    }
    row.sort_unstable();
    row.dedup();
    Traits { bytes, changes: row.len() as u64, is_package: !candidate.label.is_main(), row }
}

#[must_use]
pub fn deploys(problem: &Problem) -> u64 {
    let mut seen = vec![false; problem.commits];
    let every = problem.all_units().flat_map(|unit| &unit.changes);
    every.filter(|&&commit| seen.get_mut(commit as usize).is_some_and(|seen| !std::mem::replace(seen, true))).count()
        as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::sample::{Numbers, problem};

    /// Empty targets cost nothing wherever they are; compared carelessly they equal everything, and sorting panics.
    #[test]
    fn targets_without_bytes_have_a_place_too() {
        let mut numbers = Numbers::new(23);
        for _ in 0..40 {
            let mut problem = problem(&mut numbers, 60, 12);
            for unit in problem.units.iter_mut().step_by(2) {
                unit.compressed_bytes = 0;
            }
            problem.units.iter_mut().step_by(3).for_each(|unit| unit.changes.clear());
            for order in orders(&problem) {
                let mut sorted = order.clone();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..60).collect::<Vec<usize>>());
            }
        }
    }
}
