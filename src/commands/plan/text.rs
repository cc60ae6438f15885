//! The plan as text.

use crate::commands::columns::name_column;
use crate::commands::output::Lines;
use crate::counted::counted;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::reports::figures::{range_words, saving_not_known, saving_words};
use crate::engine::reports::savings::{Layers, saving_over_all};
use crate::layers::partition::LayerKind;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::size::known_bytes::KnownBytes;

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
            size.stored(),
            size.tar(),
            size.provenance.as_str(),
            changes
        ));
    }
    lines.add(format_args!("{:<width$} {:>10}", "certificates, base", "fixed"));
    for (layer, figures) in evaluation.partition.layers.iter().zip(&numbers.layers).rev() {
        if !figures.size.unknown.is_empty() {
            lines.add(format_args!("{}: {}", layer.name, figures.size.unknown));
        }
        if let Some(words) = range_words(&figures.size).filter(|_| !layer.items.is_empty()) {
            lines.add(format_args!("{}: {words}", layer.name));
        }
    }
    lines.add(format_args!("first pull {} (base image not counted)", with_range(&numbers.totals.first_pull)));
    match numbers.totals.repull_per_deploy {
        Some(planned) => lines.add(format_args!(
            "per deploy {} ({} in {})",
            with_range(&planned),
            counted(numbers.deploys, "deploy"),
            counted(model.measures.commits as u64, "commit")
        )),
        None => lines.add(format_args!("per deploy: unknown, no deploy in the history changes this app")),
    }
    match (model.evaluate_current(choices), &model.layouts.current) {
        (Some(current), _) if current.partition != evaluation.partition => {
            let totals = current.numbers.totals;
            let per_deploy = totals
                .repull_per_deploy
                .map(|bytes| format!(", per deploy {}", bytes.with_missing()))
                .unwrap_or_default();
            lines.add(format_args!("current layers: first pull {}{per_deploy}", totals.first_pull.with_missing()));
            lines.add(format_args!("{}", saving_line(model, &current, evaluation, choices)));
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

/// What the plan saves of what the current layers pull per deploy, or why that is not known.
fn saving_line(model: &AppModel, current: &Evaluation, plan: &Evaluation, choices: &Choices) -> String {
    let saving = saving_over_all(model, Layers::Of(current), Layers::Of(plan), choices.profile);
    match saving_not_known(&saving) {
        Some(why) => why,
        None => format!("per deploy against the current layers: {}", saving_words(&saving)),
    }
}

/// A figure with what is missing in it and how far it may be off.
fn with_range(figure: &KnownBytes) -> String {
    let range = figure.range_words().map(|words| format!(", {words}")).unwrap_or_default();
    format!("{}{range}", figure.with_missing())
}
