//! Assigns each item of the image to a layer: the first claim wins. A group claims the runfiles of its targets; the
//! rule set's own layers stand around the groups as its [`Layout`] says. Layers are disjoint and their union is the
//! binary's runfiles, unless a layout repeats files ([`FixedClaim::Everything`], [`FixedClaim::Again`]).

use std::collections::BTreeMap;

use crate::graph::contents::Contents;
use crate::graph::item_set::ItemSet;
use crate::graph::model::Graph;
use crate::label::Label;
use crate::layers::plan::{LayerGroup, LayerId, Placed, Plan};
use crate::layers::stack::{LayerList, ListPlace};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerKind {
    /// Not made of runfiles.
    Base,
    /// Not made of runfiles.
    Certificates,
    Interpreter,
    /// Locked packages that no group claims, if the rule set has a layer for them.
    Packages,
    /// A group that the BUILD file describes by paths, counted from the bottom.
    Written(u16),
    /// Files that are not part of the program, counted from the bottom.
    Other(u16),
    Dependency(LayerId),
    /// The binary and everything unclaimed.
    App,
}

impl LayerKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Certificates => "certs",
            Self::Interpreter => "interpreter",
            Self::Packages => "packages",
            Self::Written(_) => "group",
            Self::Other(_) => "other",
            Self::Dependency(_) => "dep",
            Self::App => "app",
        }
    }
}

/// The rule set's layers around the groups of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Lowest first.
    pub fixed: Vec<FixedLayer>,
    /// Layers that the rule set makes but the image does not have: what they claim is in no layer.
    pub left_out: Vec<FixedLayer>,
    /// Number of fixed layers below the groups.
    pub groups_at: usize,
    /// The lists that the layers come from, by [`FixedLayer::path`]; none where the rules decide the order.
    pub lists: Vec<LayerList>,
}

/// A layer that the rule set always makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedLayer {
    pub kind: LayerKind,
    /// As the image's owner knows it.
    pub name: String,
    pub claim: FixedClaim,
    /// Order of claims. Those below zero claim before the groups of the plan.
    pub claim_order: i32,
    /// Its places in lists, outermost first.
    pub path: Vec<ListPlace>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixedClaim {
    Nothing,
    /// All, whatever other layers hold.
    Everything,
    /// Everything unclaimed.
    Rest,
    /// Those of these that are unclaimed.
    Items(ItemSet),
    /// These, whatever other layers hold.
    Again(ItemSet),
}

impl Layout {
    /// Layerwright's layer rules: interpreter, groups, app.
    #[must_use]
    pub fn layer_rules(contents: &Contents) -> Self {
        let interpreter = std::iter::once(contents.interpreter).collect();
        Self {
            fixed: vec![
                FixedLayer::new(LayerKind::Interpreter, "interpreter", FixedClaim::Items(interpreter), -1),
                FixedLayer::new(LayerKind::App, "app", FixedClaim::Rest, 0),
            ],
            left_out: Vec::new(),
            groups_at: 1,
            lists: Vec::new(),
        }
    }

    /// A macro with groups and one layer for the rest, interpreter included.
    #[must_use]
    pub fn one_layer(claim: FixedClaim) -> Self {
        let fixed = vec![FixedLayer::new(LayerKind::App, "app", claim, 0)];
        Self { fixed, left_out: Vec::new(), groups_at: 0, lists: Vec::new() }
    }
}

/// A layer of a layout with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The fixed layer at this place.
    Fixed(usize),
    /// The group at this place in the plan.
    Group(usize),
}

impl Layout {
    /// Returns all layers in the order that a plan gives them, lowest first. Names that stand for no layer count for nothing;
    /// a layer that the order does not name stands above the one that it follows in the layout or the plan.
    pub(crate) fn arranged(&self, plan: &Plan) -> Vec<Slot> {
        let slot = |placed: &Placed| match placed {
            Placed::Fixed(name) => self.fixed.iter().position(|layer| layer.name == *name).map(Slot::Fixed),
            Placed::Group(id) => plan.position(*id).map(Slot::Group),
        };
        let mut slots: Vec<Slot> = Vec::with_capacity(self.fixed.len() + plan.groups.len());
        for slot in plan.order.iter().filter_map(slot) {
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        for fixed in (0..self.fixed.len()).map(Slot::Fixed) {
            insert_after(&mut slots, fixed, 0);
        }
        let lowest = slots.iter().position(|slot| matches!(slot, Slot::Group(_)));
        for group in (0..plan.groups.len()).map(Slot::Group) {
            insert_after(&mut slots, group, lowest.unwrap_or(self.groups_at));
        }
        // Groups stand in the order in which they claim.
        let mut groups = (0..plan.groups.len()).map(Slot::Group);
        let filled = slots.into_iter().filter_map(|slot| match slot {
            Slot::Fixed(_) => Some(slot),
            Slot::Group(_) => groups.next(),
        });
        filled.collect()
    }
}

/// Puts a layer that is missing above the one before it; the first one at `lowest`.
fn insert_after(slots: &mut Vec<Slot>, slot: Slot, lowest: usize) {
    if slots.contains(&slot) {
        return;
    }
    let before = match slot {
        Slot::Fixed(place) => place.checked_sub(1).map(Slot::Fixed),
        Slot::Group(place) => place.checked_sub(1).map(Slot::Group),
    };
    let below = before.and_then(|before| slots.iter().position(|known| *known == before));
    slots.insert(below.map_or(lowest, |below| below + 1).min(slots.len()), slot);
}

impl FixedLayer {
    #[must_use]
    pub fn new(kind: LayerKind, name: &str, claim: FixedClaim, claim_order: i32) -> Self {
        Self { kind, name: name.to_owned(), claim, claim_order, path: Vec::new() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerContents {
    pub kind: LayerKind,
    /// As the image's owner knows it.
    pub name: String,
    pub targets: Vec<Label>,
    pub items: ItemSet,
    /// Items that its targets need and a layer below holds.
    pub claimed_below: ItemSet,
    /// Targets outside of the binary's closure: they bring nothing.
    pub outside: Vec<Label>,
}

/// Layers with runfiles, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Interpreter (if it has a layer), groups in order, app.
    pub layers: Vec<LayerContents>,
}

#[must_use]
pub fn partition(graph: &Graph, contents: &Contents, plan: &Plan, layout: &Layout) -> Partition {
    let mut order: Vec<(Option<usize>, &FixedLayer)> =
        layout.fixed.iter().enumerate().map(|(place, layer)| (Some(place), layer)).collect();
    order.extend(layout.left_out.iter().map(|layer| (None, layer)));
    order.sort_by_key(|(_, layer)| layer.claim_order);
    let (before, after): (Vec<_>, Vec<_>) = order.into_iter().partition(|(_, layer)| layer.claim_order < 0);
    let mut claimed = ItemSet::default();
    let mut fixed: BTreeMap<usize, LayerContents> = BTreeMap::new();
    let mut claim = |layers: Vec<(Option<usize>, &FixedLayer)>, claimed: &mut ItemSet| {
        for (place, layer) in layers {
            let contents = fixed_layer(layer, contents, claimed);
            fixed.extend(place.map(|place| (place, contents)));
        }
    };
    claim(before, &mut claimed);
    let groups: Vec<LayerContents> =
        plan.groups.iter().map(|group| group_layer(graph, contents, group, &mut claimed)).collect();
    claim(after, &mut claimed);
    let mut groups = groups.into_iter();
    let layers = layout.arranged(plan).into_iter().filter_map(|slot| match slot {
        Slot::Fixed(place) => fixed.remove(&place),
        Slot::Group(_) => groups.next(),
    });
    Partition { layers: layers.collect() }
}

fn fixed_layer(layer: &FixedLayer, contents: &Contents, claimed: &mut ItemSet) -> LayerContents {
    let mut items = match &layer.claim {
        FixedClaim::Nothing => ItemSet::default(),
        FixedClaim::Everything | FixedClaim::Rest => contents.all.clone(),
        FixedClaim::Items(items) | FixedClaim::Again(items) => {
            let mut items = items.clone();
            items.intersect_with(&contents.all);
            items
        }
    };
    if matches!(layer.claim, FixedClaim::Rest | FixedClaim::Items(_)) {
        items.subtract(claimed);
    }
    claimed.union_with(&items);
    LayerContents {
        kind: layer.kind,
        name: layer.name.clone(),
        targets: Vec::new(),
        items,
        claimed_below: ItemSet::default(),
        outside: Vec::new(),
    }
}

/// The closures of a group's targets, less what was claimed before.
fn group_layer(graph: &Graph, contents: &Contents, group: &LayerGroup, claimed: &mut ItemSet) -> LayerContents {
    let mut wanted = ItemSet::default();
    let mut outside = Vec::new();
    for target in &group.targets {
        match graph.find(target).and_then(|node| contents.closure(node)) {
            Some(closure) => wanted.union_with(closure),
            None => outside.push(target.clone()),
        }
    }
    wanted.intersect_with(&contents.all);
    let mut items = wanted.clone();
    items.subtract(claimed);
    let mut claimed_below = wanted;
    claimed_below.intersect_with(claimed);
    claimed.union_with(&items);
    LayerContents {
        kind: LayerKind::Dependency(group.id),
        name: group.name.clone(),
        targets: group.targets.clone(),
        items,
        claimed_below,
        outside,
    }
}

impl Partition {
    #[must_use]
    pub fn layer_of(&self, item: crate::graph::item_set::ItemId) -> Option<&LayerContents> {
        self.layers.iter().find(|layer| layer.items.contains(item))
    }
}
