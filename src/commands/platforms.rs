//! One plan on several platforms: wheels differ by platform, some of them tenfold.

use serde_json::{Value, json};

use crate::commands::failure::Failure;
use crate::commands::open::sized_model;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::history::model::History;
use crate::layers::plan::Plan;
use crate::workspace::model::Workspace;
use crate::workspace::platform::Platform;

const PLATFORMS: [&str; 2] = ["linux/amd64", "linux/arm64"];

pub(super) struct OnPlatform {
    platform: Platform,
    evaluation: Evaluation,
    notes: Vec<String>,
}

/// Evaluates `plan` for each platform, with sizes from an index where `fetch` says so.
/// # Errors
/// When the app can't be evaluated for one of them.
pub(super) fn on_platforms(
    workspace: &Workspace,
    history: &History,
    model: &AppModel,
    plan: &Plan,
    choices: &Choices,
    fetch: Option<&str>,
) -> Result<Vec<OnPlatform>, Failure> {
    let app = find_app(workspace, &model.app.label.to_string()).map_err(Failure::Use)?;
    let on = |name: &&str| {
        let platform: Platform = name.parse().map_err(|error| Failure::Use(format!("{name}: {error}")))?;
        let choices = Choices { platform, ..choices.clone() };
        let model =
            sized_model(workspace, history, &app, &choices, fetch)?.map_err(|error| Failure::Use(error.to_string()))?;
        Ok(OnPlatform { platform, evaluation: model.evaluate(plan, &choices), notes: model.notes })
    };
    PLATFORMS.iter().map(on).collect()
}

/// Layers are lowest first.
pub(super) fn platforms_json(platforms: &[OnPlatform]) -> Value {
    let document = |on: &OnPlatform| {
        let layers = on.evaluation.partition.layers.iter().zip(&on.evaluation.numbers.layers);
        let layers: Vec<Value> = layers
            .map(|(layer, figures)| {
                json!({
                    "name": layer.name,
                    "kind": layer.kind.as_str(),
                    "tar_bytes": figures.size.tar_bytes,
                    "compressed_bytes": figures.size.compressed_bytes,
                    "provenance": figures.size.provenance.as_str(),
                })
            })
            .collect();
        json!({
            "platform": on.platform.to_string(),
            "layers": layers,
            "first_pull": on.evaluation.numbers.totals.first_pull.bytes,
            "repull_per_deploy": on.evaluation.numbers.totals.repull_per_deploy.map(|mean| mean.bytes),
            "notes": on.notes,
        })
    };
    platforms.iter().map(document).collect()
}

/// One column per platform, the app's layer on top.
pub(super) fn platforms_text(platforms: &[OnPlatform]) -> String {
    let row = |name: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!(" {cell:>12}")).collect();
        format!("{name:<24}{cells}\n")
    };
    let mut text = row("stored", platforms.iter().map(|on| on.platform.to_string()).collect());
    let Some(first) = platforms.first() else { return text };
    for (position, layer) in first.evaluation.partition.layers.iter().enumerate().rev() {
        let bytes = |on: &OnPlatform| {
            on.evaluation
                .numbers
                .layers
                .get(position)
                .map_or_else(String::new, |figures| figures.size.stored().to_string())
        };
        text.push_str(&row(&layer.name, platforms.iter().map(bytes).collect()));
    }
    let first_pull = |on: &OnPlatform| on.evaluation.numbers.totals.first_pull.to_string();
    text.push_str(&row("first pull", platforms.iter().map(first_pull).collect()));
    text
}
