//! `layerwright replay`: bytes that a node would have pulled and unpacked for the repository's deploys.

mod fleet;
mod json;
mod notes;
mod series;
mod text;

use std::io::Write;
use std::process::ExitCode;

use crate::commands::arguments::ReplayArguments;
use crate::commands::failure::Failure;
use crate::commands::open::{load, read_plan, sized_model};
use crate::commands::output::{print_json, print_text};
use crate::commands::replay::json::replay_json;
use crate::commands::replay::series::Replayed;
use crate::commands::replay::text::replay_text;
use crate::engine::advice::advise::advise;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::engine::reports::replay_series::replay_series;
use crate::history::cost::PullProfile;
use crate::jobs::Unwatched;
use crate::workspace::model::{App, Workspace};

/// # Errors
/// When there is no such workspace or app, or the plan file is no plan.
pub(crate) fn run(arguments: &ReplayArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let choices = arguments.counting.choices();
    let (workspace, history) = load(&arguments.workspace, Some(choices.window))?;
    let apps: Result<Vec<App>, String> = arguments.app.iter().map(|app| find_app(&workspace, app)).collect();
    let mut apps = apps.map_err(Failure::Use)?;
    if arguments.fleet {
        let is_python = |app: &&App| app.language.as_deref().is_none_or(|language| language == "python");
        apps = workspace.apps.iter().filter(is_python).cloned().collect();
    }
    if arguments.plan.is_some() && apps.len() > 1 {
        return Err(Failure::Use("--plan works with a single app".to_owned()));
    }
    let mut replayed = Vec::with_capacity(apps.len());
    for app in &apps {
        match sized_model(&workspace, &history, app, &choices, arguments.counting.fetching.fetch_sizes.as_deref())? {
            Ok(model) => replayed.push(replay_app(arguments, &workspace, model, &choices)?),
            Err(error) if arguments.fleet => tracing::warn!("skipped {}: {error}", app.label),
            Err(error) => return Err(Failure::Use(error.to_string())),
        }
    }
    let is_json = arguments.output.format.is_json();
    match replayed.as_slice() {
        [] => return Err(Failure::Use("this workspace has no Python apps to replay".to_owned())),
        [only] if !arguments.fleet && is_json => print_json(output, &replay_json(only, &history, &choices))?,
        [only] if !arguments.fleet => print_text(output, &replay_text(only, &history, &choices, arguments.list))?,
        several => fleet::print(several, &history, &choices, is_json, output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn replay_app(
    arguments: &ReplayArguments,
    workspace: &Workspace,
    model: AppModel,
    choices: &Choices,
) -> Result<Replayed, Failure> {
    let plan = match &arguments.plan {
        Some(path) => read_plan(path, &model)?,
        None => model.on_disk.clone(),
    };
    let options = arguments.advice.options(choices);
    let advice = arguments.suggest.then(|| advise(workspace, &model, options, &mut |_| {}, &Unwatched));
    let current = model.evaluate_current(choices);
    let plan = model.evaluate(&plan, choices);
    let suggested = advice.as_ref().map(|advice| model.evaluate(advice.recommended(&model.on_disk), choices));
    let mut replayed = Replayed { model, current, plan, suggested, by_profile: Vec::new(), advice };
    replayed.by_profile = PullProfile::ALL.iter().map(|&profile| replay_series(replayed.designs(), profile)).collect();
    Ok(replayed)
}
