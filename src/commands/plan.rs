//! `layerwright plan`: what an app's layers hold and cost.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::commands::advice::{advice_json, advice_lines};
use crate::commands::arguments::PlanArguments;
use crate::commands::columns::name_column;
use crate::commands::failure::Failure;
use crate::commands::open::{Opened, open_app_asking, read_plan};
use crate::commands::platforms::{on_platforms, platforms_json, platforms_text};
use crate::commands::{comparison, dialect, print_json, print_text, reasons};
use crate::engine::advice::advice_words::order_lines;
use crate::engine::advice::advise::{advise, best_ordered, preset_plan};
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::reports::dialect_words::plan_words;
use crate::engine::reports::figures::range_words;
use crate::engine::reports::units::{UnitRow, Units, units};
use crate::history::cost::{LayerNumbers, Totals};
use crate::jobs::Unwatched;
use crate::layers::findings::Finding;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::layers::plan::Plan;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::size::range::Range;

/// Runs the command.
///
/// # Errors
/// When there is no such workspace or app, or the plan file is not a plan.
pub fn run(arguments: &PlanArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let Opened { workspace, history, model, choices } =
        open_app_asking(&arguments.app, arguments.ask_index.as_deref())?;
    let wish = arguments.advice.wish(&choices);
    if arguments.compare {
        return comparison::print(&workspace, &history, &model, &choices, wish, arguments.output.format, output);
    }
    let advice = arguments.suggest.then(|| advise(&workspace, &model, wish, &mut |_| {}, &Unwatched));
    let plan = match (&arguments.plan, &advice, arguments.preset) {
        (Some(path), ..) => read_plan(path, &model)?,
        (None, Some(advice), _) => advice.recommended(&model.on_disk).clone(),
        (None, None, Some(preset)) => preset_plan(&workspace, &model, &history, preset),
        (None, None, None) => model.on_disk.clone(),
    };
    let ordered = arguments.best_order.then(|| best_ordered(&workspace, &model, &plan, wish.objective));
    let plan = ordered.as_ref().map_or(plan, |ordered| ordered.plan.clone());
    let evaluation = model.evaluate(&plan, &choices);
    if let Some(dialect) = arguments.dialect {
        let words = plan_words(&workspace, &model, &evaluation);
        dialect::print(&model, &words, dialect, arguments.output.format, output)?;
        return Ok(ExitCode::SUCCESS);
    }
    let platforms = match arguments.both_platforms {
        true => Some(on_platforms(&workspace, &history, &model, &plan, &choices)?),
        false => None,
    };
    let why = arguments.why.as_ref().map(|label| reasons::why_of(&model, &evaluation, label)).transpose()?;
    let evidence =
        arguments.evidence.as_ref().map(|text| reasons::evidence_of(&model, &evaluation, text)).transpose()?;
    if arguments.output.format.is_json() {
        let mut document = plan_json(&model, &plan, &evaluation, &choices);
        if let (Some(advice), Some(fields)) = (&advice, document.as_object_mut()) {
            fields.insert("suggestion".to_owned(), advice_json(advice));
        }
        if let (Some(ordered), Some(fields)) = (&ordered, document.as_object_mut()) {
            fields.insert("order_reasons".to_owned(), json!(ordered.reasons));
        }
        if let (Some(platforms), Some(fields)) = (&platforms, document.as_object_mut()) {
            fields.insert("platforms".to_owned(), platforms_json(platforms));
        }
        if let (Some(why), Some(fields)) = (&why, document.as_object_mut()) {
            fields.insert("why".to_owned(), reasons::why_json(why));
        }
        if let (Some(evidence), Some(fields)) = (&evidence, document.as_object_mut()) {
            fields.insert("evidence".to_owned(), reasons::evidence_json(evidence, &history));
        }
        print_json(output, &document)?;
    } else {
        print_text(output, &plan_text(&model, &evaluation, &choices))?;
        if let Some(platforms) = &platforms {
            print_text(output, &platforms_text(platforms))?;
        }
        for line in advice.iter().flat_map(|advice| advice_lines(advice, &choices)) {
            print_text(output, &format!("{line}\n"))?;
        }
        for line in ordered.iter().flat_map(order_lines) {
            print_text(output, &format!("{line}\n"))?;
        }
        if let Some(why) = &why {
            print_text(output, &reasons::why_text(why))?;
        }
        if let Some(evidence) = &evidence {
            print_text(output, &reasons::evidence_text(evidence, &history))?;
        }
        if let Some(preset) = arguments.preset {
            print_text(output, &format!("preset {}: {}\n", preset.as_str(), preset.rule()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The document `layerwright.plan/1`. Layers stand in image order, the base image first.
#[must_use]
pub fn plan_json(model: &AppModel, plan: &Plan, evaluation: &Evaluation, choices: &Choices) -> Value {
    let units = units(model, &evaluation.partition);
    let made = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers);
    let mut layers = vec![fixed_json("base", "base"), fixed_json("certificates", "certs")];
    layers.extend(made.map(|(layer, numbers)| layer_json(plan, layer, numbers, &units)));
    let findings: Vec<Value> = evaluation.findings.iter().map(finding_json).collect();
    json!({
        "schema": "layerwright.plan/1",
        "app": model.app.label,
        "binary": model.app.binary,
        "profile": choices.profile.as_str(),
        "platform": choices.platform.to_string(),
        "python": {"version": model.python.text(), "said_in": model.python.said_in},
        "compression": {"kind": model.compression.compression.as_str(), "sentence": model.compression.sentence},
        "layers": layers,
        "totals": totals_json(&evaluation.numbers.totals),
        "single_layer": totals_json(&evaluation.numbers.single_layer),
        "on_disk": totals_json(&model.evaluate_on_disk(choices).numbers.totals),
        "commits": model.measures.commits,
        "deploys": evaluation.numbers.deploys,
        "macro": {"class": model.verdict.class.as_str(), "sentence": model.verdict.sentence},
        "findings": findings,
        "notes": model.notes,
    })
}

/// One finding, in every document that has some.
pub(super) fn finding_json(finding: &Finding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity.as_str(),
        "message": finding.message,
        "labels": finding.labels,
        "fix": finding.fix.as_ref().map(|fix| fix.words.as_str()),
    })
}

/// The base image and the certificates: they come from elsewhere, so nothing here knows their bytes.
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
        "changes": 0,
    })
}

fn layer_json(plan: &Plan, layer: &LayerContents, numbers: &LayerNumbers, units: &Units) -> Value {
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
        "changes": numbers.row.count(),
    })
}

/// The least and the most that a number can be.
pub(super) fn range_json(range: Range) -> Value {
    json!([range.least, range.most])
}

fn unit_json(unit: &UnitRow) -> Value {
    json!({
        "label": unit.label,
        "kind": unit.kind.as_str(),
        "tar_bytes": unit.size.tar_bytes,
        "compressed_bytes": unit.size.compressed_bytes,
        "provenance": unit.size.provenance.as_str(),
        "changes": unit.changes,
    })
}

fn totals_json(totals: &Totals) -> Value {
    json!({
        "first_pull": totals.first_pull,
        "repull_per_deploy": totals.repull_per_deploy,
        "unpack_per_deploy": totals.unpack_per_deploy,
    })
}

/// `1 deploy`, `2 deploys`.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The plan for people: layers as in the image, the app on top.
#[must_use]
pub fn plan_text(model: &AppModel, evaluation: &Evaluation, choices: &Choices) -> String {
    let numbers = &evaluation.numbers;
    let mut text = String::new();
    // Writing to a string can't fail.
    let mut line = |words: std::fmt::Arguments<'_>| {
        if text.write_fmt(words).is_ok() {
            text.push('\n');
        }
    };
    line(format_args!("{}  ({}, pull profile {})", model.app.label, choices.platform, choices.profile.as_str()));
    line(format_args!("{}", model.compression.sentence));
    line(format_args!("{}", model.python.sentence()));
    let width = name_column(evaluation.partition.layers.iter().map(|layer| layer.name.as_str()));
    line(format_args!("{:<width$} {:>10} {:>10}  {:<10} {:>16}", "layer", "stored", "tar", "known as", "changes"));
    for (layer, figures) in evaluation.partition.layers.iter().zip(&numbers.layers).rev() {
        let changes = format!("{} of {}", figures.row.count(), numbers.deploys);
        let size = &figures.size;
        line(format_args!(
            "{:<width$} {:>10} {:>10}  {:<10} {:>16}",
            layer.name,
            size.compressed_bytes,
            size.tar_bytes,
            size.provenance.as_str(),
            changes
        ));
    }
    line(format_args!("{:<width$} {:>10}", "certificates, base", "fixed"));
    for (layer, figures) in evaluation.partition.layers.iter().zip(&numbers.layers).rev() {
        if let Some(words) = range_words(&figures.size) {
            line(format_args!("{}: {words}", layer.name));
        }
    }
    line(format_args!("first pull {} (base image not counted)", numbers.totals.first_pull));
    match (numbers.single_layer.repull_per_deploy, numbers.totals.repull_per_deploy) {
        (Some(single), Some(planned)) => line(format_args!(
            "per deploy {planned}, in one layer {single} ({} in {})",
            counted(numbers.deploys, "deploy"),
            counted(model.measures.commits as u64, "commit")
        )),
        _ => line(format_args!("per deploy: not known, because no deploy in the history changes this app")),
    }
    if model.verdict.class != MacroClass::Partitions {
        let today = model.evaluate_on_disk(choices).numbers.totals;
        let per_deploy = today.repull_per_deploy.map(|bytes| format!(", per deploy {bytes}")).unwrap_or_default();
        line(format_args!(
            "the figures above hold with layer rules that partition; today: first pull {}{per_deploy}",
            today.first_pull
        ));
    }
    for finding in &evaluation.findings {
        line(format_args!("finding: {} [{}]", finding.message, finding.code));
    }
    for note in &model.notes {
        line(format_args!("note: {note}"));
    }
    text
}
