//! Compares a suggestion with the current layers, and gives hints.

use std::ops::Range;

use crate::advice::objective::Bytes;
use crate::advice::suggest::Suggestion;
use crate::advice::verdict::{PartFigures, Verdict, verdict};
use crate::engine::app_model::AppModel;
use crate::history::cost::{LayerNumbers, PullProfile, layer_costs};
use crate::history::model::ChangeRow;
use crate::history::saving::{Fetches, saving};
use crate::layers::findings::LAYER_LIMIT;
use crate::layers::partition::{Layout, Partition, partition};
use crate::layers::plan::Plan;
use crate::size::model::Size;

/// Least saving, in percent, of one layer per package before it is mentioned.
const WORTH_A_HINT: u128 = 5;

/// Recomputes figures and verdict against the current layers. If these are not known, the verdict says so.
#[must_use]
pub(crate) fn against_current(model: &AppModel, mut suggestion: Suggestion, plan: &Plan) -> Suggestion {
    let Ok(current) = &model.layouts.current else {
        suggestion.verdict = Verdict::CurrentNotKnown;
        return suggestion;
    };
    let deploys = model.measures.deploys.deploys.len();
    let profile = suggestion.options.objective.profile;
    let planned = if plan.groups.is_empty() { current } else { &model.layouts.planned };
    let (present, suggested) = (Laid::out(model, &model.on_disk, current), Laid::out(model, plan, planned));
    for (part, range) in [
        (&mut suggestion.older, 0..deploys / 2),
        (&mut suggestion.newer, deploys / 2..deploys),
        (&mut suggestion.whole, 0..deploys),
    ] {
        part.present = present.bytes(profile, &range);
        if model.divides() || plan.groups.is_empty() {
            part.suggested = suggested.bytes(profile, &range);
        }
        let fetches = |of: &Laid| Fetches::of_layers(&of.partition, &of.layers, &model.measures, profile, &range);
        part.saving = Some(saving(&fetches(&present), &fetches(&suggested), &model.measures, Size::stored));
    }
    // The search does not know a layer for ungrouped packages; where the rule set has one, fewer groups never pull more
    // than the current layers.
    if model.divides() {
        for point in &mut suggestion.curve {
            let least = |found: Bytes, current: Bytes| {
                if point.groups == 0 || current.repull < found.repull { current } else { found }
            };
            point.older = least(point.older, suggestion.older.present);
            point.newer = least(point.newer, suggestion.newer.present);
        }
    }
    let is_same = suggestion.verdict == Verdict::Same;
    let (newer, whole): (&PartFigures, &PartFigures) = (&suggestion.newer, &suggestion.whole);
    suggestion.verdict = verdict(suggestion.options.objective, newer, whole, is_same, suggestion.threshold_permille);
    suggestion
}

#[must_use]
pub(crate) fn hints(model: &AppModel, suggestion: &Suggestion, per_package: &Plan) -> Vec<String> {
    let profile = suggestion.options.objective.profile;
    let deploys = model.measures.deploys.deploys.len();
    let newer = deploys / 2..deploys;
    if profile == PullProfile::Chain || newer.is_empty() || per_package.groups.is_empty() {
        return Vec::new();
    }
    let each = Laid::out(model, per_package, &model.layouts.planned).bytes(profile, &newer).repull;
    let suggested = suggestion.newer.suggested.repull;
    if each.saturating_mul(100) > suggested.saturating_mul(100 - WORTH_A_HINT) {
        return Vec::new();
    }
    let count = per_package.groups.len();
    let mean = |bytes: u128| {
        let mean = bytes / (newer.len() as u128).max(1);
        crate::byte_count::ByteCount(u64::try_from(mean).unwrap_or(u64::MAX))
    };
    let limit = if count > LAYER_LIMIT {
        format!(", more than the {LAYER_LIMIT} that fit into an image: give the heavy packages a layer each")
    } else {
        String::new()
    };
    vec![format!(
        "One layer per package would pull {} per deploy instead of {} ({count} layers{limit})",
        mean(each),
        mean(suggested)
    )]
}

/// The layers of a plan with their figures.
struct Laid {
    partition: Partition,
    layers: Vec<LayerNumbers>,
}

impl Laid {
    fn out(model: &AppModel, plan: &Plan, layout: &Layout) -> Self {
        let partition = partition(&model.graph, &model.contents, plan, layout);
        let numbers = |items| LayerNumbers { size: model.measures.sizes.layer(items), row: model.measures.row(items) };
        Self { layers: partition.layers.iter().map(|layer| numbers(&layer.items)).collect(), partition }
    }

    /// Returns the bytes of the deploys in `range`, all together.
    fn bytes(&self, profile: PullProfile, range: &Range<usize>) -> Bytes {
        let in_range = |layer: &LayerNumbers| {
            let mut row = ChangeRow::default();
            layer.row.ones().filter(|deploy| range.contains(deploy)).for_each(|deploy| row.set(deploy));
            LayerNumbers { size: layer.size, row }
        };
        let holds_any = self.partition.layers.iter().map(|layer| !layer.items.is_empty());
        let layers = self.layers.iter().zip(holds_any).filter(|(_, holds_any)| *holds_any);
        let layers: Vec<LayerNumbers> = layers.map(|(layer, _)| in_range(layer)).collect();
        let costs = layer_costs(&layers, profile);
        Bytes {
            first_pull: layers.iter().map(|layer| u128::from(layer.size.compressed_bytes.0)).sum(),
            repull: costs.iter().map(|cost| u128::from(cost.fetched.0)).sum(),
            unpack: costs.iter().map(|cost| u128::from(cost.unpacked.0)).sum(),
        }
    }
}
