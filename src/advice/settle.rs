//! Adjusts suggested groups to the whole history, so that `check` has no findings about them. Never moves a group below
//! what it needs, and never adds a group.

use crate::advice::problem::{Problem, Unit};
use crate::advice::verdict::BYTES_PER_REQUEST;
use crate::byte_count::ByteCount;

#[derive(Clone, Debug, Default)]
struct Layer {
    bytes: u64,
    row: Vec<bool>,
}

impl Layer {
    fn of<'a>(problem: &Problem, units: impl Iterator<Item = &'a Unit>) -> Self {
        let mut layer = Self { bytes: 0, row: vec![false; problem.commits] };
        for unit in units {
            layer.bytes += unit.compressed_bytes;
            unit.changes.iter().for_each(|&commit| layer.row[commit as usize] = true);
        }
        layer
    }

    fn count(&self) -> u64 {
        self.row.iter().filter(|&&changes| changes).count() as u64
    }
}

/// Returns the groups from the bottom, each as positions in `closures` (the units that each given group brings). Swaps
/// neighbours where clients that fetch all above a change fetch less then; merges a group that saves less than a
/// request into the one above it.
#[must_use]
pub fn settled(problem: &Problem, closures: &[Vec<u32>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..closures.len()).map(|group| vec![group]).collect();
    if problem.commits == 0 {
        return groups;
    }
    loop {
        let stack = Stack::new(problem, closures, &groups);
        if let Some(lower) = (1..groups.len()).map(|upper| upper - 1).find(|&lower| stack.is_better_swapped(lower)) {
            groups.swap(lower, lower + 1);
        } else if let Some(tiny) = (0..groups.len()).find(|&group| stack.is_tiny(problem, group)) {
            let members = groups.remove(tiny);
            if let Some(above) = groups.get_mut(tiny) {
                above.extend(members);
                above.sort_unstable();
            }
        } else {
            return groups;
        }
    }
}

/// The groups from the bottom, then the app's layer.
struct Stack {
    layers: Vec<Layer>,
    /// Groups that bring the same wherever they stand.
    is_free: Vec<bool>,
    /// Commits that change the interpreter's own layer.
    below: Vec<bool>,
}

impl Stack {
    fn new(problem: &Problem, closures: &[Vec<u32>], groups: &[Vec<usize>]) -> Self {
        let mut held = vec![false; problem.units.len()];
        let mut stack = Self { layers: Vec::new(), is_free: Vec::new(), below: vec![false; problem.commits] };
        for group in groups {
            let mut brought: Vec<u32> = group.iter().flat_map(|&place| closures[place].iter().copied()).collect();
            brought.sort_unstable();
            brought.dedup();
            let count = brought.len();
            brought.retain(|&unit| !std::mem::replace(&mut held[unit as usize], true));
            stack.is_free.push(brought.len() == count);
            stack.layers.push(Layer::of(problem, brought.iter().map(|&unit| &problem.units[unit as usize])));
        }
        let has_layer = problem.interpreter_layer.is_own(groups.len());
        if has_layer {
            stack.below = Layer::of(problem, std::iter::once(&problem.interpreter)).row;
        }
        let free = problem.units.iter().zip(&held).filter(|(_, held)| !**held).map(|(unit, _)| unit);
        let app = free.chain([&problem.rest]).chain((!has_layer).then_some(&problem.interpreter));
        stack.layers.push(Layer::of(problem, app));
        stack
    }

    /// Returns `true` if the group `lower` is cheaper above its neighbour, where all above a change is fetched.
    fn is_better_swapped(&self, lower: usize) -> bool {
        let (below, above) = (&self.layers[lower], &self.layers[lower + 1]);
        if !self.is_free[lower + 1] {
            return false;
        }
        let mut row = self.below.clone();
        self.layers[..lower].iter().for_each(|layer| merge(&mut row, &layer.row));
        let with = |layer: &Layer| row.iter().zip(&layer.row).filter(|(row, own)| **row || **own).count() as u64;
        // Both are fetched whenever the upper or anything below changes; the lower one is spared the upper one's
        // commits.
        let mut both = row.clone();
        [below, above].iter().for_each(|layer| merge(&mut both, &layer.row));
        let all = both.iter().filter(|&&changes| changes).count() as u64;
        let spared = |layer: &Layer| u128::from(layer.bytes) * u128::from(all - with(layer));
        spared(above) > spared(below)
    }

    /// Returns `true` if a group and the re-pull that it saves are both less than a request.
    fn is_tiny(&self, problem: &Problem, group: usize) -> bool {
        // A little more than `check` asks for: a layer's own entries count there too.
        let limit = BYTES_PER_REQUEST.0 + BYTES_PER_REQUEST.0 / 8;
        let (small, above) = (&self.layers[group], &self.layers[group + 1]);
        if small.bytes >= limit {
            return false;
        }
        let mut both = small.clone();
        merge(&mut both.row, &above.row);
        let more = |layer: &Layer| ByteCount(layer.bytes).times(both.count() - layer.count());
        (more(small) + more(above)).scaled(1, problem.commits as u64) < ByteCount(limit)
    }
}

fn merge(row: &mut [bool], other: &[bool]) {
    row.iter_mut().zip(other).for_each(|(row, other)| *row |= *other);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::sample::{Numbers, problem};

    fn unit(compressed_bytes: u64, changes: &[u32]) -> Unit {
        Unit { compressed_bytes, tar_bytes: compressed_bytes, changes: changes.to_vec(), ..Unit::default() }
    }

    fn check(units: &[Unit], closures: &[&[u32]], expected: &[&[usize]]) {
        let rest = unit(1_000, &[0, 1, 2, 3, 4, 5, 6, 7]);
        let problem = Problem { units: units.to_vec(), rest, commits: 8, ..Problem::default() };
        let closures: Vec<Vec<u32>> = closures.iter().map(|closure| closure.to_vec()).collect();
        assert_eq!(settled(&problem, &closures), expected, "{units:?}");
    }

    #[test]
    fn what_changes_more_for_its_bytes_goes_up_unless_it_is_needed_there() {
        let hot_and_cold = [unit(5_000_000, &[1, 2, 3]), unit(5_000_000, &[4])];
        check(&hot_and_cold, &[&[0], &[1]], &[&[1], &[0]]);
        check(&hot_and_cold, &[&[1], &[0]], &[&[0], &[1]]);
        check(&hot_and_cold, &[&[0], &[0, 1]], &[&[0], &[1]]);
    }

    #[test]
    fn what_is_not_worth_a_request_is_part_of_the_layer_above() {
        let units = [unit(9_000, &[1]), unit(5_000_000, &[1, 2]), unit(400, &[3])];
        check(&units, &[&[0], &[1], &[2]], &[&[0, 1]]);
        // Small, but apart from it a large one is spared.
        let units = [unit(5_000_000, &[1]), unit(60_000, &[1, 2, 3, 4, 5, 6])];
        check(&units, &[&[0], &[1]], &[&[0]]);
        let units = [unit(9_000, &[1]), unit(5_000_000, &[])];
        check(&units, &[&[0, 1], &[1]], &[&[0]]);
    }

    #[test]
    fn nothing_is_left_to_settle() {
        let mut numbers = Numbers::new(17);
        for _ in 0..200 {
            let problem = problem(&mut numbers, 9, 20);
            let closures: Vec<Vec<u32>> =
                problem.candidates.iter().map(|candidate| candidate.closure.clone()).collect();
            let groups = settled(&problem, &closures);
            let merged: Vec<Vec<u32>> = groups
                .iter()
                .map(|group| group.iter().flat_map(|&place| closures[place].iter().copied()).collect())
                .collect();
            let again: Vec<Vec<usize>> = (0..groups.len()).map(|group| vec![group]).collect();
            assert_eq!(settled(&problem, &merged), again);
        }
    }
}
