//! `layerwright apply`: writes a plan into the BUILD files.

use std::io::Write;
use std::process::ExitCode;

use crate::app::advise::advise;
use crate::app::prepare::prepare;
use crate::commands::advice::advice_lines;
use crate::commands::arguments::ApplyArguments;
use crate::commands::change::{finish, refused};
use crate::commands::failure::Failure;
use crate::commands::open::{Opened, open_app, read_plan};
use crate::layers::macro_class::MacroClass;

/// Runs the command.
///
/// # Errors
/// When there is no such app, the plan can't be written honestly, or the disk fails.
pub fn run(arguments: &ApplyArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let Opened { workspace, model, choices, .. } = open_app(&arguments.app)?;
    let plan = match &arguments.plan {
        Some(path) => read_plan(path, &model)?,
        None => {
            let advice = advise(&workspace, &model, arguments.advice.wish(&choices), &mut |_| {}, &|| false);
            for line in advice_lines(&advice, &choices) {
                tracing::info!("{line}");
            }
            advice.recommended(&model.on_disk).clone()
        }
    };
    if model.verdict.class != MacroClass::Partitions {
        tracing::warn!("{}", model.verdict.sentence);
    }
    let format = arguments.output.format;
    match prepare(&workspace, &model, &plan, arguments.drop_comments) {
        Ok(prepared) => finish(&workspace.root, &prepared.change, arguments.dry_run, format, output),
        Err(refusal) => refused(refusal, format, output),
    }
}
