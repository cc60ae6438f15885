//! What the next deploys may change: the history says how much of each kind changes at once, not always which.
//!
//! Half a history is little: a library that nobody touched in twelve deploys is not one that nobody will touch. So a
//! layer is expected to change as a mean of two readings of the same commits: as they were, and as if each had changed as
//! many units of a kind (packages, targets of the workspace) as it did, but any of them with equal chance. A layer with
//! `m` of the `n` units of a kind is then spared by a commit that changes `k` of them with chance `(1 - k/n)^m`.
//! One commit for each kind that changes a single unit is added to those of the second reading.
//! Integers throughout, so that every machine gives the same advice.

use std::collections::BTreeMap;

use crate::advice::problem::{Problem, Unit};

/// What counts of changes are multiplied by, so that expected counts are whole numbers too.
pub const SCALE: u64 = 1 << 12;
const ONE: u64 = 1 << 31;

/// How many units of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// Packages of a lock file.
    pub packages: usize,
    /// Units of the workspace's targets.
    pub own: usize,
}

impl Kinds {
    /// One unit more.
    pub fn add(&mut self, unit: &Unit) {
        if unit.is_package { self.packages += 1 } else { self.own += 1 }
    }

    /// One unit less.
    pub fn remove(&mut self, unit: &Unit) {
        if unit.is_package { self.packages -= 1 } else { self.own -= 1 }
    }

    /// What is left without `other`, which is part of it.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self { packages: self.packages - other.packages, own: self.own - other.own }
    }
}

/// Expected changes of sets of units.
#[derive(Clone, Debug)]
pub struct Outlook {
    width: usize,
    /// By numbers of own units and packages: expected commits that change some of them, times [`SCALE`].
    some: Vec<u64>,
    /// The same, where the interpreter's commits count in any case.
    with_interpreter: Vec<u64>,
    /// The same, where the commits of what is always in the app layer count in any case.
    with_rest: Vec<u64>,
    commits: u64,
}

impl Outlook {
    /// Reads the commits of `problem`.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        let mut all = Kinds::default();
        let mut changed = vec![Kinds::default(); problem.commits];
        for unit in &problem.units {
            all.add(unit);
            unit.changes.iter().for_each(|&commit| changed[commit as usize].add(unit));
        }
        let marked = |units: &[&Unit]| {
            let mut marked = vec![false; problem.commits];
            units.iter().flat_map(|unit| &unit.changes).for_each(|&commit| marked[commit as usize] = true);
            marked
        };
        let never = matches!(problem.interpreter_layer, crate::advice::problem::InterpreterLayer::Never);
        let below = if never { marked(&[]) } else { marked(&[&problem.interpreter]) };
        let app = if never { marked(&[&problem.rest, &problem.interpreter]) } else { marked(&[&problem.rest]) };
        Self {
            width: all.packages + 1,
            some: table(all, &changed, &marked(&[])),
            with_interpreter: table(all, &changed, &below),
            with_rest: table(all, &changed, &app),
            commits: problem.commits as u64,
        }
    }

    fn at(&self, kinds: Kinds) -> usize {
        kinds.own * self.width + kinds.packages
    }

    /// Expected changes of a group of these units, given what changed it; times [`SCALE`].
    #[must_use]
    pub fn group(&self, kinds: Kinds, changes: u64) -> u64 {
        (changes * SCALE + self.some[self.at(kinds)]) / 2
    }

    /// Expected changes of everything up to a group; times [`SCALE`].
    #[must_use]
    pub fn up_to(&self, kinds: Kinds, changes: u64) -> u64 {
        (changes * SCALE + self.with_interpreter[self.at(kinds)]) / 2
    }

    /// Expected changes of the app layer; times [`SCALE`].
    #[must_use]
    pub fn app(&self, kinds: Kinds, changes: u64) -> u64 {
        (changes * SCALE + self.with_rest[self.at(kinds)]) / 2
    }

    /// Every deploy changes the image; times [`SCALE`].
    #[must_use]
    pub fn deploys(&self) -> u64 {
        self.commits * SCALE
    }
}

/// Sums over the commits the chance that a set is changed. Commits in `certain` change it always.
fn table(all: Kinds, changed: &[Kinds], certain: &[bool]) -> Vec<u64> {
    let mut kinds_of_commits: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    let mut fixed = 0;
    for (kinds, &certain) in changed.iter().zip(certain) {
        if certain {
            fixed += 1;
        } else {
            *kinds_of_commits.entry((kinds.own, kinds.packages)).or_default() += 1;
        }
    }
    // Laplace's rule: what was never seen is not impossible. One commit more for each kind, of one unit.
    *kinds_of_commits.entry((all.own.min(1), 0)).or_default() += 1;
    *kinds_of_commits.entry((0, all.packages.min(1))).or_default() += 1;
    let mut table = vec![fixed * ONE; (all.own + 1) * (all.packages + 1)];
    for ((own, packages), count) in kinds_of_commits {
        let (spared_own, spared_packages) = (powers(own, all.own), powers(packages, all.packages));
        for (row, spared_own) in table.chunks_exact_mut(all.packages + 1).zip(&spared_own) {
            for (cell, spared_packages) in row.iter_mut().zip(&spared_packages) {
                *cell += count * (ONE - spared_own * spared_packages / ONE);
            }
        }
    }
    table.iter_mut().for_each(|cell| *cell /= ONE / SCALE);
    table
}

/// `(1 - changed / all)^m` for `m` from 0 to `all`, times [`ONE`].
fn powers(changed: usize, all: usize) -> Vec<u64> {
    let spared = (all - changed) as u64 * ONE / (all as u64).max(1);
    let mut power = ONE;
    (0..=all)
        .map(|_| {
            let this = power;
            power = power * spared / ONE;
            this
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(changes: &[u32], is_package: bool) -> Unit {
        Unit { compressed_bytes: 1, tar_bytes: 1, changes: changes.to_vec(), is_package }
    }

    #[test]
    fn what_was_spared_so_far_is_not_spared_for_ever() {
        // Four libraries, of which one changed at each of two commits; a package that changed with the second.
        let units = vec![unit(&[0, 1], false), unit(&[], false), unit(&[], false), unit(&[], false), unit(&[1], true)];
        let problem = Problem { units, commits: 2, ..Problem::default() };
        let outlook = Outlook::new(&problem);
        let own = |own| Kinds { own, packages: 0 };
        assert_eq!(outlook.group(own(0), 0), 0);
        // Quiet so far, but each commit changes one of four, and so does the added one: half of 3 x 1/4.
        assert_eq!(outlook.group(own(1), 0), SCALE * 3 / 8);
        assert_eq!(outlook.group(own(1), 2), SCALE + SCALE * 3 / 8);
        // The only package changes whenever a package does: once as it was, twice with the added commit.
        assert_eq!(outlook.group(Kinds { own: 0, packages: 1 }, 1), SCALE * 3 / 2);
        assert!(outlook.group(own(2), 0) < 2 * outlook.group(own(1), 0));
    }
}
