//! Input of the advice: units with bytes and changes, and the targets that a group can name with the units that each
//! brings. Units that no group can separate are one unit; commits that change nothing are left out.

use crate::label::Label;

/// Bytes that always travel together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    pub compressed_bytes: u64,
    /// Bytes of its entries in a tar.
    pub tar_bytes: u64,
    /// Positions of commits that change it, ascending, below [`Problem::commits`].
    pub changes: Vec<u32>,
    /// A package of a lock file, not files of the workspace.
    pub is_package: bool,
    /// Number of packages in it: the more, the sooner one of them changes.
    pub parts: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub label: Label,
    /// Every unit that it brings, as ascending positions in [`Problem::units`].
    pub closure: Vec<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// What can be in a group; each is in the closure of a candidate.
    pub units: Vec<Unit>,
    /// What a group can name; no two bring the same.
    pub candidates: Vec<Candidate>,
    /// What is always in the app layer.
    pub rest: Unit,
    pub interpreter: Unit,
    pub interpreter_layer: InterpreterLayer,
    pub commits: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InterpreterLayer {
    #[default]
    Always,
    /// An app without groups is one layer.
    BesideGroups,
    /// It is in the app layer.
    Never,
}

impl InterpreterLayer {
    #[must_use]
    pub fn is_own(self, groups: usize) -> bool {
        match self {
            Self::Always => true,
            Self::BesideGroups => groups > 0,
            Self::Never => false,
        }
    }
}

/// Relations of candidates to each other and to units.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// For each candidate, the others that it brings.
    pub below: Vec<Vec<u32>>,
    /// For each candidate, the others that bring it.
    pub above: Vec<Vec<u32>>,
    /// For each candidate, the units that none of those below it brings.
    pub own_units: Vec<Vec<u32>>,
    /// For each unit, the candidates that own it: several where targets list the same file.
    pub holders: Vec<Vec<u32>>,
}

impl Relations {
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        let words = problem.units.len().div_ceil(64);
        let sets: Vec<Vec<u64>> = problem.candidates.iter().map(|candidate| bits(&candidate.closure, words)).collect();
        let count = sets.len();
        let mut relations = Self {
            below: vec![Vec::new(); count],
            above: vec![Vec::new(); count],
            own_units: vec![Vec::new(); count],
            holders: vec![Vec::new(); problem.units.len()],
        };
        for (upper, upper_set) in sets.iter().enumerate() {
            let mut brought = vec![0_u64; words];
            for (lower, lower_set) in sets.iter().enumerate() {
                let is_below = lower != upper && lower_set.iter().zip(upper_set).all(|(low, up)| low & !up == 0);
                if !is_below {
                    continue;
                }
                brought.iter_mut().zip(lower_set).for_each(|(all, low)| *all |= low);
                push(&mut relations.below, upper, lower);
                push(&mut relations.above, lower, upper);
            }
            for &unit in problem.candidates.get(upper).map(|candidate| candidate.closure.as_slice()).unwrap_or_default()
            {
                if !has_bit(&brought, unit) {
                    push(&mut relations.own_units, upper, unit as usize);
                    push(&mut relations.holders, unit as usize, upper);
                }
            }
        }
        relations
    }
}

fn push(lists: &mut [Vec<u32>], at: usize, value: usize) {
    if let (Some(list), Ok(value)) = (lists.get_mut(at), u32::try_from(value)) {
        list.push(value);
    }
}

fn bits(members: &[u32], words: usize) -> Vec<u64> {
    let mut set = vec![0_u64; words];
    for &member in members {
        if let Some(word) = set.get_mut(member as usize / 64) {
            *word |= 1 << (member % 64);
        }
    }
    set
}

fn has_bit(set: &[u64], member: u32) -> bool {
    set.get(member as usize / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
}

impl Problem {
    /// Restricts the problem to the commits in `range`.
    #[must_use]
    pub fn in_commits(&self, range: std::ops::Range<usize>) -> Self {
        let part = |unit: &Unit| {
            let inside = unit.changes.iter().filter(|&&commit| range.contains(&(commit as usize)));
            let moved = inside.filter_map(|&commit| u32::try_from(commit as usize - range.start).ok());
            Unit { changes: moved.collect(), ..unit.clone() }
        };
        Self {
            units: self.units.iter().map(part).collect(),
            candidates: self.candidates.clone(),
            rest: part(&self.rest),
            interpreter: part(&self.interpreter),
            interpreter_layer: self.interpreter_layer,
            commits: range.end.min(self.commits).saturating_sub(range.start),
        }
    }

    pub(super) fn all_units(&self) -> impl Iterator<Item = &Unit> {
        self.units.iter().chain([&self.rest, &self.interpreter])
    }
}
