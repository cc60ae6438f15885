//! The state with the app of `engine::fixture` open, for the tests of the state and of the window.

use std::sync::Arc;

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::{Session, WorkspaceSource};
use crate::app::state::undoable_plan::UndoablePlan;
use crate::engine::fixture::{self, planned_with};
pub(crate) use crate::engine::fixture::{history, label, workspace};
use crate::history::model::History;
use crate::layers::partition::LayerKind;
use crate::workspace::model::Workspace;

/// The app with the plan of its BUILD file, under a macro that partitions.
pub(crate) fn design() -> Design {
    design_with("py_layers")
}

/// The same under a macro that makes its layers with another rule.
pub(crate) fn design_with(layer_rule: &str) -> Design {
    design_of(&workspace(layer_rule), &history())
}

/// The first app of a workspace with the plan of its BUILD file.
pub(crate) fn design_of(workspace: &Workspace, history: &History) -> Design {
    let fixture::Planned { model, plan, evaluation } = planned_with(workspace, history);
    Design {
        plan: UndoablePlan::new(plan),
        current: Some(evaluation.clone()),
        evaluation,
        preview: None,
        refusal: None,
        is_taken_back: false,
        model,
    }
}

/// The layers `pip_deps` and `internal_libs`.
pub(crate) fn layers(design: &Design) -> [LayerKind; 2] {
    fixture::layers(design.plan.present())
}

/// A state in which the app is open.
pub(crate) fn state() -> AppState {
    state_of(design(), workspace("py_layers"), history())
}

/// A state in which `design` is open.
pub(crate) fn state_of(design: Design, workspace: Workspace, history: History) -> AppState {
    AppState {
        session: Some(Session {
            read_at: std::time::SystemTime::UNIX_EPOCH,
            graph: crate::engine::open::graph_source::GraphSource::Files,
            source: WorkspaceSource::Demo,
            workspace: Arc::new(workspace),
            history: Arc::new(history),
            history_problem: None,
            design: Some(design),
            app_problem: None,
            last_written: None,
            written_plan: None,
        }),
        ..AppState::default()
    }
}
