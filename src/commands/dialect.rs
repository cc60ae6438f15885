//! `layerwright plan --dialect`: the plan, exported for another rule set.

use std::io::Write;

use serde_json::json;

use crate::commands::arguments::Format;
use crate::commands::failure::Failure;
use crate::commands::output::{print_json, print_text};
use crate::engine::app_model::AppModel;
use crate::rule_sets::export::{Dialect, PlanWords, write};

/// Prints the text to paste. What it can't express is listed above it, as comments; with JSON in a list.
///
/// # Errors
/// When the output can't be written.
pub(super) fn print(
    model: &AppModel,
    words: &PlanWords,
    dialect: Dialect,
    format: Format,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let written = write(dialect, words);
    if format.is_json() {
        let document = json!({
            "schema": "layerwright.dialect/1",
            "app": model.app.label,
            "dialect": dialect.as_str(),
            "text": written.text,
            "limits": written.limits,
        });
        return print_json(output, &document);
    }
    print_text(output, &written.commented())
}
