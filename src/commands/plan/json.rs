//! The document `layerwright.plan/2`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::byte_count::ByteCount;
use crate::commands::json::{finding_json, range_json, saving_json};
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::reports::savings::{Layers, saving_over_all};
use crate::engine::reports::units::{UnitRow, Units, units};
use crate::graph::contents::{Item, ItemKind};
use crate::history::cost::{LayerNumbers, Totals};
use crate::layers::partition::{LayerContents, LayerKind};
use crate::layers::plan::Plan;
use crate::size::model::Size;

/// Layers are in image order, the base image first.
pub(super) fn plan_json(model: &AppModel, plan: &Plan, evaluation: &Evaluation, choices: &Choices) -> Value {
    let units = units(model, &evaluation.partition);
    let made = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers);
    let mut layers = vec![fixed_json("base", "base"), fixed_json("certificates", "certs")];
    layers.extend(made.map(|(layer, numbers)| layer_json(plan, layer, numbers, &units)));
    let findings: Vec<Value> = evaluation.findings.iter().map(finding_json).collect();
    json!({
        "schema": "layerwright.plan/2",
        "app": model.app.label,
        "binary": model.app.binary,
        "profile": choices.profile.as_str(),
        "platform": choices.platform.to_string(),
        "python": {"version": model.python.text(), "said_in": model.python.said_in},
        "compression": {"kind": model.compression.compression.as_str(), "sentence": model.compression.sentence},
        "layers": layers,
        "totals": totals_json(&evaluation.numbers.totals),
        "single_layer": totals_json(&evaluation.numbers.single_layer),
        "current": current_json(model, choices),
        "saving": model.evaluate_current(choices).map(|current| {
            let (before, after) = (Layers::Of(&current), Layers::Of(evaluation));
            saving_json(&saving_over_all(model, before, after, choices.profile))
        }),
        "commits": model.measures.commits,
        "deploys": evaluation.numbers.deploys,
        "macro": {"class": model.verdict.class.as_str(), "sentence": model.verdict.sentence},
        "findings": findings,
        "notes": model.notes,
    })
}

/// Nothing is known of the size of base image and certificates.
fn fixed_json(name: &str, kind: &str) -> Value {
    json!({
        "name": name,
        "kind": kind,
        "targets": [],
        "units": [],
        "tar_bytes": null,
        "tar_provenance": null,
        "tar_range": null,
        "compressed_bytes": null,
        "compressed_range": null,
        "provenance": null,
        "unknown": null,
        "changes": 0,
    })
}

/// Figures are null and `why` is set if the current layers are not known.
fn current_json(model: &AppModel, choices: &Choices) -> Value {
    let Some(current) = model.evaluate_current(choices) else {
        return json!({
            "known": false,
            "why": model.layouts.current.as_ref().err(),
            "layers": [],
            "totals": {
                "first_pull": null, "first_pull_range": null, "provenance": null, "unknown": null,
                "repull_per_deploy": null, "repull_range": null, "unpack_per_deploy": null,
            },
        });
    };
    let units = units(model, &current.partition);
    let layers = current.partition.layers.iter().zip(&current.numbers.layers);
    json!({
        "known": true,
        "why": null,
        "layers": layers.map(|(layer, numbers)| {
            let mut document = layer_json(&model.on_disk, layer, numbers, &units);
            if let Some(fields) = document.as_object_mut() {
                fields.insert("files".to_owned(), json!(files(model, layer)));
            }
            document
        }).collect::<Vec<_>>(),
        "totals": totals_json(&current.numbers.totals),
    })
}

/// The files of the workspace in a layer, with the empty `__init__.py` files that Bazel adds.
fn files<'a>(model: &'a AppModel, layer: &LayerContents) -> BTreeSet<&'a str> {
    let path = |item: &'a Item| match &item.kind {
        ItemKind::File { path, .. } | ItemKind::Generated { path, .. } | ItemKind::EmptyInit { path } => {
            Some(path.as_str())
        }
        ItemKind::Package { .. } | ItemKind::Launcher | ItemKind::Interpreter { .. } => None,
    };
    layer.items.iter().filter_map(|id| path(model.contents.item(id)?)).collect()
}

fn layer_json(plan: &Plan, layer: &LayerContents, numbers: &LayerNumbers, units: &Units) -> Value {
    if matches!(layer.kind, LayerKind::Other(_)) {
        return fixed_json(&layer.name, layer.kind.as_str());
    }
    let rows: Vec<Value> = units.rows_of(layer.kind).iter().map(unit_json).collect();
    let library = match layer.kind {
        LayerKind::Dependency(id) => plan.group(id).and_then(|group| group.library().cloned()),
        _ => None,
    };
    json!({
        "name": layer.name,
        "kind": layer.kind.as_str(),
        "targets": layer.targets,
        "library": library,
        "units": rows,
        "tar_bytes": numbers.size.tar_bytes,
        "tar_provenance": numbers.size.tar_provenance().as_str(),
        "tar_range": range_json(numbers.size.tar_range),
        "compressed_bytes": numbers.size.compressed_bytes,
        "compressed_range": range_json(numbers.size.compressed_range),
        "provenance": numbers.size.provenance.as_str(),
        "unknown": numbers.size.unknown.count(),
        "changes": numbers.row.count(),
    })
}

/// An unknown size is null, because zero would be a fact.
fn known_bytes(size: &Size, bytes: ByteCount) -> Option<ByteCount> {
    (!size.is_unknown()).then_some(bytes)
}

fn unit_json(unit: &UnitRow) -> Value {
    json!({
        "label": unit.label,
        "kind": unit.kind.as_str(),
        "tar_bytes": known_bytes(&unit.size, unit.size.tar_bytes),
        "compressed_bytes": known_bytes(&unit.size, unit.size.compressed_bytes),
        "unknown": unit.size.unknown.count(),
        "provenance": unit.size.provenance.as_str(),
        "changes": unit.changes,
    })
}

fn totals_json(totals: &Totals) -> Value {
    json!({
        "first_pull": totals.first_pull.bytes,
        "first_pull_range": range_json(totals.first_pull.range),
        "provenance": totals.first_pull.provenance.as_str(),
        "unknown": totals.first_pull.unknown.count(),
        "repull_per_deploy": totals.repull_per_deploy.map(|mean| mean.bytes),
        "repull_range": totals.repull_per_deploy.map(|mean| range_json(mean.range)),
        "unpack_per_deploy": totals.unpack_per_deploy.map(|mean| mean.bytes),
    })
}
