//! Reads a workspace again after a change outside. Does IO, on whatever thread calls it; runs none of the workspace's programs.
//!
//! It settles no unfinished write, as opening a workspace does: one may be under way.

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

/// What is as it was stays the same value, so that nobody takes it for news.
///
/// # Errors
/// A sentence, when the workspace can't be read any more.
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

/// A workspace that was read again, with the app that is open.
#[derive(Debug)]
pub struct Refreshed {
    /// As it is now.
    pub(crate) workspace: Arc<Workspace>,
    /// Its history as it is now.
    pub(crate) history: Arc<History>,
    /// Why there is no history.
    pub(crate) history_problem: Option<String>,
    /// The app, or why it can't be planned for any more.
    pub(crate) app: Option<(Label, Result<Arc<AppModel>, String>)>,
    /// When the reading began.
    pub(crate) read_at: SystemTime,
}

/// What was read before, for whoever reads again.
#[derive(Clone, Debug)]
pub struct Known {
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) history: Arc<History>,
    /// The app that is open.
    pub(crate) app: Option<Label>,
    /// Dependencies that the user changed in the plan.
    pub(crate) changes: DependencyChanges,
    /// How numbers are counted.
    pub(crate) choices: Choices,
}
