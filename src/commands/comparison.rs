//! `layerwright plan --compare`: layouts side by side on the newer half of the history.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::advice::suggest::Wish;
use crate::app::advise::{Comparison, compare};
use crate::app::app_model::AppModel;
use crate::app::settings::Choices;
use crate::byte_count::ByteCount;
use crate::commands::arguments::Format;
use crate::commands::failure::Failure;
use crate::commands::{print_json, print_text};
use crate::history::cost::PullProfile;
use crate::history::model::History;
use crate::layers::findings::LAYER_LIMIT;
use crate::workspace::model::Workspace;

/// Runs it.
///
/// # Errors
/// When the result can't be written.
pub(super) fn print(
    workspace: &Workspace,
    history: &History,
    model: &AppModel,
    choices: &Choices,
    wish: Wish,
    format: Format,
    output: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let older = AppModel::new(workspace, &older_half(history, model), &model.app, choices)
        .map_err(|error| Failure::Use(error.to_string()))?;
    let comparison = compare(workspace, model, &older, history, wish, &[wish.max_layers, 8, LAYER_LIMIT], &|| false);
    if format.is_json() {
        print_json(output, &json(model, &comparison))?;
    } else {
        print_text(output, &text(model, &comparison))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The history up to the middle of the app's deploys.
fn older_half(history: &History, model: &AppModel) -> History {
    let deploys = &model.measures.deploys;
    let mut older = history.clone();
    if let Some(middle) = deploys.deployed_commit(deploys.deploys.len() / 2) {
        older.commits.truncate(middle);
    }
    older
}

fn json(model: &AppModel, comparison: &Comparison) -> Value {
    let profiles = || PullProfile::ALL.iter().map(|profile| profile.as_str());
    let rows = comparison.rows.iter().map(|row| {
        let repull: serde_json::Map<String, Value> = profiles()
            .zip(&row.newer)
            .map(|(profile, bytes)| (profile.to_owned(), json!(u64::try_from(bytes.repull).unwrap_or(u64::MAX))))
            .collect();
        json!({"name": row.name, "groups": row.groups, "repull": repull})
    });
    json!({
        "schema": "layerwright.compare/1",
        "app": model.app.label,
        "deploys": comparison.deploys,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn text(model: &AppModel, comparison: &Comparison) -> String {
    let mut text = format!(
        "{}: bytes fetched in the newer {} deploys; presets and suggestions know the older ones alone\n{:<24} {:>6}",
        model.app.label, comparison.deploys, "layout", "groups"
    );
    for profile in PullProfile::ALL {
        text.push_str(&format!(" {:>10}", profile.as_str()));
    }
    text.push('\n');
    for row in &comparison.rows {
        text.push_str(&format!("{:<24} {:>6}", row.name, row.groups));
        for bytes in &row.newer {
            let bytes = ByteCount(u64::try_from(bytes.repull).unwrap_or(u64::MAX));
            text.push_str(&format!(" {bytes:>10}"));
        }
        text.push('\n');
    }
    text
}
