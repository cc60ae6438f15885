//! The units of an image as rows: layer, size, and reason. A file of several targets counts for one of them. Made once
//! per partition, never per frame.
//! window, never per frame.

use crate::engine::reports::unit_sources::UnitKind;
use std::ops::Range;
use std::sync::Arc;

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::reports::unit_sources::{Dependents, Owners};
use crate::graph::item_set::ItemId;
use crate::label::Label;
use crate::layers::partition::{LayerContents, LayerKind, Partition};
use crate::size::model::{Provenance, Size};
use crate::size::range::RangeOfSum;

/// A unit, or the part of it in one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    pub label: Label,
    pub kind: UnitKind,
    pub layer: LayerKind,
    /// Number of its items there.
    pub items: usize,
    /// Without the directories around its items.
    pub size: Size,
    /// Commits of the window that change it.
    pub changes: u64,
    /// The target of the group that brings it; `None` if the group names it, and in fixed layers.
    pub through: Option<Label>,
}

/// A unit that a layer needs but a layer below holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedBelow {
    pub label: Label,
    /// The target of this layer that needs it.
    pub needed_by: Label,
    pub holder: LayerKind,
    /// The target of that layer that brings it; `None` in a fixed layer.
    pub through: Option<Label>,
    /// Its size there.
    pub size: Size,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerUnits {
    pub kind: LayerKind,
    /// Its part of [`Units::rows`], largest first.
    pub rows: Range<usize>,
    /// Largest first.
    pub claimed_below: Vec<ClaimedBelow>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// By layer, lowest first.
    pub rows: Vec<UnitRow>,
    pub layers: Vec<LayerUnits>,
}

impl Units {
    #[must_use]
    pub fn layer(&self, kind: LayerKind) -> Option<&LayerUnits> {
        self.layers.iter().find(|layer| layer.kind == kind)
    }

    /// Largest first.
    #[must_use]
    pub fn rows_of(&self, kind: LayerKind) -> &[UnitRow] {
        self.layer(kind).and_then(|layer| self.rows.get(layer.rows.clone())).unwrap_or_default()
    }
}

#[must_use]
pub fn units(model: &AppModel, partition: &Partition) -> Units {
    let owners = Owners::new(model);
    let dependents: Vec<Dependents<'_>> = partition.layers.iter().map(|layer| Dependents::new(model, layer)).collect();
    let holders = holders(model, partition);
    let mut units = Units::default();
    for (layer, brings) in partition.layers.iter().zip(&dependents) {
        let start = units.rows.len();
        units.rows.extend(rows_of_layer(model, &owners, layer, brings));
        let claimed_below = claimed_below(model, &owners, partition, &dependents, &holders, layer, brings);
        units.layers.push(LayerUnits { kind: layer.kind, rows: start..units.rows.len(), claimed_below });
    }
    units
}

fn rows_of_layer(model: &AppModel, owners: &Owners, layer: &LayerContents, brings: &Dependents<'_>) -> Vec<UnitRow> {
    let parts = layer.items.iter().filter_map(|item| Some((owners.unit(model, brings, item)?, item)));
    let rows = grouped(parts.collect()).into_iter().filter_map(|(unit, items)| {
        let (label, kind) = unit.describe(model)?;
        // Nothing else needs to bring what the layer names.
        let through = if brings.names(&label) { None } else { brings.first(&items).cloned() };
        Some(UnitRow {
            through,
            layer: layer.kind,
            items: items.len(),
            size: size(model, &items),
            changes: model.measures.row_of(items).count(),
            label,
            kind,
        })
    });
    let mut rows: Vec<UnitRow> = rows.collect();
    rows.sort_by(|left, right| {
        right.size.compressed_bytes.cmp(&left.size.compressed_bytes).then_with(|| left.label.cmp(&right.label))
    });
    rows
}

/// The items of each key, sorted.
fn grouped<K: Copy + Ord>(mut parts: Vec<(K, ItemId)>) -> Vec<(K, Vec<ItemId>)> {
    parts.sort_unstable();
    let of_one_key = parts.chunk_by(|left, right| left.0 == right.0);
    of_one_key.filter_map(|part| Some((part.first()?.0, part.iter().map(|&(_, item)| item).collect()))).collect()
}

/// Sum of the items' own sizes, with the worst provenance.
fn size(model: &AppModel, items: &[ItemId]) -> Size {
    let mut sum = Size::exactly(ByteCount::ZERO, ByteCount::ZERO, Provenance::Measured);
    let (mut tar_range, mut compressed_range) = (RangeOfSum::default(), RangeOfSum::default());
    for size in items.iter().filter_map(|&item| model.measures.sizes.item(item)) {
        tar_range.add(size.tar_bytes, size.tar_range);
        compressed_range.add(size.compressed_bytes, size.compressed_range);
        sum.tar_bytes += size.tar_bytes;
        sum.compressed_bytes += size.compressed_bytes;
        sum.unknown = sum.unknown + size.unknown;
        sum.provenance = match (sum.provenance, size.provenance) {
            // Items of unknown size are counted separately.
            (known, Provenance::Unknown) => known,
            (known, of_item) => known.max(of_item),
        };
    }
    Size {
        tar_range: tar_range.around(sum.tar_bytes),
        compressed_range: compressed_range.around(sum.compressed_bytes),
        provenance: if sum.unknown.count() as usize == items.len() { Provenance::Unknown } else { sum.provenance },
        ..sum
    }
}

/// For each item, the position of its layer.
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

/// `dependents` are those of all layers, `brings` those of `layer`.
fn claimed_below(
    model: &AppModel,
    owners: &Owners,
    partition: &Partition,
    dependents: &[Dependents<'_>],
    holders: &[Option<usize>],
    layer: &LayerContents,
    brings: &Dependents<'_>,
) -> Vec<ClaimedBelow> {
    let parts = layer.claimed_below.iter().filter_map(|item| {
        let position = holders.get(item.index()).copied().flatten()?;
        Some(((position, owners.unit(model, dependents.get(position)?, item)?), item))
    });
    let rows = grouped(parts.collect()).into_iter().filter_map(|((position, unit), items)| {
        Some(ClaimedBelow {
            label: unit.describe(model)?.0,
            needed_by: brings.first(&items)?.clone(),
            holder: partition.layers.get(position)?.kind,
            through: dependents.get(position)?.first(&items).cloned(),
            size: size(model, &items),
        })
    });
    let mut rows: Vec<ClaimedBelow> = rows.collect();
    rows.sort_by(|left, right| {
        right.size.compressed_bytes.cmp(&left.size.compressed_bytes).then_with(|| left.label.cmp(&right.label))
    });
    rows
}

/// Keeps the last units.
#[derive(Clone, Debug, Default)]
pub struct UnitCache {
    latest: Option<(Arc<AppModel>, Arc<Partition>, Arc<Units>)>,
}

impl UnitCache {
    /// Computes the units only if model or partition changed.
    pub fn get(&mut self, model: &Arc<AppModel>, partition: &Arc<Partition>) -> Arc<Units> {
        match &self.latest {
            // Comparing addresses first avoids comparing contents.
            Some((latest_model, latest, units)) if Arc::ptr_eq(latest_model, model) && latest == partition => {
                Arc::clone(units)
            }
            _ => {
                let units = Arc::new(units(model, partition));
                self.latest = Some((Arc::clone(model), Arc::clone(partition), Arc::clone(&units)));
                units
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

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
        let design = fixture::planned();
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
        let design = fixture::planned();
        let units = units(&design.model, &design.evaluation.partition);
        let [pip, internal] = fixture::layers(&design.plan);
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
        let mut design = fixture::planned();
        // With the groups the other way round, the libraries take fastapi's dependency along.
        design.plan.groups.reverse();
        for group in &mut design.plan.groups {
            if group.name == "pip_deps" {
                group.targets.push(fixture::label("@pypi//:requests"));
            }
        }
        let evaluation = design.model.evaluate(&design.plan, &Default::default());
        let units = units(&design.model, &evaluation.partition);
        let [pip, internal] = fixture::layers(&design.plan);
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
        let design = fixture::planned();
        let mut cache = UnitCache::default();
        let first = cache.get(&design.model, &design.evaluation.partition);
        assert!(Arc::ptr_eq(&first, &cache.get(&design.model, &design.evaluation.partition)));
        let empty = design.model.evaluate(&Default::default(), &Default::default());
        assert_ne!(first, cache.get(&design.model, &empty.partition));
    }
}
