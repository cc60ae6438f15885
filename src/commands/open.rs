//! Opening a workspace and one of its apps for a command, with messages on standard error.

use std::path::{Path, PathBuf};

use crate::app::app_model::AppModel;
use crate::app::load::{LoadError, load_folder};
use crate::app::settings::Choices;
use crate::commands::arguments::{AppArguments, WorkspaceArgument};
use crate::commands::failure::Failure;
use crate::history::model::History;
use crate::label::Label;
use crate::layers::plan::Plan;
use crate::layers::plan_file;
use crate::workspace::apps::bare_binary;
use crate::workspace::model::{App, Workspace};

/// A workspace with one app of it.
pub struct Opened {
    /// The workspace.
    pub workspace: Workspace,
    /// The app.
    pub model: AppModel,
    /// How numbers are counted.
    pub choices: Choices,
}

/// Reads the workspace, without history.
///
/// # Errors
/// When there is none, or it can't be read.
pub fn open_workspace(argument: &WorkspaceArgument) -> Result<Workspace, Failure> {
    let (workspace, _) = load(argument, None)?;
    Ok(workspace)
}

/// Reads the workspace and collects what is known of the app.
///
/// # Errors
/// When there is no such workspace or app, or one of them can't be read.
pub fn open_app(arguments: &AppArguments) -> Result<Opened, Failure> {
    let choices = arguments.choices();
    let (workspace, history) = load(&arguments.workspace, Some(choices.commits))?;
    let app = find_app(&workspace, &arguments.app)?;
    let model = AppModel::new(&workspace, &history, &app, &choices).map_err(|error| Failure::Use(error.to_string()))?;
    Ok(Opened { workspace, model, choices })
}

/// `history` is the number of commits wanted, if history is wanted at all.
fn load(argument: &WorkspaceArgument, history: Option<Option<usize>>) -> Result<(Workspace, History), Failure> {
    let folder = argument.workspace.clone().unwrap_or_else(|| PathBuf::from("."));
    let loaded = load_folder(&folder, history, &mut |_| {}, &|| false).map_err(|error| match error {
        LoadError::Root(_) => Failure::Use(error.to_string()),
        LoadError::Read(_) | LoadError::Demo(_) => Failure::Outside(error.to_string()),
    })?;
    if let Some(problem) = loaded.history_problem {
        tracing::warn!("{problem}");
    }
    Ok((loaded.workspace, loaded.history))
}

/// Finds an app by label or by a name that only one has; any `py_binary` will do as well.
///
/// # Errors
/// When no app, or more than one, answers to `text`.
pub fn find_app(workspace: &Workspace, text: &str) -> Result<App, Failure> {
    let matches: Vec<&App> = match Label::parse_absolute(text) {
        Ok(label) => workspace.apps.iter().filter(|app| app.label == label).collect(),
        Err(_) => workspace.apps.iter().filter(|app| app.label.name() == text).collect(),
    };
    match matches.as_slice() {
        [app] => Ok((*app).clone()),
        [] => find_binary(workspace, text),
        several => {
            let labels: Vec<String> = several.iter().map(|app| format!("{} ({}:{})", app.label, app.path.display(), app.line)).collect();
            Err(Failure::Use(format!("{text} names several apps: {}", labels.join(", "))))
        }
    }
}

fn find_binary(workspace: &Workspace, text: &str) -> Result<App, Failure> {
    let wanted = Label::parse_absolute(text).ok();
    let mut found = Vec::new();
    for package in workspace.packages.values() {
        for name in package.targets.keys() {
            let label = Label::main(&package.path, name);
            if wanted.as_ref().map_or(name == text, |wanted| *wanted == label) {
                found.extend(bare_binary(workspace, &label));
            }
        }
    }
    match found.as_slice() {
        [app] => Ok(app.clone()),
        [] => Err(Failure::Use(format!("no app or py_binary answers to `{text}`; `layerwright apps` lists the apps"))),
        several => {
            let labels: Vec<String> = several.iter().map(|app| app.label.to_string()).collect();
            Err(Failure::Use(format!("`{text}` names several binaries: {}", labels.join(", "))))
        }
    }
}

/// Reads a plan file for an app.
///
/// # Errors
/// When it can't be read or is not a plan.
pub fn read_plan(path: &Path, model: &AppModel) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::Outside(format!("{}: {error}", path.display())))?;
    plan_file::parse(&text, &model.app.label, &model.library_names).map_err(|error| Failure::Use(format!("{}: {error}", path.display())))
}
