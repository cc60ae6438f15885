//! Reads a workspace and its history for the window and the commands. Does IO on the calling thread; runs none of the
//! workspace's programs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::engine::choices::DEFAULT_PYTHON;
use crate::engine::kept::folders::state_folder;
use crate::engine::open::demo;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::open::logged::Logged;
use crate::history::join::keep_window;
use crate::history::locks::lock_difference;
use crate::history::model::History;
use crate::history::reader::{extend_history, read_history};
use crate::history::request::{ContentReaders, HistoryError, HistoryRequest, LockDifference, Window};
use crate::jobs::Watch;
use crate::path_text::slashes;
use crate::rewrite::write::recover::recover;
use crate::workspace::bazel::command::BazelError;
use crate::workspace::bazel::overlay::overlay;
use crate::workspace::bazel::query::{BazelSource, ask_bazel};
use crate::workspace::cache::CachedEvaluator;
use crate::workspace::model::Workspace;
use crate::workspace::platform::{Architecture, Platform};
use crate::workspace::reader::{ReadError, read_workspace};
use crate::workspace::root::{RootError, find_root};
use crate::workspace::toolchain::python_version_said;
use crate::workspace::worker::{Patience, WorkerEvaluator};

#[derive(Debug, Error)]
pub(crate) enum LoadError {
    #[error(transparent)]
    Root(#[from] RootError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Bazel(#[from] BazelError),
    #[error("the evaluator can't be started: {0}")]
    Program(std::io::Error),
    #[error(transparent)]
    Demo(#[from] demo::DemoError),
}

#[derive(Debug)]
pub(crate) struct LoadedFolder {
    pub(crate) workspace: Workspace,
    /// Empty if there is none or none was wanted.
    pub(crate) history: History,
    /// Why there is none although wanted.
    pub(crate) history_problem: Option<String>,
    /// Result of recovering an interrupted write.
    pub(crate) recovered: Option<String>,
}

/// Reads the workspace around `folder` and, with `window`, its history, except what `known` contains. Evaluations are
/// kept in `cache`.
///
/// # Errors
/// When there is no workspace or it can't be read. A missing history is no error.
pub(crate) fn load_folder(
    folder: &Path,
    graph: &GraphSource,
    window: Option<Window>,
    known: Option<&History>,
    cache: Option<&Path>,
    watch: &dyn Watch,
) -> Result<LoadedFolder, LoadError> {
    let watch = &Logged::new(watch);
    let (root, recovered) = open_root(folder)?;
    tracing::debug!("the workspace is {}", root.display());
    let mut workspace = read(&root, cache, watch)?;
    if let GraphSource::Bazel(source) = graph {
        take_bazels_answer(&mut workspace, source, watch)?;
    }
    let (history, history_problem) = match window {
        None => (History::default(), None),
        Some(window) => match history_of(&workspace, window, known, watch) {
            Ok(history) => (history, None),
            Err(error) => (History::default(), Some(error.to_string())),
        },
    };
    let (packages, apps) = (workspace.packages.len(), workspace.apps.len());
    tracing::debug!("{packages} packages, {apps} apps, {} commits of history", history.commits.len());
    Ok(LoadedFolder { workspace, history, history_problem, recovered })
}

/// # Errors
/// When `root` is no workspace, or the evaluator can't be started.
pub(crate) fn read(root: &Path, cache: Option<&Path>, watch: &dyn Watch) -> Result<Workspace, LoadError> {
    let program = std::env::current_exe().map_err(LoadError::Program)?;
    let worker = WorkerEvaluator::new(&program, root, Patience::default());
    let mut evaluator = CachedEvaluator::new(worker, cache, root, &program);
    let workspace = read_workspace(root, watch, &mut evaluator)?;
    evaluator.save();
    Ok(workspace)
}

/// Replaces targets by Bazel's.
///
/// # Errors
/// When Bazel fails; then the workspace is unchanged.
pub(crate) fn take_bazels_answer(
    workspace: &mut Workspace,
    source: &BazelSource,
    watch: &dyn Watch,
) -> Result<(), BazelError> {
    let hubs: Vec<String> = workspace.hubs.keys().cloned().collect();
    let answer = ask_bazel(source, hubs, watch)?;
    overlay(workspace, answer);
    Ok(())
}

/// Finds the root of the workspace around `folder` and recovers an interrupted write.
///
/// # Errors
/// When there is no workspace.
pub(crate) fn open_root(folder: &Path) -> Result<(PathBuf, Option<String>), RootError> {
    let root = find_root(folder)?;
    let recovered = settle_unfinished_write(&root);
    Ok((root, recovered))
}

/// Difference of two versions of a lock. The first version changes no package, because it says nothing of what was
/// installed before. Only what images get counts: Linux on either processor, with the workspace's Python.
fn difference_since_birth(python: (u32, u32), path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> LockDifference {
    let platforms = [Architecture::Amd64, Architecture::Arm64].map(|arch| Platform { arch, ..Platform::default() });
    match old {
        None => LockDifference::Packages(BTreeSet::new()),
        Some(_) => lock_difference(&platforms, python, path, old, new),
    }
}

/// Recovers an interrupted write before any file is read.
fn settle_unfinished_write(root: &Path) -> Option<String> {
    match recover(root, &state_folder()) {
        Ok(None) => None,
        Ok(Some(recovery)) => Some(recovery.to_string()),
        Err(error) => Some(error.to_string()),
    }
}

/// Reads the demo; unpacks it first if `is_new`.
///
/// # Errors
/// When it can't be unpacked.
pub(crate) fn load_demo(
    is_new: bool,
    graph: &GraphSource,
    window: Window,
    cache: Option<&Path>,
    watch: &dyn Watch,
) -> Result<LoadedFolder, LoadError> {
    let root = if is_new || !demo::folder().exists() { demo::unpack()? } else { demo::folder() };
    let mut loaded = load_folder(&root, graph, None, None, cache, watch)?;
    loaded.history = keep_window(demo::sample_history()?, window);
    Ok(loaded)
}

/// Reads another window of the history; `known` is what was read of it before.
///
/// # Errors
/// A sentence when there is no history, or it can't be read.
pub(crate) fn read_window(
    workspace: &Workspace,
    known: &History,
    window: Window,
    watch: &dyn Watch,
) -> Result<History, String> {
    if known.is_sample {
        let sample = demo::sample_history().map_err(|error| error.to_string())?;
        return Ok(keep_window(sample, window));
    }
    history_of(workspace, window, Some(known), watch).map_err(|error| error.to_string())
}

fn history_of(
    workspace: &Workspace,
    window: Window,
    known: Option<&History>,
    watch: &dyn Watch,
) -> Result<History, HistoryError> {
    let mut lock_paths: Vec<String> = workspace.hubs.values().map(|hub| slashes(&hub.lock_path)).collect();
    lock_paths.sort();
    lock_paths.dedup();
    let request = HistoryRequest {
        root: workspace.root.clone(),
        window,
        lock_paths,
        interpreter_files: workspace.python_files.iter().cloned().collect(),
    };
    let python = workspace.python.as_ref().map_or(DEFAULT_PYTHON, |choice| choice.version);
    let difference =
        move |path: &str, old: Option<&[u8]>, new: Option<&[u8]>| difference_since_birth(python, path, old, new);
    let contents = ContentReaders { lock_difference: &difference, interpreter_version: &python_version_said };
    match known.filter(|known| known.request.as_ref() == Some(&request)) {
        Some(known) => extend_history(known.clone(), &request, &contents, watch),
        None => read_history(&request, &contents, watch),
    }
}
