//! Opening a workspace and one of its apps for a command, with messages on standard error.

use std::path::{Path, PathBuf};

use crate::app::app_model::AppModel;
use crate::app::find_app::find_app;
use crate::app::load::{LoadError, load_folder, open_root};
use crate::app::settings::Choices;
use crate::app::size_sources::open_model;
use crate::commands::arguments::{AppArguments, WorkspaceArgument};
use crate::commands::failure::Failure;
use crate::history::model::History;
use crate::history::request::Window;
use crate::layers::plan::Plan;
use crate::layers::plan_file;
use crate::workspace::model::Workspace;

/// A workspace with one app of it.
pub struct Opened {
    /// The workspace.
    pub workspace: Workspace,
    /// Its history; empty where there is none.
    pub history: History,
    /// The app.
    pub model: AppModel,
    /// How numbers are counted.
    pub choices: Choices,
}

/// Finds the root of the workspace and reads nothing of it.
///
/// # Errors
/// When there is none.
pub fn find_workspace(argument: &WorkspaceArgument) -> Result<PathBuf, Failure> {
    let folder = argument.workspace.clone().unwrap_or_else(|| PathBuf::from("."));
    let (root, recovered) = open_root(&folder).map_err(|error| Failure::Use(error.to_string()))?;
    if let Some(message) = recovered {
        tracing::warn!("{message}");
    }
    Ok(root)
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
    let choices = arguments.counting.choices();
    let (workspace, history) = load(&arguments.workspace, Some(choices.window))?;
    let app = find_app(&workspace, &arguments.app).map_err(Failure::Use)?;
    let model = open_model(&workspace, &history, &app, &choices, &mut |_| {}, &|| false)
        .map_err(|error| Failure::Use(error.to_string()))?;
    Ok(Opened { workspace, history, model, choices })
}

/// `window` is how much history is wanted, if any is.
pub(super) fn load(argument: &WorkspaceArgument, window: Option<Window>) -> Result<(Workspace, History), Failure> {
    let folder = argument.workspace.clone().unwrap_or_else(|| PathBuf::from("."));
    let loaded = load_folder(&folder, window, None, &mut |_| {}, &|| false).map_err(|error| match error {
        LoadError::Root(_) => Failure::Use(error.to_string()),
        LoadError::Read(_) | LoadError::Program(_) | LoadError::Demo(_) => Failure::Outside(error.to_string()),
    })?;
    for message in [loaded.history_problem, loaded.recovered].into_iter().flatten() {
        tracing::warn!("{message}");
    }
    Ok((loaded.workspace, loaded.history))
}

/// Reads a plan file for an app.
///
/// # Errors
/// When it can't be read or is not a plan.
pub fn read_plan(path: &Path, model: &AppModel) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::of_input(path, &error))?;
    plan_file::parse(&text, &model.app.label, &model.library_names)
        .map(|plan| plan.with_ids_of(&model.on_disk))
        .map_err(|error| Failure::Use(format!("{}: {error}", path.display())))
}
