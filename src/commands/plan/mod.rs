//! `layerwright plan`: the content and costs of an app's layers.

mod json;
pub(crate) mod text;

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use crate::commands::advice::{advice_json, advice_lines};
use crate::commands::arguments::PlanArguments;
use crate::commands::failure::Failure;
use crate::commands::open::{Opened, open_app, read_plan};
use crate::commands::output::{print_json, print_text};
use crate::commands::plan::json::plan_json;
use crate::commands::plan::text::plan_text;
use crate::commands::platforms::{on_platforms, platforms_json, platforms_text};
use crate::commands::{comparison, dialect, reasons};
use crate::engine::advice::advice_words::order_lines;
use crate::engine::advice::advise::{advise, best_ordered, preset_plan};
use crate::engine::reports::dialect_words::plan_words;
use crate::jobs::Unwatched;

/// # Errors
/// When there is no such workspace or app, or the plan file is no plan.
pub(crate) fn run(arguments: &PlanArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let Opened { workspace, history, model, choices } = open_app(&arguments.app)?;
    let options = arguments.advice.options(&choices);
    if arguments.compare {
        return comparison::print(&workspace, &history, &model, &choices, options, arguments.output.format, output);
    }
    let advice = arguments.suggest.then(|| advise(&workspace, &model, options, &mut |_| {}, &Unwatched));
    let plan = match (&arguments.plan, &advice, arguments.preset) {
        (Some(path), ..) => read_plan(path, &model)?,
        (None, Some(advice), _) => advice.recommended(&model.on_disk).clone(),
        (None, None, Some(preset)) => preset_plan(&workspace, &model, &history, preset),
        (None, None, None) => model.on_disk.clone(),
    };
    let ordered = arguments.best_order.then(|| best_ordered(&workspace, &model, &plan, options.objective));
    let plan = ordered.as_ref().map_or(plan, |ordered| ordered.plan.clone());
    let evaluation = model.evaluate(&plan, &choices);
    if let Some(dialect) = arguments.dialect {
        let words = plan_words(&workspace, &model, &evaluation);
        dialect::print(&model, &words, dialect, arguments.output.format, output)?;
        return Ok(ExitCode::SUCCESS);
    }
    let platforms = match arguments.both_platforms {
        true => {
            let fetch = arguments.app.counting.fetching.fetch_sizes.as_deref();
            Some(on_platforms(&workspace, &history, &model, &plan, &choices, fetch)?)
        }
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
