//! Compares a suggestion with the current layers, and gives hints.

use std::ops::Range;

use crate::advice::objective::Bytes;
use crate::advice::suggest::Suggestion;
use crate::advice::verdict::{PartFigures, Verdict, verdict};
use crate::engine::app_model::AppModel;
use crate::history::cost::{LayerNumbers, PullProfile, layer_costs};
use crate::history::model::ChangeRow;
use crate::layers::findings::LAYER_LIMIT;
use crate::layers::partition::{Layout, partition};
use crate::layers::plan::Plan;

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
    for (part, range) in [
        (&mut suggestion.older, 0..deploys / 2),
        (&mut suggestion.newer, deploys / 2..deploys),
        (&mut suggestion.whole, 0..deploys),
    ] {
        part.present = bytes(model, &model.on_disk, current, profile, &range);
        if model.divides() || plan.groups.is_empty() {
            part.suggested = bytes(model, plan, planned, profile, &range);
        }
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
    let each = bytes(model, per_package, &model.layouts.planned, profile, &newer).repull;
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

/// Bytes of all deploys in `range` with these layers.
fn bytes(model: &AppModel, plan: &Plan, layout: &Layout, profile: PullProfile, range: &Range<usize>) -> Bytes {
    let partition = partition(&model.graph, &model.contents, plan, layout);
    let row = |row: &ChangeRow| {
        let mut inside = ChangeRow::default();
        row.ones().filter(|deploy| range.contains(deploy)).for_each(|deploy| inside.set(deploy));
        inside
    };
    let layers: Vec<LayerNumbers> = partition
        .layers
        .iter()
        .filter(|layer| !layer.items.is_empty())
        .map(|layer| LayerNumbers {
            size: model.measures.sizes.layer(&layer.items),
            row: row(&model.measures.row(&layer.items)),
        })
        .collect();
    let costs = layer_costs(&layers, profile);
    Bytes {
        first_pull: layers.iter().map(|layer| u128::from(layer.size.compressed_bytes.0)).sum(),
        repull: costs.iter().map(|cost| u128::from(cost.fetched.0)).sum(),
        unpack: costs.iter().map(|cost| u128::from(cost.unpacked.0)).sum(),
    }
}
