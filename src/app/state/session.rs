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

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceSource {
    Demo,
    Folder(PathBuf),
}

#[derive(Debug)]
pub struct Session {
    pub source: WorkspaceSource,
    /// Source of the targets.
    pub graph: GraphSource,
    pub workspace: Arc<Workspace>,
    /// Empty if there is none.
    pub history: Arc<History>,
    pub history_problem: Option<String>,
    /// When reading began. Changes before that are included.
    pub read_at: SystemTime,
    pub design: Option<Design>,
    /// The chosen app, if it can't be planned for, with the reason.
    pub app_problem: Option<(Label, String)>,
    /// The last written change, for Undo Apply.
    pub last_written: Option<Arc<Written>>,
    /// The app and its plan at that write, restored when the write is undone.
    pub written_plan: Option<(Label, UndoablePlan)>,
}

impl Session {
    /// The app that is open, or was chosen.
    #[must_use]
    pub fn open_app(&self) -> Option<Label> {
        let planned = self.design.as_ref().map(|design| &design.model.app.label);
        planned.or(self.app_problem.as_ref().map(|(label, _)| label)).cloned()
    }
}

#[derive(Debug)]
pub struct Loaded {
    pub source: WorkspaceSource,
    pub graph: GraphSource,
    pub workspace: Arc<Workspace>,
    pub history: Arc<History>,
    pub history_problem: Option<String>,
    /// Result of recovering an interrupted write.
    pub recovered: Option<String>,
    /// The app to open first, if one was asked for.
    pub app: Option<Result<Label, String>>,
    pub read_at: SystemTime,
}
