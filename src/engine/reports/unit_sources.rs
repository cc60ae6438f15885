//! The unit that an item counts for, and the target that brings it into a layer. Input of
//! [`units`](crate::engine::reports::units).

use crate::graph::item_set::ItemId;
use crate::layers::partition::LayerContents;

use std::collections::{BTreeSet, HashSet};

use crate::engine::app_model::AppModel;
use crate::graph::contents::ItemKind;
use crate::graph::item_set::ItemSet;
use crate::graph::model::{NodeId, NodeKind};
use crate::label::Label;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UnitId {
    Target(NodeId),
    /// A package, the interpreter, or a file that no target lists.
    Item(ItemId),
}

impl UnitId {
    pub(crate) fn describe(self, model: &AppModel) -> Option<(Label, UnitKind)> {
        match self {
            Self::Target(node) => {
                let node = model.graph.node(node)?;
                Some((node.label.clone(), UnitKind::Target { class: node.kind.as_str().to_owned() }))
            }
            Self::Item(item) => {
                let item = model.contents.item(item)?;
                let kind = match &item.kind {
                    ItemKind::Package { version, .. } => UnitKind::Package { version: version.clone() },
                    ItemKind::Interpreter { .. } => UnitKind::Interpreter,
                    ItemKind::File { .. }
                    | ItemKind::Generated { .. }
                    | ItemKind::EmptyInit { .. }
                    | ItemKind::Launcher => UnitKind::File,
                };
                Some((item.label.clone(), kind))
            }
        }
    }
}

/// The targets that list each file.
pub(crate) struct Owners {
    /// By item, then by the targets' labels.
    listed: Vec<(ItemId, NodeId)>,
}

impl Owners {
    pub(crate) fn new(model: &AppModel) -> Self {
        let is_file = |id: NodeId| {
            model.graph.node(id).is_some_and(|node| matches!(node.kind, NodeKind::Source | NodeKind::Generated))
        };
        let rules = model.graph.nodes_by_label().filter(|(_, node)| matches!(node.kind, NodeKind::Rule(_)));
        let rules: Vec<NodeId> = rules.map(|(id, _)| id).collect();
        let made = rules.iter().filter(|id| **id != model.graph.root());
        let made = made.filter_map(|&id| Some((model.contents.own_item(id)?, id)));
        let mut listed: Vec<(ItemId, NodeId)> = rules
            .iter()
            .flat_map(|&id| model.graph.runtime_edges(id).map(move |child| (child, id)))
            .filter(|&(child, _)| is_file(child))
            .flat_map(|(child, id)| model.contents.items_of(child).map(move |item| (item, id)))
            .chain(made)
            .collect();
        // Stable: the targets of an item stay sorted by label.
        listed.sort_by_key(|&(item, _)| item);
        listed.dedup();
        Self { listed }
    }

    /// A target that the layer names, else the first that lists the item; the binary only if no other target does.
    pub(crate) fn unit(&self, model: &AppModel, brings: &Dependents<'_>, item: ItemId) -> Option<UnitId> {
        let root = model.graph.root();
        match &model.contents.item(item)?.kind {
            ItemKind::Package { .. } | ItemKind::Interpreter { .. } => return Some(UnitId::Item(item)),
            ItemKind::Launcher => return Some(UnitId::Target(root)),
            ItemKind::File { .. } | ItemKind::Generated { .. } | ItemKind::EmptyInit { .. } => {}
        }
        let start = self.listed.partition_point(|&(other, _)| other < item);
        let owners = || {
            let from = self.listed.get(start..).unwrap_or_default().iter();
            from.take_while(|&&(other, _)| other == item).map(|&(_, owner)| owner)
        };
        let named = owners().find(|owner| brings.nodes.contains(owner));
        let owner = named.or_else(|| owners().find(|&owner| owner != root)).or_else(|| owners().next());
        Some(owner.map_or(UnitId::Item(item), UnitId::Target))
    }
}

/// The targets of one layer that bring each item.
pub(crate) struct Dependents<'a> {
    targets: &'a [Label],
    names: HashSet<&'a Label>,
    /// The targets that are in the graph.
    nodes: BTreeSet<NodeId>,
    /// For each item, the first target whose runfiles hold it.
    first: Vec<Option<u32>>,
}

impl<'a> Dependents<'a> {
    pub(crate) fn new(model: &AppModel, layer: &'a LayerContents) -> Self {
        let mut first = vec![None; model.contents.items.len()];
        let mut nodes = BTreeSet::new();
        let mut seen = ItemSet::default();
        for (position, target) in (0_u32..).zip(&layer.targets) {
            let Some(node) = model.graph.find(target) else { continue };
            nodes.insert(node);
            let Some(closure) = model.contents.closure(node) else { continue };
            let mut new = closure.clone();
            new.subtract(&seen);
            for item in new.iter() {
                if let Some(slot) = first.get_mut(item.index()) {
                    *slot = Some(position);
                }
            }
            seen.union_with(&new);
        }
        Self { targets: &layer.targets, names: layer.targets.iter().collect(), nodes, first }
    }

    pub(crate) fn names(&self, unit: &Label) -> bool {
        self.names.contains(unit)
    }

    /// The first target of the layer that needs any of `items`.
    pub(crate) fn first(&self, items: &[ItemId]) -> Option<&'a Label> {
        let position = items.iter().filter_map(|item| self.first.get(item.index()).copied().flatten()).min()?;
        self.targets.get(usize::try_from(position).ok()?)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// A first-party target with files of its own.
    Target {
        /// For example `py_library`.
        class: String,
    },
    /// A file that no target lists.
    File,
    Package {
        version: String,
    },
    Interpreter,
}

impl UnitKind {
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Target { class } => class,
            Self::File => "source",
            Self::Package { .. } => "package",
            Self::Interpreter => "interpreter",
        }
    }
}
