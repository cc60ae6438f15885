//! Converts an app's graph, contents and measures to a [`Problem`].

use std::collections::BTreeMap;

use crate::advice::problem::{Candidate, InterpreterLayer, Problem, Unit};
use crate::graph::contents::{Contents, ItemKind};
use crate::graph::item_set::{ItemId, ItemSet};
use crate::graph::model::{Graph, Node, NodeId, NodeKind};
use crate::history::cost::Measures;
use crate::history::model::ChangeRow;
use crate::label::Label;
use crate::layers::plan::Plan;

#[derive(Clone, Debug)]
pub struct AppProblem {
    pub problem: Problem,
    unit_of_item: BTreeMap<ItemId, u32>,
    /// Number of packages in each unit.
    packages: Vec<u64>,
}

#[derive(Clone, Copy)]
pub struct AppParts<'a> {
    pub graph: &'a Graph,
    pub contents: &'a Contents,
    pub measures: &'a Measures,
    pub interpreter_layer: InterpreterLayer,
    /// Returns `true` for targets that a group of this app can name.
    pub can_name: &'a dyn Fn(NodeId, &Node) -> bool,
}

impl AppProblem {
    /// Items that the same nameable targets bring become one unit. A commit of the problem is one deploy.
    #[must_use]
    pub fn new(parts: &AppParts<'_>) -> Self {
        let mut by_closure: BTreeMap<Vec<ItemId>, Label> = BTreeMap::new();
        for (id, node) in parts.graph.nodes_by_label() {
            let Some(closure) = parts.contents.closure(id).filter(|_| (parts.can_name)(id, node)) else { continue };
            let mut items = closure.clone();
            items.intersect_with(&parts.contents.all);
            let items: Vec<ItemId> = items.iter().collect();
            if !items.is_empty() {
                // Of targets that bring the same, the first label stands for all.
                by_closure.entry(items).or_insert_with(|| node.label.clone());
            }
        }
        let mut named: Vec<(Label, Vec<ItemId>)> =
            by_closure.into_iter().map(|(items, label)| (label, items)).collect();
        named.sort();
        let mut bringers: BTreeMap<ItemId, Vec<u32>> = BTreeMap::new();
        for (place, (_, items)) in (0_u32..).zip(&named) {
            items.iter().for_each(|&item| bringers.entry(item).or_default().push(place));
        }
        let is_package =
            |item: ItemId| parts.contents.item(item).is_some_and(|item| matches!(item.kind, ItemKind::Package { .. }));
        let mut grouped: BTreeMap<Vec<u32>, Vec<ItemId>> = BTreeMap::new();
        bringers.iter().for_each(|(&item, targets)| grouped.entry(targets.clone()).or_default().push(item));
        let mut candidates: Vec<Candidate> =
            named.into_iter().map(|(label, _)| Candidate { label, closure: Vec::new() }).collect();
        let mut units = Vec::with_capacity(grouped.len());
        let mut unit_of_item = BTreeMap::new();
        let mut packages_of_units = Vec::with_capacity(grouped.len());
        for (place, (targets, items)) in (0_u32..).zip(&grouped) {
            let unit = unit(parts.measures, items.iter().copied());
            packages_of_units.push(items.iter().filter(|&&item| is_package(item)).count() as u64);
            let is_package = items.iter().copied().all(is_package);
            let packages = if is_package { u32::try_from(items.len()).unwrap_or(u32::MAX) } else { 1 };
            units.push(Unit { is_package, parts: packages, ..unit });
            unit_of_item.extend(items.iter().map(|&item| (item, place)));
            for &target in targets {
                if let Some(candidate) = candidates.get_mut(target as usize) {
                    candidate.closure.push(place);
                }
            }
        }
        let interpreter = parts.contents.interpreter;
        let rest = parts.contents.all.iter().filter(|item| *item != interpreter && !unit_of_item.contains_key(item));
        let problem = Problem {
            rest: unit(parts.measures, rest),
            interpreter: unit(parts.measures, std::iter::once(interpreter)),
            interpreter_layer: parts.interpreter_layer,
            commits: parts.measures.deploys.deploys.len(),
            units,
            candidates,
        };
        Self { problem, unit_of_item, packages: packages_of_units }
    }

    #[must_use]
    pub fn packages(&self, unit: u32) -> u64 {
        self.packages.get(unit as usize).copied().unwrap_or(0)
    }

    /// Returns every unit that the targets bring, ascending.
    #[must_use]
    pub fn closure(&self, parts: &AppParts<'_>, targets: &[Label]) -> Vec<u32> {
        let mut items = ItemSet::default();
        for closure in targets.iter().filter_map(|target| parts.contents.closure(parts.graph.find(target)?)) {
            items.union_with(closure);
        }
        let mut units: Vec<u32> = items.iter().filter_map(|item| self.unit_of_item.get(&item).copied()).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Assigns candidates to the groups of a plan: each to the lowest group that brings all of it.
    #[must_use]
    pub fn groups_of(&self, parts: &AppParts<'_>, plan: &Plan) -> Vec<Option<usize>> {
        let mut held = vec![false; self.problem.units.len()];
        let mut group_of = vec![None; self.problem.candidates.len()];
        for (group, layer) in plan.groups.iter().enumerate() {
            for unit in self.closure(parts, &layer.targets) {
                if let Some(held) = held.get_mut(unit as usize) {
                    *held = true;
                }
            }
            let is_held = |unit: &u32| held.get(*unit as usize).is_some_and(|held| *held);
            for (slot, candidate) in group_of.iter_mut().zip(&self.problem.candidates) {
                if slot.is_none() && candidate.closure.iter().all(is_held) {
                    *slot = Some(group);
                }
            }
        }
        group_of
    }
}

/// Sums `items`, with the deploys that change any of them.
fn unit(measures: &Measures, items: impl Iterator<Item = ItemId>) -> Unit {
    let mut unit = Unit { parts: 1, ..Unit::default() };
    let mut row = ChangeRow::default();
    for item in items {
        if let Some(size) = measures.sizes.item(item) {
            unit.compressed_bytes += size.compressed_bytes.0;
            unit.tar_bytes += size.tar_bytes.0;
        }
        if let Some(changes) = measures.rows.get(item.index()) {
            row.merge(changes);
        }
    }
    unit.changes = row.ones().filter_map(|deploy| u32::try_from(deploy).ok()).collect();
    unit
}

/// Returns `true` for packages and Python rules other than tests and binaries.
#[must_use]
pub fn is_nameable_kind(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Package => true,
        NodeKind::Rule(class) => class.starts_with("py_") && !matches!(class.as_str(), "py_binary" | "py_test"),
        NodeKind::Source | NodeKind::Generated | NodeKind::External | NodeKind::Missing => false,
    }
}
