//! Suggests groups for one app: tuned on the older half of its deploys, tested on the newer half.

use crate::advice::app_problem::{AppParts, AppProblem};
use crate::advice::arrangement::Arrangement;
use crate::advice::names::{GroupTraits, named_targets, names};
use crate::advice::objective::{Bytes, Objective};
use crate::advice::order::order_bytes;
use crate::advice::outlook::Outlook;
use crate::advice::problem::{Problem, Relations};
use crate::advice::search::{Found, Request, search};
use crate::advice::settle::settled;
use crate::advice::verdict::{BYTES_PER_REQUEST, Choice, PartFigures, Verdict, verdict, worthwhile};
use crate::byte_count::ByteCount;
use crate::jobs::Watch;
use crate::label::Label;
use crate::layers::plan::Plan;

/// Minimum length of the curve.
const CURVE: usize = 8;

/// With fewer deploys only the expectation decides.
const MIN_PACKAGE_DEPLOYS: usize = 4;

/// Most groups where fewer older deploys than [`MIN_PACKAGE_DEPLOYS`] change packages: it is not known what changes together.
const MAX_GROUPS_WITH_LITTLE_HISTORY: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuggestOptions {
    pub objective: Objective,
    pub max_layers: usize,
    /// What each group must save of the cost without it, in thousandths.
    pub layer_gain_permille: u32,
    /// What a change of the present groups must save on newer deploys, in thousandths.
    pub plan_gain_permille: u32,
}

impl Default for SuggestOptions {
    /// Up to eight layers, so that the curve decides and not a fixed number: each must be worth 5 % and [`BYTES_PER_REQUEST`] a
    /// deploy, a change of the present plan 5 %. On the apps of `docs/presets.md` that makes three layers at the
    /// median, and eight where dozens of deploys justify them.
    fn default() -> Self {
        Self { objective: Objective::default(), max_layers: CURVE, layer_gain_permille: 50, plan_gain_permille: 50 }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedGroup {
    pub name: String,
    pub targets: Vec<Label>,
    /// For example `9 packages`.
    pub contents: String,
    pub compressed_bytes: ByteCount,
    /// Deploys of the whole history that change it.
    pub changes: u64,
    pub reason: String,
}

/// Cost of the best result for one number of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    pub groups: usize,
    pub older: Bytes,
    pub newer: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    Enough,
    /// Few groups, from sizes and closures.
    Thin {
        /// Older deploys that change packages.
        package_deploys: u64,
        most_groups: usize,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// From the bottom, settled against the whole history.
    pub groups: Vec<SuggestedGroup>,
    /// Targets of the groups as found on the older half. The figures of both halves are theirs.
    pub found: Vec<Vec<Label>>,
    pub evidence: Evidence,
    pub verdict: Verdict,
    pub older: PartFigures,
    pub newer: PartFigures,
    pub whole: PartFigures,
    /// Best cost per number of groups, from none; may exceed the number asked for.
    pub curve: Vec<CurvePoint>,
    /// Position in `curve` of the last number of groups that pays.
    pub knee: usize,
    pub options: SuggestOptions,
    /// Least saving on the newer half, in thousandths.
    pub threshold_permille: u32,
}

/// Suggests groups. `present` are the app's current groups; the search may also start from `known` plans. Calls
/// `report` with every improvement.
#[must_use]
pub fn suggest(
    parts: &AppParts<'_>,
    present: &Plan,
    known: &[Plan],
    options: SuggestOptions,
    report: &mut dyn FnMut(&Suggestion),
    watch: &dyn Watch,
) -> Suggestion {
    let app = AppProblem::new(parts);
    let judge = Judge::new(parts, &app, present, options);
    let mut starts = vec![app.groups_of(parts, present)];
    starts.extend(known.iter().map(|plan| app.groups_of(parts, plan)));
    let most_groups = options.max_layers.max(CURVE);
    let request = Request { objective: options.objective, most_groups, also: &[], known: &starts };
    let mut best: Vec<Found> = Vec::new();
    let found = search(
        &judge.older,
        &request,
        &mut |found| {
            best.retain(|earlier: &Found| earlier.groups < found.groups);
            best.push(found.clone());
            report(&judge.suggestion(&best));
        },
        watch,
    );
    judge.suggestion(&found)
}

/// Returns the groups found on the older half for several budgets, using every layer expected to save anything, to
/// compare with other layouts.
#[must_use]
pub fn suggest_within(
    parts: &AppParts<'_>,
    known: &[Plan],
    objective: Objective,
    budgets: &[usize],
    watch: &dyn Watch,
) -> Vec<Vec<SuggestedGroup>> {
    let app = AppProblem::new(parts);
    let none = Plan::default();
    let judge = Judge::new(parts, &app, &none, SuggestOptions { objective, ..SuggestOptions::default() });
    let starts: Vec<_> = known.iter().map(|plan| app.groups_of(parts, plan)).collect();
    let most_groups = budgets.iter().copied().max().unwrap_or(0);
    let request = Request { objective, most_groups, also: budgets, known: &starts };
    let found = search(&judge.older, &request, &mut |_| {}, watch);
    let best = |budget: usize| found.iter().rfind(|found| found.groups <= budget);
    let groups = |budget: &usize| best(*budget).map(|found| judge.groups(judge.targets(&found.group_of, found.groups)));
    budgets.iter().map(|budget| groups(budget).unwrap_or_default()).collect()
}

struct Judge<'a> {
    parts: &'a AppParts<'a>,
    app: &'a AppProblem,
    relations: Relations,
    older: Problem,
    newer: Problem,
    present: &'a Plan,
    options: SuggestOptions,
    /// Least saving of a layer, whatever its share.
    request: Choice,
    evidence: Evidence,
}

impl<'a> Judge<'a> {
    fn new(parts: &'a AppParts<'a>, app: &'a AppProblem, present: &'a Plan, options: SuggestOptions) -> Self {
        let commits = app.problem.commits;
        let older = app.problem.in_commits(0..commits / 2);
        let expected = Outlook::new(&older).deploys();
        let seen = if older.commits < MIN_PACKAGE_DEPLOYS { expected } else { older.commits as u64 };
        let request = |deploys: u64| {
            let repull = u128::from(BYTES_PER_REQUEST.0) * u128::from(deploys);
            options.objective.of(Bytes { repull, ..Bytes::default() })
        };
        Self {
            parts,
            relations: Relations::new(&app.problem),
            evidence: evidence(&older),
            request: Choice { groups: 1, expected: request(expected), seen: request(seen) },
            older,
            newer: app.problem.in_commits(commits / 2..commits),
            app,
            present,
            options,
        }
    }

    fn suggestion(&self, found: &[Found]) -> Suggestion {
        let most = match self.evidence {
            Evidence::Enough => self.options.max_layers,
            Evidence::Thin { most_groups, .. } => self.options.max_layers.min(most_groups),
        };
        let affordable = found.iter().filter(|found| found.groups <= most);
        let choices: Vec<Choice> = affordable.map(|found| self.choice(found)).collect();
        let knee = worthwhile(&choices, self.options.layer_gain_permille, &self.request);
        let none = (vec![None; self.app.problem.candidates.len()], 0);
        let (group_of, groups) = found.get(knee).map_or(none, |found| (found.group_of.clone(), found.groups));
        let figures = |problem: &Problem| PartFigures {
            deploys: problem.commits as u64,
            present: plan_bytes(self.parts, self.app, problem, self.options.objective, self.present),
            suggested: self.bytes(problem, &group_of, groups),
            floor: floor(problem, self.options.objective),
            saving: None,
        };
        let (older, newer, whole) = (figures(&self.older), figures(&self.newer), figures(&self.app.problem));
        let found_targets = self.targets(&group_of, groups);
        let targets = self.settled(&found_targets);
        let closures: Vec<Vec<u32>> = targets.iter().map(|labels| self.app.closure(self.parts, labels)).collect();
        let whole =
            PartFigures { suggested: in_this_order(&self.app.problem, self.options.objective, &closures), ..whole };
        let groups = self.groups(targets);
        let is_same = self.is_present(&groups);
        Suggestion {
            verdict: verdict(self.options.objective, &newer, &whole, is_same, self.threshold()),
            curve: found
                .iter()
                .map(|found| CurvePoint {
                    groups: found.groups,
                    older: found.bytes,
                    newer: self.bytes(&self.newer, &found.group_of, found.groups),
                })
                .collect(),
            groups,
            found: found_targets,
            evidence: self.evidence,
            older,
            newer,
            whole,
            knee,
            options: self.options,
            threshold_permille: self.threshold(),
        }
    }

    fn choice(&self, found: &Found) -> Choice {
        let seen =
            if self.older.commits < MIN_PACKAGE_DEPLOYS { found.cost } else { self.options.objective.of(found.bytes) };
        Choice { groups: found.groups, expected: found.cost, seen }
    }

    /// Without present groups there is nothing to keep: a layer's own threshold applies.
    fn threshold(&self) -> u32 {
        if self.present.groups.is_empty() { self.options.layer_gain_permille } else { self.options.plan_gain_permille }
    }

    fn bytes(&self, problem: &Problem, group_of: &[Option<usize>], groups: usize) -> Bytes {
        let mut arrangement = Arrangement::new(problem, &self.relations, self.options.objective, None, groups);
        let app = arrangement.app();
        let layers: Vec<usize> = group_of.iter().map(|group| group.map_or(app, |group| group + 1)).collect();
        arrangement.set_all(&layers);
        arrangement.bytes()
    }

    fn is_present(&self, groups: &[SuggestedGroup]) -> bool {
        let mine = groups.iter().map(|group| self.app.closure(self.parts, &group.targets));
        let present = self.present.groups.iter().map(|group| self.app.closure(self.parts, &group.targets));
        above_each_other(mine).eq(&above_each_other(present))
    }

    fn targets(&self, group_of: &[Option<usize>], groups: usize) -> Vec<Vec<Label>> {
        named_targets(&self.app.problem, &self.relations, group_of, groups)
    }

    fn settled(&self, targets: &[Vec<Label>]) -> Vec<Vec<Label>> {
        let closures: Vec<Vec<u32>> = targets.iter().map(|labels| self.app.closure(self.parts, labels)).collect();
        let merged = |members: Vec<usize>| {
            let mut labels: Vec<Label> = members.iter().flat_map(|&group| targets[group].iter().cloned()).collect();
            labels.sort();
            labels.dedup();
            labels
        };
        settled(&self.app.problem, &closures).into_iter().map(merged).collect()
    }

    fn groups(&self, targets: Vec<Vec<Label>>) -> Vec<SuggestedGroup> {
        let problem = &self.app.problem;
        let mut traits = Vec::with_capacity(targets.len());
        let mut held = vec![false; problem.units.len()];
        let mut contents: Vec<Vec<u32>> = Vec::with_capacity(targets.len());
        let closures: Vec<Vec<u32>> = targets.iter().map(|labels| self.app.closure(self.parts, labels)).collect();
        for closure in closures.iter().cloned() {
            let own: Vec<u32> =
                closure.into_iter().filter(|&unit| !std::mem::replace(&mut held[unit as usize], true)).collect();
            traits.push(self.traits(&own));
            contents.push(own);
        }
        let names = names(&traits, &self.present_names(&contents));
        let reasons = Reasons {
            problem,
            objective: self.options.objective,
            closures: &closures,
            contents: &contents,
            traits: &traits,
        };
        let named = targets.into_iter().zip(&traits).zip(&names).enumerate();
        named
            .map(|(place, ((targets, traits), name))| SuggestedGroup {
                reason: reasons.of(place, &names),
                contents: traits.contents(),
                name: name.clone(),
                targets,
                compressed_bytes: ByteCount(traits.bytes),
                changes: traits.changes,
            })
            .collect()
    }

    /// Returns for each new group the name of the present group that holds most of it, each name once.
    fn present_names(&self, contents: &[Vec<u32>]) -> Vec<Option<String>> {
        let bytes = |units: &mut dyn Iterator<Item = &u32>| -> u64 {
            units.map(|&unit| self.app.problem.units[unit as usize].compressed_bytes).sum()
        };
        let closures = self.present.groups.iter().map(|group| self.app.closure(self.parts, &group.targets));
        let present = above_each_other(closures);
        let mut free: Vec<usize> = (0..present.len()).collect();
        contents
            .iter()
            .map(|own| {
                let all = bytes(&mut own.iter());
                let shared = |group: usize| bytes(&mut own.iter().filter(|unit| present[group].contains(unit)));
                let best = free.iter().copied().max_by_key(|&group| (shared(group), std::cmp::Reverse(group)))?;
                (shared(best) * 2 > all).then(|| {
                    free.retain(|&group| group != best);
                    self.present.groups[best].name.clone()
                })
            })
            .collect()
    }

    fn traits(&self, own: &[u32]) -> GroupTraits {
        let problem = &self.app.problem;
        let mut traits =
            GroupTraits { bytes: 0, changes: 0, packages: Vec::new(), package_count: 0, own_bytes: 0, has_own: false };
        let mut changed = vec![false; problem.commits];
        for &place in own {
            let unit = &problem.units[place as usize];
            traits.bytes += unit.compressed_bytes;
            traits.package_count += self.app.packages(place);
            for &commit in &unit.changes {
                traits.changes += u64::from(!std::mem::replace(&mut changed[commit as usize], true));
            }
            if unit.is_package {
                // A package that nothing can name goes by the target that brings it.
                let holder = self.relations.holders[place as usize].first();
                let name = holder.map(|&holder| problem.candidates[holder as usize].label.name().to_owned());
                traits.packages.push((name.unwrap_or_default(), unit.compressed_bytes));
            } else {
                traits.has_own = true;
                traits.own_bytes += unit.compressed_bytes;
            }
        }
        traits
    }
}

fn evidence(older: &Problem) -> Evidence {
    let mut changes_packages = vec![false; older.commits];
    let packages = || older.units.iter().filter(|unit| unit.is_package);
    packages().flat_map(|unit| &unit.changes).for_each(|&commit| changes_packages[commit as usize] = true);
    let package_deploys = changes_packages.iter().filter(|&&changes| changes).count();
    // An app without packages is judged by its own code's deploys.
    let seen = if packages().next().is_some() { package_deploys } else { older.commits };
    if seen >= MIN_PACKAGE_DEPLOYS {
        return Evidence::Enough;
    }
    Evidence::Thin { package_deploys: package_deploys as u64, most_groups: MAX_GROUPS_WITH_LITTLE_HISTORY }
}

#[must_use]
pub fn plan_bytes(
    parts: &AppParts<'_>,
    app: &AppProblem,
    problem: &Problem,
    objective: Objective,
    plan: &Plan,
) -> Bytes {
    let closures: Vec<Vec<u32>> = plan.groups.iter().map(|group| app.closure(parts, &group.targets)).collect();
    in_this_order(problem, objective, &closures)
}

#[must_use]
pub fn targets_bytes(
    parts: &AppParts<'_>,
    app: &AppProblem,
    problem: &Problem,
    objective: Objective,
    targets: &[Vec<Label>],
) -> Bytes {
    let closures: Vec<Vec<u32>> = targets.iter().map(|labels| app.closure(parts, labels)).collect();
    in_this_order(problem, objective, &closures)
}

/// Cost of the groups in the given order.
fn in_this_order(problem: &Problem, objective: Objective, closures: &[Vec<u32>]) -> Bytes {
    let order: Vec<usize> = (0..closures.len()).collect();
    order_bytes(problem, objective, closures, &order)
}

/// Units of each closure that none below it holds.
fn above_each_other(closures: impl Iterator<Item = Vec<u32>>) -> Vec<Vec<u32>> {
    let mut seen = std::collections::BTreeSet::new();
    closures.map(|closure| closure.into_iter().filter(|&unit| seen.insert(unit)).collect()).collect()
}

/// A lower bound for any layering.
pub(crate) fn floor(problem: &Problem, objective: Objective) -> Bytes {
    let mut bytes = Bytes::default();
    for unit in problem.units.iter().chain([&problem.rest, &problem.interpreter]) {
        let changes = unit.changes.len() as u64;
        objective.add_layer(&mut bytes, unit.compressed_bytes, unit.tar_bytes, changes, changes);
    }
    bytes
}

/// Reasons for each group's place, with figures.
struct Reasons<'a> {
    problem: &'a Problem,
    objective: Objective,
    closures: &'a [Vec<u32>],
    contents: &'a [Vec<u32>],
    traits: &'a [GroupTraits],
}

impl Reasons<'_> {
    fn of(&self, place: usize, names: &[String]) -> String {
        let deploys = self.problem.commits;
        let traits = &self.traits[place];
        let what = match traits.packages.as_slice() {
            [(name, _)] if traits.package_count == 1 => format!("{} ({name})", traits.contents()),
            _ => traits.contents(),
        };
        let changes = match traits.changes {
            0 => format!("none of {deploys} deploys changes it"),
            1 => format!("one of {deploys} deploys changes it"),
            count => format!("{count} of {deploys} deploys change it"),
        };
        let mut text = format!("{what}, {}: {changes}.", ByteCount(traits.bytes));
        if let Some(saved) = self.saved_by_layer(place) {
            text.push_str(&format!(" Without this layer a deploy fetches {saved} more on average."));
        }
        if let Some(below) = place.checked_sub(1) {
            text.push_str(&self.above(place, below, names));
        }
        text
    }

    fn above(&self, place: usize, below: usize, names: &[String]) -> String {
        let name = &names[below];
        if self.closures[place].iter().any(|unit| self.contents[below].contains(unit)) {
            return format!(" It needs what `{name}` holds, so it is above it.");
        }
        let Some(saved) = self.saved_by_order(place) else { return String::new() };
        if self.traits[place].bytes < self.traits[below].bytes {
            format!(" It is small: keep it above `{name}`; the other way round a deploy unpacks {saved} more.")
        } else {
            format!(" It changes more: keep it above `{name}`; the other way round a deploy unpacks {saved} more.")
        }
    }

    /// Bytes per deploy that a merge with the layer above would add.
    fn saved_by_layer(&self, place: usize) -> Option<ByteCount> {
        let mut merged: Vec<Vec<u32>> = self.contents.to_vec();
        let own = merged.remove(place);
        if let Some(above) = merged.get_mut(place) {
            above.extend(own);
        }
        self.per_deploy(self.bytes(&merged).repull, self.bytes(self.contents).repull)
    }

    fn saved_by_order(&self, place: usize) -> Option<ByteCount> {
        let mut swapped: Vec<Vec<u32>> = self.contents.to_vec();
        swapped.swap(place - 1, place);
        self.per_deploy(self.bytes(&swapped).unpack, self.bytes(self.contents).unpack)
    }

    fn per_deploy(&self, more: u128, less: u128) -> Option<ByteCount> {
        let saved = more.checked_sub(less)?.checked_div(self.problem.commits as u128)?;
        (saved > 0).then(|| ByteCount(u64::try_from(saved).unwrap_or(u64::MAX)))
    }

    fn bytes(&self, contents: &[Vec<u32>]) -> Bytes {
        in_this_order(self.problem, self.objective, contents)
    }
}
