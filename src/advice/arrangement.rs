//! Assigns each unit to a layer, with running sums, so that a move costs only what it moves. A target is never below
//! one that it brings, so first claim gives exactly these layers.

use crate::advice::objective::{Bytes, Cost, Objective};
use crate::advice::outlook::{Outlook, SCALE, Shares};
use crate::advice::problem::{Problem, Relations, Unit};

/// A layer of an arrangement: 0 is the interpreter's, then the groups from the bottom, then the app's.
pub type Layer = usize;

#[derive(Clone, Debug)]
pub struct Arrangement<'a> {
    problem: &'a Problem,
    relations: &'a Relations,
    objective: Objective,
    outlook: Option<&'a Outlook>,
    groups: usize,
    layer_of_candidate: Vec<Layer>,
    layer_of_unit: Vec<Layer>,
    /// Per layer.
    sums: Vec<Sums>,
    /// Number of units that change, per layer and commit.
    changing_units: Vec<u32>,
    /// Lowest changing layer per commit, or the number of layers.
    lowest: Vec<Layer>,
    steps: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    compressed: u64,
    tar: u64,
    /// Commits that change the layer; with an outlook, only the recurring ones.
    changes: u64,
    /// Commits that change the layer and none below it.
    lowest_changes: u64,
    /// Only what could be in a group.
    shares: Shares,
}

/// Takes moves back.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    candidates: Vec<(u32, Layer)>,
    units: Vec<(u32, Layer)>,
}

impl<'a> Arrangement<'a> {
    /// Starts with everything in the app's layer. The cost is the expected one if there is an outlook, else that of the
    /// actual commits.
    #[must_use]
    pub fn new(
        problem: &'a Problem,
        relations: &'a Relations,
        objective: Objective,
        outlook: Option<&'a Outlook>,
        groups: usize,
    ) -> Self {
        let layers = groups + 2;
        let app = groups + 1;
        let mut arrangement = Self {
            problem,
            relations,
            objective,
            outlook,
            groups,
            layer_of_candidate: vec![app; problem.candidates.len()],
            layer_of_unit: vec![app; problem.units.len()],
            sums: vec![Sums::default(); layers],
            changing_units: vec![0; layers * problem.commits],
            lowest: vec![layers; problem.commits],
            steps: 0,
        };
        let interpreter = if problem.interpreter_layer.is_own(groups) { 0 } else { app };
        arrangement.add(&problem.interpreter, interpreter);
        arrangement.add(&problem.rest, app);
        for (place, unit) in problem.units.iter().enumerate() {
            arrangement.add(unit, app);
            let share = arrangement.share(place);
            arrangement.sums[app].shares += share;
        }
        arrangement
    }

    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups
    }

    #[must_use]
    pub fn app(&self) -> Layer {
        self.groups + 1
    }

    #[must_use]
    pub fn layer(&self, candidate: usize) -> Layer {
        self.layer_of_candidate[candidate]
    }

    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layer_of_candidate
    }

    #[must_use]
    pub fn unit_layers(&self) -> &[Layer] {
        &self.layer_of_unit
    }

    /// Work done by moves so far: independent of the machine's speed.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    #[must_use]
    pub fn filled_groups(&self) -> usize {
        let mut filled = vec![false; self.groups + 2];
        self.layer_of_unit.iter().for_each(|&layer| filled[layer] = true);
        filled[1..=self.groups].iter().filter(|&&filled| filled).count()
    }

    /// Bytes of the actual commits, regardless of the outlook.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        if self.outlook.is_none() {
            return self.counted_bytes();
        }
        let mut seen = Self::new(self.problem, self.relations, self.objective, None, self.groups);
        seen.set_all(&self.layer_of_candidate);
        seen.counted_bytes()
    }

    /// Expected cost times [`crate::advice::outlook::SCALE`] if there is an outlook.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.objective.of(self.outlook.map_or_else(|| self.counted_bytes(), |outlook| self.expected(outlook)))
    }

    fn expected(&self, outlook: &Outlook) -> Bytes {
        let mut bytes = Bytes::default();
        let mut at_or_below = 0;
        let mut shares = Shares::default();
        for (layer, sums) in self.sums.iter().enumerate() {
            at_or_below += sums.lowest_changes;
            shares += sums.shares;
            let (own, below) = if layer == self.app() {
                (outlook.app(sums.shares, sums.changes), outlook.deploys())
            } else if layer == 0 {
                let changes = self.problem.interpreter.changes.len() as u64 * SCALE;
                (changes, changes)
            } else {
                (outlook.group(sums.shares, sums.changes), outlook.up_to(shares, at_or_below))
            };
            self.objective.add_layer(&mut bytes, sums.compressed, sums.tar, own, below);
        }
        bytes
    }

    fn counted_bytes(&self) -> Bytes {
        let mut bytes = Bytes::default();
        let mut at_or_below = 0;
        for sums in &self.sums {
            at_or_below += sums.lowest_changes;
            self.objective.add_layer(&mut bytes, sums.compressed, sums.tar, sums.changes, at_or_below);
        }
        bytes
    }

    /// Moves a candidate. What it brings comes down with it; what brings it goes up with it.
    pub fn place(&mut self, candidate: usize, layer: Layer, undo: &mut Undo) {
        let present = self.layer_of_candidate[candidate];
        let relations = self.relations;
        if layer < present {
            self.set_layer(candidate, layer, undo);
            for &below in &relations.below[candidate] {
                if self.layer_of_candidate[below as usize] > layer {
                    self.set_layer(below as usize, layer, undo);
                }
            }
        } else if layer > present {
            self.set_layer(candidate, layer, undo);
            for &above in &relations.above[candidate] {
                if self.layer_of_candidate[above as usize] < layer {
                    self.set_layer(above as usize, layer, undo);
                }
            }
        }
    }

    /// Takes moves back and empties `undo`.
    pub fn take_back(&mut self, undo: &mut Undo) {
        for (candidate, layer) in undo.candidates.drain(..).rev() {
            self.layer_of_candidate[candidate as usize] = layer;
        }
        for (unit, layer) in undo.units.drain(..).rev() {
            self.move_unit(unit as usize, layer);
        }
    }

    /// Assigns every candidate. `layers` must not put one below what it brings.
    pub fn set_all(&mut self, layers: &[Layer]) {
        let mut undo = Undo::default();
        self.layer_of_candidate.copy_from_slice(layers);
        for unit in 0..self.layer_of_unit.len() {
            self.settle_unit(unit, &mut undo);
        }
    }

    fn set_layer(&mut self, candidate: usize, layer: Layer, undo: &mut Undo) {
        let present = std::mem::replace(&mut self.layer_of_candidate[candidate], layer);
        undo.candidates.push((candidate as u32, present));
        let relations = self.relations;
        for &unit in &relations.own_units[candidate] {
            self.settle_unit(unit as usize, undo);
        }
    }

    /// First claim: a unit belongs to its lowest holder.
    fn settle_unit(&mut self, unit: usize, undo: &mut Undo) {
        let holders = self.relations.holders[unit].iter();
        let lowest = holders.map(|&holder| self.layer_of_candidate[holder as usize]).min().unwrap_or(self.app());
        let present = self.layer_of_unit[unit];
        if lowest != present {
            undo.units.push((unit as u32, present));
            self.move_unit(unit, lowest);
        }
    }

    fn move_unit(&mut self, unit: usize, layer: Layer) {
        let problem = self.problem;
        let present = std::mem::replace(&mut self.layer_of_unit[unit], layer);
        let share = self.share(unit);
        self.remove(&problem.units[unit], present);
        self.sums[present].shares -= share;
        self.add(&problem.units[unit], layer);
        self.sums[layer].shares += share;
        self.steps += 4 + problem.units[unit].changes.len() as u64;
    }

    fn share(&self, unit: usize) -> Shares {
        self.outlook.map_or_else(Shares::default, |outlook| outlook.share(unit))
    }

    fn counts(&self, commit: usize) -> u64 {
        u64::from(self.outlook.is_none_or(|outlook| outlook.recurs(commit)))
    }

    fn add(&mut self, unit: &Unit, layer: Layer) {
        self.sums[layer].compressed += unit.compressed_bytes;
        self.sums[layer].tar += unit.tar_bytes;
        let commits = self.problem.commits;
        for &commit in &unit.changes {
            let commit = commit as usize;
            let count = &mut self.changing_units[layer * commits + commit];
            *count += 1;
            if *count > 1 {
                continue;
            }
            let counts = self.counts(commit);
            self.sums[layer].changes += counts;
            let lowest = self.lowest[commit];
            if layer < lowest {
                if let Some(sums) = self.sums.get_mut(lowest) {
                    sums.lowest_changes -= counts;
                }
                self.sums[layer].lowest_changes += counts;
                self.lowest[commit] = layer;
            }
        }
    }

    fn remove(&mut self, unit: &Unit, layer: Layer) {
        self.sums[layer].compressed -= unit.compressed_bytes;
        self.sums[layer].tar -= unit.tar_bytes;
        let commits = self.problem.commits;
        for &commit in &unit.changes {
            let commit = commit as usize;
            let count = &mut self.changing_units[layer * commits + commit];
            *count -= 1;
            if *count > 0 {
                continue;
            }
            let counts = self.counts(commit);
            self.sums[layer].changes -= counts;
            if self.lowest[commit] != layer {
                continue;
            }
            self.sums[layer].lowest_changes -= counts;
            let next = (layer + 1..self.sums.len()).find(|next| self.changing_units[next * commits + commit] > 0);
            self.lowest[commit] = next.unwrap_or(self.sums.len());
            if let Some(next) = next {
                self.sums[next].lowest_changes += counts;
            }
        }
    }
}
