//! The units of an image as rows: which target or package lands in which layer, how large it is, and why it is there.
//!
//! A file that several targets list is counted once, for one of them. Pure; made once per partition and kept by the
//! window, never per frame.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::app::app_model::AppModel;
use crate::byte_count::ByteCount;
use crate::graph::contents::ItemKind;
use crate::graph::item_set::{ItemId, ItemSet};
use crate::graph::model::{NodeId, NodeKind};
use crate::label::Label;
use crate::layers::partition::{LayerContents, LayerKind, Partition};
use crate::size::item_sizes::{Provenance, Size};

/// What a unit is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// A first-party target with files of its own.
    Target {
        /// The rule's class, such as `py_library`.
        class: String,
    },
    /// A file that no target lists.
    File,
    /// A locked package.
    Package {
        /// Its version.
        version: String,
    },
    /// The Python interpreter.
    Interpreter,
}

impl UnitKind {
    /// The word in JSON.
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

/// One unit, or the part of it that lands in one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// The target or package.
    pub label: Label,
    /// What it is.
    pub kind: UnitKind,
    /// The layer that holds it.
    pub layer: LayerKind,
    /// How many items it has there.
    pub items: usize,
    /// Bytes of these items, without the directories around them.
    pub size: Size,
    /// Commits of the window that change it.
    pub changes: u64,
    /// The target of the group that brings it; `None` where the group names it, and in fixed layers.
    pub through: Option<Label>,
}

/// A unit that a layer needs and does not hold, because a layer below does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedBelow {
    /// The target or package.
    pub label: Label,
    /// The target of this layer that needs it.
    pub needed_by: Label,
    /// The layer that holds it.
    pub holder: LayerKind,
    /// The target of that layer that brings it; `None` where the layer is fixed.
    pub through: Option<Label>,
    /// Its bytes there.
    pub compressed_bytes: ByteCount,
}

/// The units of one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerUnits {
    /// Which layer.
    pub kind: LayerKind,
    /// Its rows in [`Units::rows`], largest first.
    pub rows: Range<usize>,
    /// What it needs of the layers below, largest first.
    pub claimed_below: Vec<ClaimedBelow>,
}

/// All units of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Layer after layer, lowest first.
    pub rows: Vec<UnitRow>,
    /// Per layer of the partition, in its order.
    pub layers: Vec<LayerUnits>,
}

impl Units {
    /// The units of one layer.
    #[must_use]
    pub fn layer(&self, kind: LayerKind) -> Option<&LayerUnits> {
        self.layers.iter().find(|layer| layer.kind == kind)
    }

    /// The rows of one layer, largest first.
    #[must_use]
    pub fn rows_of(&self, kind: LayerKind) -> &[UnitRow] {
        self.layer(kind).and_then(|layer| self.rows.get(layer.rows.clone())).unwrap_or_default()
    }
}

/// Computes the units of `partition`.
#[must_use]
pub fn units(model: &AppModel, partition: &Partition) -> Units {
    let owners = Owners::new(model);
    let holders = holders(model, partition);
    let mut units = Units::default();
    for layer in &partition.layers {
        let start = units.rows.len();
        units.rows.extend(rows_of_layer(model, &owners, layer));
        let claimed_below = claimed_below(model, &owners, partition, &holders, layer);
        units.layers.push(LayerUnits { kind: layer.kind, rows: start..units.rows.len(), claimed_below });
    }
    units
}

/// Which targets list which file.
struct Owners {
    by_item: BTreeMap<ItemId, Vec<NodeId>>,
}

impl Owners {
    fn new(model: &AppModel) -> Self {
        let mut by_item: BTreeMap<ItemId, Vec<NodeId>> = BTreeMap::new();
        for (id, node) in model.graph.nodes_by_label() {
            if !matches!(node.kind, NodeKind::Rule(_)) {
                continue;
            }
            for child in model.graph.runtime_edges(id) {
                let is_file = model
                    .graph
                    .node(child)
                    .is_some_and(|node| matches!(node.kind, NodeKind::Source | NodeKind::Generated));
                if let (true, Some(item)) = (is_file, model.contents.own_item(child)) {
                    by_item.entry(item).or_default().push(id);
                }
            }
        }
        Self { by_item }
    }

    /// The unit that an item counts for in a layer: a target that the layer names, else the first that lists it, and
    /// the binary only where no other target lists it.
    fn unit(&self, model: &AppModel, layer: &LayerContents, item: ItemId) -> Option<(Label, UnitKind)> {
        let found = model.contents.item(item)?;
        match &found.kind {
            ItemKind::Package { version, .. } => {
                return Some((found.label.clone(), UnitKind::Package { version: version.clone() }));
            }
            ItemKind::Interpreter { .. } => return Some((found.label.clone(), UnitKind::Interpreter)),
            ItemKind::Launcher => {
                let root = model.graph.node(model.graph.root())?;
                return Some((root.label.clone(), UnitKind::Target { class: root.kind.as_str().to_owned() }));
            }
            ItemKind::File { .. } | ItemKind::Generated { .. } => {}
        }
        let owners = self.by_item.get(&item).map(Vec::as_slice).unwrap_or_default();
        let label = |id: &NodeId| model.graph.node(*id).map(|node| &node.label);
        let named = owners.iter().find(|id| label(id).is_some_and(|label| layer.targets.contains(label)));
        let root = model.graph.root();
        let owner = named.or_else(|| owners.iter().find(|id| **id != root)).or_else(|| owners.first());
        match owner.and_then(|id| model.graph.node(*id)) {
            Some(node) => Some((node.label.clone(), UnitKind::Target { class: node.kind.as_str().to_owned() })),
            None => Some((found.label.clone(), UnitKind::File)),
        }
    }
}

fn rows_of_layer(model: &AppModel, owners: &Owners, layer: &LayerContents) -> Vec<UnitRow> {
    let mut found: BTreeMap<Label, (UnitKind, ItemSet)> = BTreeMap::new();
    for item in layer.items.iter() {
        if let Some((label, kind)) = owners.unit(model, layer, item) {
            found.entry(label).or_insert_with(|| (kind, ItemSet::default())).1.insert(item);
        }
    }
    let rows = found.into_iter().map(|(label, (kind, items))| UnitRow {
        through: through(model, layer, &label, &items),
        layer: layer.kind,
        items: items.len(),
        size: size(model, &items),
        changes: model.measures.row(&items).count(),
        label,
        kind,
    });
    let mut rows: Vec<UnitRow> = rows.collect();
    rows.sort_by(|left, right| {
        right.size.compressed_bytes.cmp(&left.size.compressed_bytes).then_with(|| left.label.cmp(&right.label))
    });
    rows
}

/// The sum of the items' own sizes; known as well as the item that is known worst.
fn size(model: &AppModel, items: &ItemSet) -> Size {
    let none = Size { tar_bytes: ByteCount::ZERO, compressed_bytes: ByteCount::ZERO, provenance: Provenance::Measured };
    items.iter().filter_map(|item| model.measures.sizes.item(item)).fold(none, |sum, size| Size {
        tar_bytes: sum.tar_bytes + size.tar_bytes,
        compressed_bytes: sum.compressed_bytes + size.compressed_bytes,
        provenance: sum.provenance.max(size.provenance),
    })
}

/// The target of the layer that brings `items`, unless the layer names their unit itself.
fn through(model: &AppModel, layer: &LayerContents, unit: &Label, items: &ItemSet) -> Option<Label> {
    if layer.targets.contains(unit) {
        return None;
    }
    let brings = |target: &&Label| closure(model, target).is_some_and(|closure| closure.intersects(items));
    layer.targets.iter().find(brings).cloned()
}

fn closure<'a>(model: &'a AppModel, target: &Label) -> Option<&'a ItemSet> {
    model.graph.find(target).and_then(|node| model.contents.closure(node))
}

/// Per item the position of the layer that holds it.
fn holders(model: &AppModel, partition: &Partition) -> Vec<Option<usize>> {
    let mut holders = vec![None; model.contents.items.len()];
    for (position, layer) in partition.layers.iter().enumerate() {
        for item in layer.items.iter() {
            if let Some(slot) = holders.get_mut(item.index()) {
                *slot = Some(position);
            }
        }
    }
    holders
}

fn claimed_below(
    model: &AppModel,
    owners: &Owners,
    partition: &Partition,
    holders: &[Option<usize>],
    layer: &LayerContents,
) -> Vec<ClaimedBelow> {
    let mut found: BTreeMap<(usize, Label), ItemSet> = BTreeMap::new();
    for item in layer.claimed_below.iter() {
        let Some(position) = holders.get(item.index()).copied().flatten() else { continue };
        let Some(holder) = partition.layers.get(position) else { continue };
        if let Some((label, _)) = owners.unit(model, holder, item) {
            found.entry((position, label)).or_default().insert(item);
        }
    }
    let mut rows = Vec::with_capacity(found.len());
    for ((position, label), items) in found {
        let Some(holder) = partition.layers.get(position) else { continue };
        let needs = |target: &&Label| closure(model, target).is_some_and(|closure| closure.intersects(&items));
        let Some(needed_by) = layer.targets.iter().find(needs) else { continue };
        rows.push(ClaimedBelow {
            through: holder.targets.iter().find(needs).cloned(),
            needed_by: needed_by.clone(),
            holder: holder.kind,
            compressed_bytes: size(model, &items).compressed_bytes,
            label,
        });
    }
    rows.sort_by(|left, right| {
        right.compressed_bytes.cmp(&left.compressed_bytes).then_with(|| left.label.cmp(&right.label))
    });
    rows
}

/// The units of the partition that was looked at last.
#[derive(Clone, Debug, Default)]
pub struct UnitCache {
    latest: Option<(Arc<AppModel>, Partition, Arc<Units>)>,
}

impl UnitCache {
    /// The units of `partition`, computed only where model or partition are others than last time.
    pub fn get(&mut self, model: &Arc<AppModel>, partition: &Partition) -> Arc<Units> {
        match &self.latest {
            Some((latest_model, latest, units)) if Arc::ptr_eq(latest_model, model) && latest == partition => {
                Arc::clone(units)
            }
            _ => {
                let units = Arc::new(units(model, partition));
                self.latest = Some((Arc::clone(model), partition.clone(), Arc::clone(&units)));
                units
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture;

    fn print(units: &Units, kind: LayerKind) -> Vec<String> {
        let rows = units.rows_of(kind).iter();
        rows.map(|row| match &row.through {
            Some(through) => format!("{} through {through}", row.label),
            None => row.label.to_string(),
        })
        .collect()
    }

    #[test]
    fn every_item_is_in_one_row_and_the_largest_comes_first() {
        let design = fixture::design();
        let units = units(&design.model, &design.evaluation.partition);
        let items: usize = units.rows.iter().map(|row| row.items).sum();
        assert_eq!(items, design.model.contents.all.len());
        for layer in &units.layers {
            let rows = units.rows_of(layer.kind);
            assert!(rows.is_sorted_by(|left, right| left.size.compressed_bytes >= right.size.compressed_bytes));
        }
    }

    #[test]
    fn a_row_says_what_brings_it() {
        let design = fixture::design();
        let units = units(&design.model, &design.evaluation.partition);
        let [pip, internal] = fixture::layers(&design);
        assert_eq!(
            print(&units, pip),
            ["@pypi//:numpy", "@pypi//:pydantic through @pypi//:fastapi", "@pypi//:fastapi"]
        );
        assert_eq!(
            print(&units, internal),
            [
                "@pypi//:requests through //libs/http:http",
                "@pypi//:urllib3 through //libs/http:http",
                "//libs/core:core through //libs/http:http",
                "//libs/http:http"
            ]
        );
        assert_eq!(print(&units, LayerKind::App), ["//app:app_bin"]);
    }

    #[test]
    fn what_a_layer_below_holds_is_listed_with_the_reason() {
        let mut design = fixture::design();
        // With the groups the other way round, the libraries take fastapi's dependency along.
        design.plan.push({
            let mut plan = design.plan.present().clone();
            plan.groups.reverse();
            for group in &mut plan.groups {
                if group.name == "pip_deps" {
                    group.targets.push(fixture::label("@pypi//:requests"));
                }
            }
            plan
        });
        let evaluation = design.model.evaluate(design.plan.present(), &Default::default());
        let units = units(&design.model, &evaluation.partition);
        let [pip, internal] = fixture::layers(&design);
        let claimed = &units.layer(pip).unwrap().claimed_below;
        assert_eq!(
            claimed.iter().map(|row| row.label.to_string()).collect::<Vec<_>>(),
            ["@pypi//:requests", "@pypi//:urllib3"]
        );
        assert_eq!(claimed[1].holder, internal);
        assert_eq!(claimed[1].needed_by, fixture::label("@pypi//:requests"));
        assert_eq!(claimed[1].through, Some(fixture::label("//libs/http:http")));
        assert!(units.layer(internal).unwrap().claimed_below.is_empty());
    }

    #[test]
    fn the_cache_follows_the_partition() {
        let design = fixture::design();
        let mut cache = UnitCache::default();
        let first = cache.get(&design.model, &design.evaluation.partition);
        assert!(Arc::ptr_eq(&first, &cache.get(&design.model, &design.evaluation.partition)));
        let empty = design.model.evaluate(&Default::default(), &Default::default());
        assert_ne!(first, cache.get(&design.model, &empty.partition));
    }
}
