//! The plan as text.

use crate::commands::columns::name_column;
use crate::commands::output::Lines;
use crate::counted::counted;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::reports::figures::{range_words, stored_words, tar_words, unknown_words};
use crate::layers::partition::LayerKind;
use crate::rule_sets::dep_layers::macro_class::MacroClass;

/// Layers are topmost first.
#[must_use]
pub(crate) fn plan_text(model: &AppModel, evaluation: &Evaluation, choices: &Choices) -> String {
    let numbers = &evaluation.numbers;
    let mut lines = Lines::default();
    lines.add(format_args!("{}  ({}, {})", model.app.label, choices.platform, choices.profile.runtime()));
    lines.add(format_args!("{}", model.compression.sentence));
    lines.add(format_args!("{}", model.python.sentence()));
    let width = name_column(evaluation.partition.layers.iter().map(|layer| layer.name.as_str()));
    lines.add(format_args!("{:<width$} {:>10} {:>10}  {:<10} {:>16}", "layer", "stored", "tar", "source", "changes"));
    for (layer, figures) in evaluation.partition.layers.iter().zip(&numbers.layers).rev() {
        if matches!(layer.kind, LayerKind::Other(_)) {
            lines.add(format_args!("{:<width$} {:>10}", layer.name, "not known"));
            continue;
        }
        let changes = format!("{} of {}", figures.row.count(), numbers.deploys);
        let size = &figures.size;
        lines.add(format_args!(
            "{:<width$} {:>10} {:>10}  {:<10} {:>16}",
            layer.name,
            stored_words(size),
            tar_words(size),
            size.provenance.as_str(),
            changes
        ));
    }
    lines.add(format_args!("{:<width$} {:>10}", "certificates, base", "fixed"));
    for (layer, figures) in evaluation.partition.layers.iter().zip(&numbers.layers).rev() {
        if figures.size.unknown > 0 {
            lines.add(format_args!("{}:{}", layer.name, unknown_words(figures.size.unknown)));
        }
        if let Some(words) = range_words(&figures.size).filter(|_| !layer.items.is_empty()) {
            lines.add(format_args!("{}: {words}", layer.name));
        }
    }
    let missing = unknown_words(numbers.totals.unknown);
    lines.add(format_args!("first pull {}{missing} (base image not counted)", numbers.totals.first_pull));
    match numbers.totals.repull_per_deploy {
        Some(planned) => lines.add(format_args!(
            "per deploy {planned} ({} in {})",
            counted(numbers.deploys, "deploy"),
            counted(model.measures.commits as u64, "commit")
        )),
        None => lines.add(format_args!("per deploy: unknown, no deploy in the history changes this app")),
    }
    match (model.evaluate_current(choices), &model.layouts.current) {
        (Some(current), _) if current.partition != evaluation.partition => {
            let totals = current.numbers.totals;
            let per_deploy = totals.repull_per_deploy.map(|bytes| format!(", per deploy {bytes}")).unwrap_or_default();
            lines.add(format_args!("current layers: first pull {}{per_deploy}", totals.first_pull));
        }
        (Some(_), _) => lines.add(format_args!("these are the current layers")),
        (None, current) => {
            let why = current.as_ref().err().map_or("", String::as_str);
            lines.add(format_args!("current layers: not known ({why})"));
        }
    }
    if model.verdict.class != MacroClass::Partitions && !model.divides() {
        lines.add(format_args!("these figures need Layerwright's layer rules"));
    }
    for finding in &evaluation.findings {
        lines.add(format_args!("finding: {} [{}]", finding.message, finding.code));
    }
    for note in &model.notes {
        lines.add(format_args!("note: {note}"));
    }
    lines.0
}
