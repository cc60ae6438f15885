//! `layerwright plan --compare`: layouts side by side on the newer half of the history.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::advice::objective::Bytes;
use crate::advice::suggest::SuggestOptions;
use crate::byte_count::ByteCount;
use crate::commands::arguments::Format;
use crate::commands::failure::Failure;
use crate::commands::output::{print_json, print_text};
use crate::engine::advice::advise::{Comparison, compare};
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::history::cost::PullProfile;
use crate::history::model::History;
use crate::jobs::Unwatched;
use crate::layers::findings::LAYER_LIMIT;
use crate::workspace::model::Workspace;

pub(super) fn print(
    workspace: &Workspace,
    history: &History,
    model: &AppModel,
    choices: &Choices,
    options: SuggestOptions,
    format: Format,
    output: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let older = AppModel::new(workspace, &older_half(history, model), &model.app, choices)
        .map_err(|error| Failure::Use(error.to_string()))?;
    let comparison = compare(workspace, model, &older, history, options, &[3, 8, LAYER_LIMIT], &Unwatched);
    if format.is_json() {
        print_json(output, &json(model, &comparison))?;
    } else {
        print_text(output, &text(model, &comparison))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn older_half(history: &History, model: &AppModel) -> History {
    let deploys = &model.measures.deploys;
    let mut older = history.clone();
    if let Some(middle) = deploys.deployed_commit(deploys.deploys.len() / 2) {
        older.commits.truncate(middle);
    }
    older
}

fn json(model: &AppModel, comparison: &Comparison) -> Value {
    let repull = |bytes: &[Bytes]| -> Value {
        let each = PullProfile::ALL.iter().zip(bytes);
        each.map(|(profile, bytes)| (profile.as_str().to_owned(), json!(fetched(bytes)))).collect()
    };
    let rows = comparison.rows.iter().map(|row| {
        let as_many = row.suggested_with_as_many.as_ref().map(|bytes| repull(bytes));
        json!({
            "name": row.name,
            "groups": row.groups,
            "repull": repull(&row.newer),
            "suggested_with_as_many": as_many,
        })
    });
    json!({
        "schema": "layerwright.compare/1",
        "app": model.app.label,
        "deploys": comparison.deploys,
        "lock_deploys": comparison.lock_deploys,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn fetched(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.repull).unwrap_or(u64::MAX)
}

fn text(model: &AppModel, comparison: &Comparison) -> String {
    let columns = || PullProfile::ALL.iter().map(|profile| format!(" {:>9}", profile.as_str())).collect::<String>();
    let mut text = format!(
        "{}: bytes pulled in the newer {} deploys; presets and suggestions were tuned on the older ones\n{:<24} {:>6}{} | suggested with as many groups\n{:<24} {:>6}{} |{}\n",
        model.app.label,
        comparison.deploys,
        "",
        "",
        " ".repeat(columns().len()),
        "layout",
        "groups",
        columns(),
        columns()
    );
    for row in &comparison.rows {
        let cells = |bytes: &[Bytes]| -> String {
            bytes.iter().map(|bytes| format!(" {:>9}", ByteCount(fetched(bytes)))).collect()
        };
        text.push_str(&format!("{:<24} {:>6}{}", row.name, row.groups, cells(&row.newer)));
        if let Some(as_many) = &row.suggested_with_as_many {
            text.push_str(&format!(" |{}", cells(as_many)));
        }
        text.push('\n');
    }
    text
}
