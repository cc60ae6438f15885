//! Converts the stack of a rule set to layouts of layers.

use crate::graph::contents::{Contents, ItemKind};
use crate::graph::item_set::ItemSet;
use crate::graph::model::Graph;
use crate::label::Label;
use crate::layers::partition::{FixedClaim, FixedLayer, LayerKind, Layout};
use crate::layers::plan::Plan;
use crate::layers::stack::{Claim, Holds, Stack, StackLayer};
use crate::layers::why::own_items;
use crate::rule_sets::dep_layers::macro_class::{MacroClass, MacroVerdict};
use crate::rule_sets::paths::Paths;
use crate::rule_sets::registry::RULE_SETS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layouts {
    /// The current layers, or why they are not known.
    pub(crate) current: Result<Layout, String>,
    /// The layers of a plan with groups.
    pub(crate) planned: Layout,
    /// The rule set divides the program by itself, so that groups stand beside its own layers.
    pub(crate) divides: bool,
    /// Notes on the current layers.
    pub(crate) notes: Vec<String>,
}

impl Layouts {
    /// Returns the layout that a plan is laid out in: that of the BUILD files while it has no groups.
    #[must_use]
    pub(crate) fn of(&self, plan: &Plan) -> &Layout {
        match &self.current {
            Ok(current) if plan.groups.is_empty() => current,
            _ => &self.planned,
        }
    }
}

/// Returns the layouts of an image whose rule set gives `stack`.
#[must_use]
pub(crate) fn layouts_of_stack(stack: &Stack, graph: &Graph, contents: &Contents, paths: &Paths) -> Layouts {
    let mut reading = Reading { stack, graph, contents, paths, notes: stack.notes.clone() };
    let current = reading.current();
    let is_dividing = RULE_SETS.iter().any(|rule_set| rule_set.name() == stack.rule_set && rule_set.divides());
    let (planned, divides) = match &current {
        Ok(layout) if is_dividing => (layout.clone(), true),
        _ => (Layout::layer_rules(contents), false),
    };
    Layouts { current, planned, divides, notes: reading.notes }
}

/// Returns the layouts of an image of which only the macro is known.
#[must_use]
pub(crate) fn layouts_of_macro(verdict: &MacroVerdict, has_dep_layers: bool, contents: &Contents) -> Layouts {
    let current = match verdict.class {
        MacroClass::Partitions if has_dep_layers => Ok(Layout::layer_rules(contents)),
        MacroClass::Partitions => Ok(Layout::one_layer(FixedClaim::Rest)),
        MacroClass::RepeatsEverything => Ok(Layout::one_layer(FixedClaim::Everything)),
        MacroClass::DoesNotBuild
        | MacroClass::NoParameter
        | MacroClass::NoMacro
        | MacroClass::OwnRules
        | MacroClass::Unknown => Err(verdict.sentence.clone()),
    };
    Layouts { current, planned: Layout::layer_rules(contents), divides: false, notes: Vec::new() }
}

struct Reading<'a> {
    stack: &'a Stack,
    graph: &'a Graph,
    contents: &'a Contents,
    paths: &'a Paths,
    notes: Vec<String>,
}

impl Reading<'_> {
    fn current(&mut self) -> Result<Layout, String> {
        let stack = self.stack;
        if let Some(unknown) = stack.unknown() {
            return Err(unknown.why.clone());
        }
        if stack.layers.iter().all(|layer| layer.claim == Claim::Nothing) {
            return Err(format!("No layer of {} holds the program, as far as its BUILD files say", stack.image));
        }
        let is_group = |layer: &StackLayer| matches!(layer.claim, Claim::Targets(_));
        let first_group = stack.layers.iter().position(is_group);
        let groups_order = stack.layers.iter().filter(|layer| is_group(layer)).map(|layer| layer.claim_order).min();
        let mut fixed = Vec::with_capacity(stack.layers.len());
        let mut groups_at = None;
        for ((place, layer), path) in (0_u16..).zip(&stack.layers).zip(&stack.places) {
            let is_here = first_group.map_or(layer.claim != Claim::Nothing, |first| first == usize::from(place));
            if is_here && groups_at.is_none() {
                groups_at = Some(fixed.len());
            }
            if !is_group(layer) {
                // Each kind names one layer; more of the same kind are told apart by position.
                let kind = kind(layer, place);
                let is_taken = fixed.iter().any(|known: &FixedLayer| known.kind == kind);
                let kind = if is_taken { LayerKind::Written(place) } else { kind };
                let name = unique_name(layer, &fixed);
                fixed.push(FixedLayer { name, path: path.clone(), ..self.fixed(layer, kind, groups_order)? });
            }
        }
        let left_out = stack.left_out.iter();
        let left_out = left_out.map(|layer| self.fixed(layer, LayerKind::Other(0), groups_order));
        Ok(Layout {
            left_out: left_out.collect::<Result<_, _>>()?,
            fixed,
            groups_at: groups_at.unwrap_or(0),
            lists: stack.lists.clone(),
        })
    }

    fn fixed(&mut self, layer: &StackLayer, kind: LayerKind, groups: Option<usize>) -> Result<FixedLayer, String> {
        // Groups that the BUILD file describes by paths claim before those of a plan.
        let claims_first = match groups {
            Some(groups) => layer.claim_order < groups,
            None => layer.holds == Holds::Group || layer.claim_order == 0,
        };
        let order = i32::try_from(layer.claim_order).unwrap_or(i32::MAX / 2);
        let claim_order = if claims_first { order - i32::MAX / 2 } else { order };
        Ok(FixedLayer::new(kind, &layer.name, self.claim(layer)?, claim_order))
    }

    fn claim(&mut self, layer: &StackLayer) -> Result<FixedClaim, String> {
        let contents = self.contents;
        Ok(match &layer.claim {
            Claim::Nothing => FixedClaim::Nothing,
            Claim::Everything => FixedClaim::Everything,
            Claim::Rest => FixedClaim::Rest,
            Claim::Interpreter => FixedClaim::Items(std::iter::once(contents.interpreter).collect()),
            Claim::Packages => {
                let packages = contents.ids().filter(|(_, item)| matches!(item.kind, ItemKind::Package { .. }));
                FixedClaim::Items(packages.map(|(id, _)| id).collect())
            }
            Claim::Own(labels) => FixedClaim::Items(self.own(labels)),
            Claim::Paths(expression) => FixedClaim::Items(self.matching(expression, &layer.name)?),
            Claim::PathsAgain(expression) => FixedClaim::Again(self.matching(expression, &layer.name)?),
            Claim::Targets(_) | Claim::Unknown => return Err(layer.why.clone()),
        })
    }

    fn own(&self, labels: &[Label]) -> ItemSet {
        let mut items = ItemSet::default();
        labels.iter().for_each(|label| items.union_with(&own_items(self.graph, self.contents, label)));
        items
    }

    fn matching(&mut self, expression: &str, layer: &str) -> Result<ItemSet, String> {
        let matched = self.paths.matching(expression).map_err(|why| format!("Layer {layer} is not known: {why}"))?;
        if !matched.in_part.is_empty() {
            let names: Vec<String> = matched.in_part.iter().map(ToString::to_string).collect();
            self.notes.push(format!(
                "Only part of {} matches layer {layer}: each is counted as a whole, where its modules are",
                names.join(", ")
            ));
        }
        Ok(matched.items)
    }
}

/// Returns the name of a layer, with its target where another layer is called the same: orders tell layers apart by name.
fn unique_name(layer: &StackLayer, others: &[FixedLayer]) -> String {
    let is_taken = |name: &str| others.iter().any(|other| other.name == name);
    if !is_taken(&layer.name) {
        return layer.name.clone();
    }
    let label = layer.target.to_string();
    if is_taken(&label) { format!("{label} {}", others.len() + 1) } else { label }
}

fn kind(layer: &StackLayer, place: u16) -> LayerKind {
    match layer.holds {
        Holds::Interpreter => LayerKind::Interpreter,
        Holds::Packages => LayerKind::Packages,
        Holds::Group => LayerKind::Written(place),
        Holds::Program => LayerKind::App,
        Holds::Other | Holds::Unknown => LayerKind::Other(place),
    }
}
