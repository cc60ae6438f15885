//! Reads a workspace again after a change outside. Does IO on the calling thread; runs none of the workspace's
//! programs. Recovers no interrupted write, because one may be in progress.

use crate::engine::change::dependency_changes::DependencyChanges;
use crate::engine::choices::Choices;
use crate::jobs::Watch;

use crate::engine::app_model::AppModel;
use crate::history::model::History;
use crate::label::Label;
use crate::workspace::model::Workspace;

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use crate::engine::find_app::find_app;
use crate::engine::open::load::{read, read_window};
use crate::engine::sizes::known_sizes::open_model;

/// Unchanged values stay shared, so that nobody takes them for news.
///
/// # Errors
/// A sentence when the workspace can't be read any more.
pub(crate) fn read_again(known: Known, cache: Option<&Path>, watch: &dyn Watch) -> Result<Refreshed, String> {
    let read_at = SystemTime::now();
    let Known { workspace, history, app, changes, choices } = known;
    let now = read(&workspace.root, cache, watch).map_err(|error| error.to_string())?;
    let workspace = if now == *workspace { workspace } else { Arc::new(now) };
    let (history, history_problem) = match read_window(&workspace, &history, choices.window, watch) {
        Ok(now) if now == *history => (history, None),
        Ok(now) => (Arc::new(now), None),
        Err(problem) => (Arc::default(), Some(problem)),
    };
    let app = app.map(|label| {
        let changed = changes.applied(&workspace);
        let model = find_app(&changed, &label.to_string()).and_then(|found| {
            open_model(&changed, &history, &found, &choices, watch).map_err(|error| error.to_string())
        });
        let with_changes = |mut model: AppModel| {
            model.changes = changes;
            Arc::new(model)
        };
        (label, model.map(with_changes))
    });
    Ok(Refreshed { workspace, history, history_problem, app, read_at })
}

#[derive(Debug)]
pub struct Refreshed {
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) history: Arc<History>,
    pub(crate) history_problem: Option<String>,
    /// The open app, or why it can't be planned for any more.
    pub(crate) app: Option<(Label, Result<Arc<AppModel>, String>)>,
    pub(crate) read_at: SystemTime,
}

#[derive(Clone, Debug)]
pub struct Known {
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) history: Arc<History>,
    pub(crate) app: Option<Label>,
    pub(crate) changes: DependencyChanges,
    pub(crate) choices: Choices,
}
