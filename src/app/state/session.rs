//! The open workspace.

use crate::app::state::design::Design;

use crate::app::state::undoable_plan::UndoablePlan;
use crate::engine::open::graph_source::GraphSource;
use crate::history::model::History;
use crate::label::Label;
use crate::rewrite::write::Written;
use crate::workspace::model::Workspace;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

/// Where a workspace comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceSource {
    /// The demo that is bundled with the program.
    Demo,
    /// A folder.
    Folder(PathBuf),
}

/// One open workspace.
#[derive(Debug)]
pub struct Session {
    /// Where it comes from.
    pub source: WorkspaceSource,
    /// Who said what its targets are.
    pub graph: GraphSource,
    /// As it was read.
    pub workspace: Arc<Workspace>,
    /// Its history; empty, with the reason beside it, where there is none.
    pub history: Arc<History>,
    /// Why there is no history.
    pub history_problem: Option<String>,
    /// When its reading began: it shows every change before that.
    pub read_at: SystemTime,
    /// The app that is being planned for.
    pub design: Option<Design>,
    /// Why the app that was chosen can't be planned for.
    pub app_problem: Option<(Label, String)>,
    /// The last change that was written, for undo on disk.
    pub last_written: Option<Arc<Written>>,
    /// The plan as it was when that change was written, with its app: taking the change back leaves it to go on with.
    pub written_plan: Option<(Label, UndoablePlan)>,
}

impl Session {
    /// The app that is being planned for, or that should be.
    #[must_use]
    pub fn open_app(&self) -> Option<Label> {
        let planned = self.design.as_ref().map(|design| &design.model.app.label);
        planned.or(self.app_problem.as_ref().map(|(label, _)| label)).cloned()
    }
}

/// A workspace with its history.
#[derive(Debug)]
pub struct Loaded {
    /// Where it comes from.
    pub source: WorkspaceSource,
    /// Who said what its targets are.
    pub graph: GraphSource,
    /// As it was read.
    pub workspace: Arc<Workspace>,
    /// Its history.
    pub history: Arc<History>,
    /// Why there is no history.
    pub history_problem: Option<String>,
    /// What became of a write that was cut short, where there was one.
    pub recovered: Option<String>,
    /// The app to open first, where one was asked for, or why there is none.
    pub app: Option<Result<Label, String>>,
    /// When the reading began.
    pub read_at: SystemTime,
}
