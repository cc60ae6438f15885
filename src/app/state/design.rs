//! The app that is being planned for.

use crate::app::state::undoable_plan::UndoablePlan;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::layers::operations::Operation;
use crate::layers::plan::Plan;
use crate::rewrite::refusal::Refusal;
use std::sync::Arc;

/// One app with its plan.
#[derive(Debug)]
pub struct Design {
    /// What is known of the app.
    pub model: Arc<AppModel>,
    /// The plan with its past.
    pub plan: UndoablePlan,
    /// What follows from the plan.
    pub evaluation: Evaluation,
    /// The layers that the BUILD files give today; `None` where that is not known.
    pub current: Option<Evaluation>,
    /// What would follow from the drop that is in the air.
    pub preview: Option<Preview>,
    /// Why the plan can't be written, as far as that is known before Apply.
    pub refusal: Option<Refusal>,
    /// Whether its Apply is being taken back: the plan then stays, though the files say something else again.
    pub is_taken_back: bool,
}

/// A drop in the air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What the drop would do.
    pub operation: Operation,
    /// The plan after it.
    pub plan: Plan,
    /// What would follow.
    pub evaluation: Evaluation,
}

impl Design {
    /// The evaluation to draw: of the drop in the air if there is one, else of the plan.
    #[must_use]
    pub fn shown(&self) -> &Evaluation {
        self.preview.as_ref().map_or(&self.evaluation, |preview| &preview.evaluation)
    }

    /// The plan to draw, likewise.
    #[must_use]
    pub fn shown_plan(&self) -> &Plan {
        self.preview.as_ref().map_or_else(|| self.plan.present(), |preview| &preview.plan)
    }

    /// Whether the plan, or a dependency, differs from what stands in the BUILD files.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.plan.present().same_design(&self.model.on_disk) || !self.plan.changes().is_empty()
    }
}
