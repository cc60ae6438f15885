//! Opening a workspace and one of its apps for a command, with messages on standard error.

use crate::commands::arguments::BazelArguments;
use crate::engine::kept::trust_file::remembered_trust;
use crate::workspace::bazel::command::{BazelCommand, BazelError};
use crate::workspace::bazel::find::find_bazel;
use crate::workspace::bazel::trust::TrustedWorkspace;
use std::path::Path;

use std::path::PathBuf;

use crate::commands::arguments::{AppArguments, SourceArgument, WorkspaceArgument};
use crate::commands::failure::Failure;
use crate::commands::progress::StandardError;
use crate::engine::app_model::{AppError, AppModel};
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::engine::kept::folders::cache_folder;
use crate::engine::kept::folders::evaluations_folder;
use crate::engine::kept::plan_files::parse_plan;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::open::load::{LoadError, load_folder, open_root};
use crate::engine::sizes::index_sizes::ask_index;
use crate::engine::sizes::known_sizes::open_model;
use crate::history::model::History;
use crate::history::request::Window;
use crate::jobs::{Progress, Unwatched};
use crate::layers::plan::Plan;
use crate::workspace::bazel::overlay::{BAZEL_ERROR, NOT_ANSWERED};
use crate::workspace::bazel::process::TerminalKeys;
use crate::workspace::bazel::query::BazelSource;
use crate::workspace::model::{App, Workspace};

pub(crate) struct Opened {
    pub(crate) workspace: Workspace,
    /// Empty if there is none.
    pub(crate) history: History,
    pub(crate) model: AppModel,
    pub(crate) choices: Choices,
}

/// # Errors
/// When there is no workspace.
pub(crate) fn find_workspace(folder: Option<&Path>) -> Result<PathBuf, Failure> {
    let (root, recovered) =
        open_root(folder.unwrap_or_else(|| Path::new("."))).map_err(|error| Failure::Use(error.to_string()))?;
    if let Some(message) = recovered {
        tracing::warn!("{message}");
    }
    Ok(root)
}

/// Reads the workspace without history.
///
/// # Errors
/// When there is none, or it can't be read.
pub(crate) fn open_workspace(argument: &WorkspaceArgument) -> Result<Workspace, Failure> {
    let (workspace, _) = load(argument, None)?;
    Ok(workspace)
}

/// # Errors
/// When there is no such workspace or app, or one can't be read.
pub(crate) fn open_app(arguments: &AppArguments) -> Result<Opened, Failure> {
    let choices = arguments.counting.choices();
    let (workspace, history) = load(&arguments.workspace, Some(choices.window))?;
    let app = find_app(&workspace, &arguments.app).map_err(Failure::Use)?;
    let model = sized_model(&workspace, &history, &app, &choices, arguments.counting.fetching.fetch_sizes.as_deref())?
        .map_err(|error| Failure::Use(error.to_string()))?;
    Ok(Opened { workspace, history, model, choices })
}

/// Collects what is known of `app`, after an index was asked for its sizes where `fetch` says so.
///
/// # Errors
/// When the index can't be asked. The inner error says why the app can't be planned for.
pub(super) fn sized_model(
    workspace: &Workspace,
    history: &History,
    app: &App,
    choices: &Choices,
    fetch: Option<&str>,
) -> Result<Result<AppModel, AppError>, Failure> {
    fetch_sizes(workspace, app, choices, fetch)?;
    Ok(open_model(workspace, history, app, choices, &Unwatched))
}

/// Asks a package index for the sizes of `app` that nothing here knows: the named one, or where the text is empty, the one
/// that the lock or pip names. Asks nobody where nothing is given.
///
/// # Errors
/// When the index can't be asked. A package that it does not know is a warning.
fn fetch_sizes(workspace: &Workspace, app: &App, choices: &Choices, index: Option<&str>) -> Result<(), Failure> {
    let Some(index) = index else { return Ok(()) };
    // `open_app` reports an app that can't be planned for.
    let Ok(model) = AppModel::new(workspace, &History::default(), app, choices) else { return Ok(()) };
    let named = Some(index).filter(|index| !index.is_empty());
    let report = ask_index(workspace, &model, choices, named, cache_folder().as_deref(), &tell);
    let report = report.map_err(Failure::Outside)?;
    tracing::info!("{}", report.sentence());
    report.problems.iter().for_each(|problem| tracing::warn!("{problem}"));
    Ok(())
}

pub(super) fn tell(progress: Progress) {
    match progress.total {
        0 => tracing::info!("{}", progress.message),
        total => tracing::info!("{} of {total}: {}", progress.done, progress.message),
    }
}

pub(super) fn load(argument: &WorkspaceArgument, window: Option<Window>) -> Result<(Workspace, History), Failure> {
    let folder = argument.workspace.clone().unwrap_or_else(|| PathBuf::from("."));
    let graph = graph_source(argument)?;
    let progress = StandardError::default();
    let cache = if argument.no_cache { None } else { evaluations_folder() };
    let cache = cache.as_deref();
    let loaded = load_folder(&folder, &graph, window, None, cache, &progress).map_err(|error| match error {
        LoadError::Root(_) => Failure::Use(error.to_string()),
        LoadError::Read(_) | LoadError::Bazel(_) | LoadError::Program(_) | LoadError::Demo(_) => {
            Failure::Outside(error.to_string())
        }
    })?;
    warn_of_bazel(&loaded.workspace);
    for message in [loaded.history_problem, loaded.recovered].into_iter().flatten() {
        tracing::warn!("{message}");
    }
    Ok((loaded.workspace, loaded.history))
}

/// Includes the proof that Bazel may run.
fn graph_source(argument: &WorkspaceArgument) -> Result<GraphSource, Failure> {
    match argument.source.source {
        SourceArgument::Read => Ok(GraphSource::Files),
        SourceArgument::Bazel => Ok(GraphSource::Bazel(bazel_source(argument)?)),
    }
}

/// # Errors
/// When there is no such workspace, it is not trusted, or there is no Bazel.
pub(super) fn bazel_source(argument: &WorkspaceArgument) -> Result<BazelSource, Failure> {
    let root = find_workspace(argument.workspace.as_deref())?;
    let (workspace, bazel) = trusted_bazel(&root, &argument.source.bazel)?;
    Ok(BazelSource { workspace, bazel, keys: TerminalKeys::Shared })
}

/// Warns about what Bazel could not load.
pub(super) fn warn_of_bazel(workspace: &Workspace) {
    for finding in
        workspace.findings.iter().filter(|finding| matches!(finding.code.as_str(), BAZEL_ERROR | NOT_ANSWERED))
    {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        tracing::warn!("{}{line}: {} [{}]", finding.path.display(), finding.message, finding.code);
    }
}

/// # Errors
/// When it can't be read or is no plan.
pub(crate) fn read_plan(path: &Path, model: &AppModel) -> Result<Plan, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::of_input(path, &error))?;
    parse_plan(&text, model).map_err(|error| Failure::Use(format!("{}: {error}", path.display())))
}

/// Returns the workspace's Bazel and the proof that it may run.
///
/// # Errors
/// When the workspace is not trusted, or there is no Bazel.
pub(crate) fn trusted_bazel(
    root: &Path,
    arguments: &BazelArguments,
) -> Result<(TrustedWorkspace, BazelCommand), Failure> {
    let by_option = arguments.trust.then(|| TrustedWorkspace::by_the_users_word(root));
    let bazel = find_bazel(root, arguments.bazel.as_deref()).map_err(|error| match error {
        BazelError::BadCommand { .. } => Failure::Use(error.to_string()),
        _ => Failure::Outside(error.to_string()),
    })?;
    let trusted = by_option.or_else(|| remembered_trust(root)).ok_or_else(|| {
        Failure::Use(format!(
            "{root} is not trusted, and Bazel runs a repository's own code, so nothing was run. To let `{bazel}` run there, \
             pass --trust once or run `layerwright trust {root}`",
            root = root.display(),
        ))
    })?;
    Ok((trusted, bazel))
}
