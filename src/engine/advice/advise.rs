//! Advice for one app: suggested groups as a plan.

use std::collections::BTreeSet;

use crate::advice::app_problem::{AppParts, AppProblem, is_nameable_kind};
use crate::advice::objective::{Bytes, Objective};
use crate::advice::order::{Method, best_order, order_reasons};
use crate::advice::presets::{Preset, preset_groups};
use crate::advice::suggest::{
    SuggestOptions, SuggestedGroup, Suggestion, floor, plan_bytes, suggest, suggest_within, targets_bytes,
};
use crate::advice::verdict::Verdict;
use crate::engine::advice::against_current::{against_current, hints};
use crate::engine::app_model::AppModel;
use crate::graph::build::target;
use crate::graph::model::{Node, NodeId, NodeKind};
use crate::history::cost::PullProfile;
use crate::history::model::History;
use crate::jobs::{Unwatched, Watch};
use crate::label::Label;
use crate::layers::library_names::LibraryNames;
use crate::layers::plan::{LayerGroup, LayerId, Plan};
use crate::workspace::lock::{PackageName, PackageOrigin};
use crate::workspace::model::Workspace;
use crate::workspace::visibility::is_visible;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    pub(crate) suggestion: Suggestion,
    /// Set even if the groups don't pay.
    pub(crate) plan: Plan,
    /// Further hints, one sentence each.
    pub(crate) hints: Vec<String>,
}

impl Advice {
    /// The suggested plan if it pays, else `present`.
    #[must_use]
    pub(crate) fn recommended<'a>(&'a self, present: &'a Plan) -> &'a Plan {
        match self.suggestion.verdict {
            Verdict::Change { .. } => &self.plan,
            Verdict::Same | Verdict::Keep | Verdict::TooLittleHistory | Verdict::CurrentNotKnown => present,
        }
    }
}

#[must_use]
pub(crate) fn advise(
    workspace: &Workspace,
    model: &AppModel,
    options: SuggestOptions,
    report: &mut dyn FnMut(Advice),
    watch: &dyn Watch,
) -> Advice {
    let names = Nameable::new(workspace, model);
    let can_name = |id: NodeId, node: &Node| names.can_name(id, node);
    let parts = parts(model, &can_name);
    let per_package = plan_of_preset(&parts, &model.library_names, Preset::PerPackage, None);
    let advice = |suggestion: Suggestion| {
        let plan = plan_of(&suggestion.groups, &model.on_disk, &model.library_names);
        let suggestion = against_current(model, suggestion, &plan);
        Advice { hints: hints(model, &suggestion, &per_package), plan, suggestion }
    };
    advice(suggest(
        &parts,
        &model.on_disk,
        &known_plans(&parts, model),
        options,
        &mut |suggestion| report(advice(suggestion.clone())),
        watch,
    ))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ordered {
    pub(crate) plan: Plan,
    pub(crate) method: Method,
    /// One sentence for each group above another, from the top.
    pub(crate) reasons: Vec<String>,
}

/// Orders the groups at the least cost over the whole history.
#[must_use]
pub(crate) fn best_ordered(workspace: &Workspace, model: &AppModel, plan: &Plan, objective: Objective) -> Ordered {
    let names = Nameable::new(workspace, model);
    let can_name = |id: NodeId, node: &Node| names.can_name(id, node);
    let parts = parts(model, &can_name);
    let app = AppProblem::new(&parts);
    let closures: Vec<Vec<u32>> = plan.groups.iter().map(|group| app.closure(&parts, &group.targets)).collect();
    let best = best_order(&app.problem, objective, &closures, &Unwatched);
    let ordered: Vec<Vec<u32>> = best.order.iter().filter_map(|&group| closures.get(group).cloned()).collect();
    let groups: Vec<LayerGroup> = best.order.iter().filter_map(|&group| plan.groups.get(group).cloned()).collect();
    let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
    Ordered {
        reasons: order_reasons(&app.problem, objective, &ordered, &names),
        plan: Plan { groups, ..plan.clone() },
        method: best.method,
    }
}

/// Applies another tool's rule to this app. `history` is for rules that use one.
#[must_use]
pub(crate) fn preset_plan(workspace: &Workspace, model: &AppModel, history: &History, preset: Preset) -> Plan {
    let names = Nameable::new(workspace, model);
    let can_name = |id: NodeId, node: &Node| names.can_name(id, node);
    let order = model.on_disk.order.clone();
    Plan { order, ..plan_of_preset(&parts(model, &can_name), &model.library_names, preset, Some(history)) }
}

fn plan_of_preset(parts: &AppParts<'_>, names: &LibraryNames, preset: Preset, history: Option<&History>) -> Plan {
    let groups = preset_groups(parts, preset, history);
    let group = |(index, (name, targets)): (u32, (String, Vec<Label>))| LayerGroup {
        id: LayerId(index),
        form: names.form(&name),
        name,
        targets,
    };
    Plan { groups: (0..).zip(groups).map(group).collect(), order: Vec::new() }
}

/// Cost of a layout on the newer half, which nothing was tuned on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compared {
    /// `present`, a preset's name, or `suggested` with its budget.
    pub(crate) name: String,
    pub(crate) groups: usize,
    /// Bytes of the newer half's deploys, in the order of [`PullProfile::ALL`].
    pub(crate) newer: Vec<Bytes>,
    /// For a preset: the same for a suggestion with as many groups.
    pub(crate) suggested_with_as_many: Option<Vec<Bytes>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Deploys of the newer half.
    pub(crate) deploys: u64,
    pub(crate) lock_deploys: u64,
    pub(crate) rows: Vec<Compared>,
}

/// Compares layouts on the newer half of the app's deploys. Presets and suggestions use only `older`, the app with half
/// of its history. `budgets` are further numbers of layers for suggestions.
#[must_use]
pub(crate) fn compare(
    workspace: &Workspace,
    model: &AppModel,
    older: &AppModel,
    history: &History,
    options: SuggestOptions,
    budgets: &[usize],
    watch: &dyn Watch,
) -> Comparison {
    let names = Nameable::new(workspace, model);
    let can_name = |id: NodeId, node: &Node| names.can_name(id, node);
    let parts = parts(model, &can_name);
    let app = AppProblem::new(&parts);
    let newer = app.problem.in_commits(app.problem.commits / 2..app.problem.commits);
    let bytes = |plan: &Plan, profile: PullProfile| {
        plan_bytes(&parts, &app, &newer, Objective { profile, ..options.objective }, plan)
    };
    let each = |plan: &Plan| PullProfile::ALL.iter().map(|&profile| bytes(plan, profile)).collect();
    let presets: Vec<(Preset, Plan)> =
        Preset::ALL.iter().map(|&preset| (preset, preset_plan(workspace, older, history, preset))).collect();
    let mut wanted: Vec<usize> =
        presets.iter().map(|(_, plan)| plan.groups.len()).chain(budgets.iter().copied()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let known: Vec<Plan> = known_plans(&parts, model);
    // Each client has its own best groups; Podman pulls like clients that keep blobs.
    let found: Vec<(PullProfile, Vec<Plan>)> = [PullProfile::Keep, PullProfile::Chain]
        .into_iter()
        .map(|profile| {
            let objective = Objective { profile, ..options.objective };
            let groups = suggest_within(&parts, &known, objective, &wanted, watch);
            let plan = |groups: &Vec<SuggestedGroup>| plan_of(groups, &Plan::default(), &model.library_names);
            (profile, groups.iter().map(plan).collect())
        })
        .collect();
    let within = |budget: usize| -> (usize, Vec<Bytes>) {
        let plan = |profile: PullProfile| {
            let of = if profile == PullProfile::Chain { profile } else { PullProfile::Keep };
            let (_, plans) = found.iter().find(|(found, _)| *found == of)?;
            plans.get(wanted.binary_search(&budget).ok()?)
        };
        let plans = || PullProfile::ALL.iter().filter_map(|&profile| Some((profile, plan(profile)?)));
        let groups = plans().map(|(_, plan)| plan.groups.len()).max().unwrap_or(0);
        (groups, plans().map(|(profile, plan)| bytes(plan, profile)).collect())
    };
    let mut rows = Vec::new();
    let row = |name: &str, groups: usize, newer: Vec<Bytes>| Compared {
        name: name.to_owned(),
        groups,
        newer,
        suggested_with_as_many: None,
    };
    if !model.on_disk.groups.is_empty() {
        rows.push(row("present", model.on_disk.groups.len(), each(&model.on_disk)));
    }
    for (preset, plan) in &presets {
        let suggested_with_as_many = Some(within(plan.groups.len()).1);
        rows.push(Compared { suggested_with_as_many, ..row(preset.as_str(), plan.groups.len(), each(plan)) });
    }
    // As found on the older half: the order that the whole history gives would know the newer one.
    let found_targets: Vec<Vec<Vec<Label>>> = PullProfile::ALL
        .iter()
        .map(|&profile| {
            let objective = Objective { profile, ..options.objective };
            advise(workspace, model, SuggestOptions { objective, ..options }, &mut |_| {}, watch).suggestion.found
        })
        .collect();
    let paying = PullProfile::ALL.iter().zip(&found_targets).map(|(&profile, targets)| {
        targets_bytes(&parts, &app, &newer, Objective { profile, ..options.objective }, targets)
    });
    rows.push(row("suggested", found_targets.iter().map(Vec::len).max().unwrap_or(0), paying.collect()));
    for &budget in budgets {
        let (groups, newer) = within(budget);
        rows.push(row(&format!("suggested, up to {budget}"), groups, newer));
    }
    let least = floor(&newer, options.objective);
    rows.push(row("floor", 0, vec![least; PullProfile::ALL.len()]));
    let mut changes_lock = vec![false; newer.commits];
    for unit in newer.units.iter().filter(|unit| unit.is_package) {
        unit.changes.iter().for_each(|&commit| changes_lock[commit as usize] = true);
    }
    let lock_deploys = changes_lock.iter().filter(|&&changes| changes).count() as u64;
    Comparison { deploys: newer.commits as u64, lock_deploys, rows }
}

/// Plans that a search may start from.
fn known_plans(parts: &AppParts<'_>, model: &AppModel) -> Vec<Plan> {
    let plan = |preset: Preset| plan_of_preset(parts, &model.library_names, preset, None);
    [Preset::PipInternal, Preset::PerPackage].into_iter().map(plan).collect()
}

fn parts<'a>(model: &'a AppModel, can_name: &'a dyn Fn(NodeId, &Node) -> bool) -> AppParts<'a> {
    AppParts {
        graph: &model.graph,
        contents: &model.contents,
        measures: &model.measures,
        interpreter_layer: model.interpreter_layer(),
        can_name,
    }
}

/// A group named as in `present` keeps its identity.
fn plan_of(groups: &[SuggestedGroup], present: &Plan, names: &LibraryNames) -> Plan {
    let mut plan = Plan { order: present.order.clone(), ..Plan::default() };
    let mut next = present.free_id().0;
    for group in groups {
        let kept = present.groups.iter().find(|old| old.name == group.name).map(|old| old.id);
        let id = kept.unwrap_or_else(|| {
            next += 1;
            LayerId(next - 1)
        });
        plan.groups.push(LayerGroup {
            id,
            name: group.name.clone(),
            targets: group.targets.clone(),
            form: names.form(&group.name),
        });
    }
    plan
}

struct Nameable<'a> {
    workspace: &'a Workspace,
    home: String,
    root: NodeId,
    /// Packages that are named somewhere or requested by the lock's project.
    named: BTreeSet<Label>,
    asked_for: BTreeSet<(String, PackageName)>,
    /// Targets of present groups: their libraries must not name themselves.
    libraries: BTreeSet<Label>,
    /// What the present groups name certainly works.
    present: BTreeSet<Label>,
}

impl<'a> Nameable<'a> {
    fn new(workspace: &'a Workspace, model: &AppModel) -> Self {
        let root = model.graph.root();
        let home = model.graph.node(root).map(|node| node.label.package().to_owned()).unwrap_or_default();
        let targets = workspace.packages.values().flat_map(|package| package.targets.values());
        let named = targets.flat_map(|target| &target.dependencies).map(|dependency| dependency.label.clone());
        let mut asked_for = BTreeSet::new();
        for (name, hub) in &workspace.hubs {
            for package in hub.lock.packages.iter().filter(|package| package.source == PackageOrigin::Local) {
                asked_for.extend(package.dependencies.iter().map(|asked| (name.clone(), asked.name.clone())));
            }
        }
        let libraries = model.on_disk.groups.iter().filter_map(|group| group.library().cloned()).collect();
        let present = model.on_disk.groups.iter().flat_map(|group| group.targets.iter().cloned()).collect();
        let named = named.filter(|label| !label.is_main()).collect();
        Self { workspace, home, root, named, asked_for, libraries, present }
    }

    fn can_name(&self, id: NodeId, node: &Node) -> bool {
        if id == self.root || !is_nameable_kind(node) || self.libraries.contains(&node.label) {
            return false;
        }
        if self.present.contains(&node.label) {
            return true;
        }
        match node.kind {
            NodeKind::Package => self.has_label(&node.label),
            _ => target(self.workspace, &node.label)
                .is_some_and(|found| is_visible(self.workspace, &node.label, found, &self.home)),
        }
    }

    /// Returns `true` if the hub has a label for the package. rules_python makes one for every locked package;
    /// rules_pycross (`pin` of lock_repos) for those that the project requests.
    fn has_label(&self, label: &Label) -> bool {
        let Some(repository) = label.repository_name() else { return false };
        let is_pinned_only = self.workspace.hubs.get(repository).is_some_and(|hub| hub.rule_set == "rules_pycross");
        !is_pinned_only
            || self.named.contains(label)
            || self.asked_for.contains(&(repository.to_owned(), PackageName::new(label.name())))
    }
}
