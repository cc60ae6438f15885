//! Expected changes in future deploys.
//!
//! Half a history is little evidence: a library untouched in twelve deploys may still change. So each commit is read as
//! changing as many units of a kind (packages, or targets of the workspace), but others, each with a chance that grows
//! with its past changes. Commits of own code count as the mean of this and the actual commit, because code edited
//! together tends to be edited together again. Lock file commits do not.
//!
//! A unit's share of its kind is `(changes + 1/2) / (sum of all of these)`: Krichevsky and Trofimov's estimator ("The
//! Performance of Universal Encoding", 1981); a unit of several packages counts as that many. A layer with shares `m`
//! is spared by a commit that changes `k` units with probability `(1 - m)^k`.
//!
//! A few unseen deploys (`OWN_DEPLOYS`, `PACKAGE_DEPLOYS`) are added: they dominate for an app with three deploys and
//! vanish for one with three hundred. Integers throughout, so that every machine gives the same advice.

use std::collections::BTreeMap;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use crate::advice::problem::{InterpreterLayer, Problem, Unit};

/// Scale of expected counts.
pub const SCALE: u64 = 1 << 12;
const ONE: u64 = 1 << 31;
/// Resolution of shares.
const SHARES: u64 = 1 << 12;

// Prior of a Python service's deploys. Chosen on the older halves of the deploys alone, each halved again, of 25 apps
// of magma, opentitan and everything, and on 5 of pigweed. That package commits are not read literally was decided in
// the same way, on 74 apps of everything, magma, pigweed and intrinsic's sdk.
/// Deploys that change one target of the workspace each.
const OWN_DEPLOYS: u64 = 8;
/// Deploys that change packages.
const PACKAGE_DEPLOYS: u64 = 2;
/// Each of those changes one package in this many.
const PACKAGES_PER_CHANGED: u64 = 3;

/// Shares of all changes, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    packages: u32,
    own: u32,
}

impl Add for Shares {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { packages: self.packages + other.packages, own: self.own + other.own }
    }
}

impl AddAssign for Shares {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Shares {
    type Output = Self;

    /// Returns the remainder after taking out a part.
    fn sub(self, other: Self) -> Self {
        Self { packages: self.packages - other.packages, own: self.own - other.own }
    }
}

impl SubAssign for Shares {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

/// Expected changes of sets of units.
#[derive(Clone, Debug)]
pub struct Outlook {
    shares: Vec<Shares>,
    /// Of what is always in the app layer.
    rest: Shares,
    /// By shares, without the interpreter.
    some: Table,
    /// By shares, where the interpreter's commits always count.
    with_interpreter: Table,
    is_interpreter_in_app: bool,
    /// Commits that also count as they were.
    recurs: Vec<bool>,
    /// Times [`SCALE`].
    deploys: u64,
}

impl Outlook {
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        let mut shares = shares(problem);
        let all = shares.iter().fold(Shares::default(), |all, &share| all + share);
        let rest = shares.pop().unwrap_or_default();
        let mut changed = vec![Counts::default(); problem.commits];
        for unit in problem.units.iter().chain([&problem.rest]) {
            unit.changes.iter().for_each(|&commit| changed[commit as usize].add(unit));
        }
        let mut of_interpreter = vec![false; problem.commits];
        problem.interpreter.changes.iter().for_each(|&commit| of_interpreter[commit as usize] = true);
        let packages = problem.units.iter().filter(|unit| unit.is_package).count() as u64;
        let package_deploys = if packages > 0 { PACKAGE_DEPLOYS } else { 0 };
        let unseen = [
            (Counts { own: 1, packages: 0 }, OWN_DEPLOYS),
            (Counts { own: 0, packages: (packages / PACKAGES_PER_CHANGED).max(1) }, package_deploys),
        ];
        let table = |certain: &[bool]| Table::new(all, &changed, certain, &unseen);
        Self {
            rest,
            some: table(&vec![false; problem.commits]),
            with_interpreter: table(&of_interpreter),
            is_interpreter_in_app: problem.interpreter_layer == InterpreterLayer::Never,
            recurs: changed.iter().map(Counts::recurs).collect(),
            deploys: (problem.commits as u64 + OWN_DEPLOYS + package_deploys) * SCALE,
            shares,
        }
    }

    #[must_use]
    pub fn share(&self, unit: usize) -> Shares {
        self.shares.get(unit).copied().unwrap_or_default()
    }

    /// Returns `true` if the commit also counts as it was.
    #[must_use]
    pub fn recurs(&self, commit: usize) -> bool {
        self.recurs.get(commit).is_some_and(|recurs| *recurs)
    }

    /// Expected changes of a group, times [`SCALE`]. `changes` are those by recurring commits.
    #[must_use]
    pub fn group(&self, shares: Shares, changes: u64) -> u64 {
        changes * SCALE / 2 + self.some.at(shares)
    }

    /// Expected changes of everything up to a group, times [`SCALE`].
    #[must_use]
    pub fn up_to(&self, shares: Shares, changes: u64) -> u64 {
        let table = if self.is_interpreter_in_app { &self.some } else { &self.with_interpreter };
        (changes * SCALE / 2 + table.at(shares)).min(self.deploys)
    }

    /// Expected changes of the app layer with these shares in addition to its own, times [`SCALE`].
    #[must_use]
    pub fn app(&self, shares: Shares, changes: u64) -> u64 {
        let table = if self.is_interpreter_in_app { &self.with_interpreter } else { &self.some };
        (changes * SCALE / 2 + table.at(shares + self.rest)).min(self.deploys)
    }

    /// Number of deploys, times [`SCALE`].
    #[must_use]
    pub fn deploys(&self) -> u64 {
        self.deploys
    }
}

/// Changed units of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    packages: u64,
    own: u64,
}

impl Counts {
    fn add(&mut self, unit: &Unit) {
        if unit.is_package { self.packages += 1 } else { self.own += 1 }
    }

    fn recurs(&self) -> bool {
        self.packages == 0
    }
}

/// Shares of each unit and, last, of what is always in the app layer.
fn shares(problem: &Problem) -> Vec<Shares> {
    let units = || problem.units.iter().chain([&problem.rest]);
    let of_kind = |is_package: bool| units().filter(move |unit| unit.is_package == is_package);
    // (changes + parts / (2 x mean of parts)) x 2 x all parts, to stay whole.
    let weight = |unit: &Unit, count: u64, parts: u64| {
        2 * unit.changes.len() as u64 * parts + u64::from(unit.parts.max(1)) * count
    };
    let totals = [false, true].map(|is_package| {
        let count = of_kind(is_package).count() as u64;
        let parts: u64 = of_kind(is_package).map(|unit| u64::from(unit.parts.max(1))).sum();
        (count, parts, of_kind(is_package).map(|unit| weight(unit, count, parts)).sum::<u64>())
    });
    let share = |unit: &Unit| {
        let (count, parts, all) = totals[usize::from(unit.is_package)];
        let share = u128::from(weight(unit, count, parts)) * u128::from(SHARES) / u128::from(all.max(1));
        // At least 1: a unit with no chance of changing would cost nothing anywhere.
        let share = u32::try_from(share).unwrap_or(u32::MAX).max(1);
        if unit.is_package { Shares { packages: share, own: 0 } } else { Shares { packages: 0, own: share } }
    };
    units().map(share).collect()
}

/// Expected changes by shares, times [`SCALE`]. Where commits change both kinds, the kinds are treated as independent,
/// so one line per kind is enough.
#[derive(Clone, Debug)]
struct Table {
    own: Vec<u64>,
    packages: Vec<u64>,
    both_own: Vec<u64>,
    both_packages: Vec<u64>,
    both: u64,
    certain: u64,
}

/// Numbers of commits by changed units, in halves.
type Halves = BTreeMap<u64, u64>;

impl Table {
    /// `certain` commits change every set; `unseen` are added deploys.
    fn new(all: Shares, changed: &[Counts], certain: &[bool], unseen: &[(Counts, u64)]) -> Self {
        let (mut own, mut packages) = (Halves::new(), Halves::new());
        let (mut both_own, mut both_packages) = (Halves::new(), Halves::new());
        let (mut fixed, mut both) = (0, 0);
        // A recurring commit counts half as it was and half by shares; any other fully by shares.
        let halves = |counts: &Counts| if counts.recurs() { 1 } else { 2 };
        let seen = changed.iter().zip(certain).map(|(counts, &certain)| (*counts, certain, halves(counts)));
        for (counts, certain, halves) in
            seen.chain(unseen.iter().map(|&(counts, deploys)| (counts, false, 2 * deploys)))
        {
            match (certain, counts.own, counts.packages) {
                (true, ..) => fixed += halves,
                (false, 0, 0) => {}
                (false, count, 0) => *own.entry(count).or_default() += halves,
                (false, 0, count) => *packages.entry(count).or_default() += halves,
                (false, of_own, of_packages) => {
                    both += halves;
                    *both_own.entry(of_own).or_default() += halves;
                    *both_packages.entry(of_packages).or_default() += halves;
                }
            }
        }
        Self {
            own: line(all.own, &own),
            packages: line(all.packages, &packages),
            both_own: line(all.own, &both_own),
            both_packages: line(all.packages, &both_packages),
            both: both * SCALE / 2,
            certain: fixed * SCALE / 2,
        }
    }

    fn at(&self, shares: Shares) -> u64 {
        let (own, packages) = (shares.own as usize, shares.packages as usize);
        let (left, right) = (self.both_own[own], self.both_packages[packages]);
        let twice = (left * right).checked_div(self.both).unwrap_or(0);
        self.certain + self.own[own] + self.packages[packages] + left + right - twice
    }
}

/// Expected commits that change something, for each share from 0 to `all`.
fn line(all: u32, halves: &Halves) -> Vec<u64> {
    let of_share = |share: u32| {
        let spared = u64::from(all - share) * ONE / u64::from(all.max(1));
        let hits = halves.iter().map(|(&changed, &count)| count * (ONE - power(spared, changed)));
        hits.sum::<u64>() / 2 / (ONE / SCALE)
    };
    (0..=all).map(of_share).collect()
}

/// `base^exponent` in fixed point, where 1 is [`ONE`].
fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut power = ONE;
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power * base / ONE;
        }
        base = base * base / ONE;
        exponent /= 2;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(changes: &[u32], is_package: bool) -> Unit {
        Unit { compressed_bytes: 1, tar_bytes: 1, changes: changes.to_vec(), is_package, parts: 1 }
    }

    fn outlook(units: Vec<Unit>, commits: usize) -> Outlook {
        Outlook::new(&Problem { units, commits, ..Problem::default() })
    }

    #[test]
    fn what_was_spared_so_far_is_not_spared_for_ever() {
        let quiet_and_busy =
            vec![unit(&[], false), unit(&[0, 1, 2], false), unit(&[1], false), unit(&[], true), unit(&[1], true)];
        let outlook = outlook(quiet_and_busy, 3);
        assert_eq!(outlook.group(Shares::default(), 0), 0);
        let expected = |place: usize, changes: u64| outlook.group(outlook.share(place), changes);
        assert!(expected(0, 0) > 0 && expected(3, 0) > 0);
        assert!(expected(0, 0) < expected(1, 3) && expected(3, 0) < expected(4, 1));
        // A commit that changes two hits a layer that holds both only once.
        let both = outlook.group(outlook.share(0) + outlook.share(1), 3);
        assert!(both < expected(0, 0) + expected(1, 3) && both > expected(1, 3));
        assert!(both <= outlook.deploys());
    }

    #[test]
    fn an_app_without_a_history_has_an_outlook() {
        let outlook = outlook(vec![unit(&[], false), unit(&[], true)], 0);
        assert_eq!(outlook.deploys(), (OWN_DEPLOYS + PACKAGE_DEPLOYS) * SCALE);
        // All that can change does at every deploy that is thought of.
        let all = outlook.app(outlook.share(0) + outlook.share(1), 0);
        assert!(all.abs_diff(outlook.deploys()) <= 8, "{all}");
        // The lock changes less often than the workspace's own code.
        assert!(outlook.group(outlook.share(1), 0) < outlook.group(outlook.share(0), 0));
    }

    #[test]
    fn a_unit_of_many_packages_changes_sooner_than_one_of_one() {
        let many = Unit { parts: 9, ..unit(&[], true) };
        let outlook = outlook(vec![many, unit(&[], true), unit(&[], true), unit(&[], true)], 4);
        assert!(outlook.group(outlook.share(0), 0) > outlook.group(outlook.share(1), 0));
    }
}
