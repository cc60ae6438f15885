use crate::app::state::undoable_plan::UndoablePlan;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::layers::operations::Operation;
use crate::layers::plan::Plan;
use crate::rewrite::refusal::Refusal;
use std::sync::Arc;

#[derive(Debug)]
pub struct Design {
    pub model: Arc<AppModel>,
    pub plan: UndoablePlan,
    pub evaluation: Evaluation,
    /// The current layers; `None` if not known.
    pub current: Option<Evaluation>,
    pub preview: Option<Preview>,
    /// Why the plan can't be written, if known before Apply.
    pub refusal: Option<Refusal>,
    /// Set while the last Apply is being undone: the plan stays although the files change.
    pub is_taken_back: bool,
}

/// A drop while it is dragged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub operation: Operation,
    pub plan: Plan,
    pub evaluation: Evaluation,
}

impl Design {
    /// The evaluation to draw: of the preview if there is one.
    #[must_use]
    pub fn shown(&self) -> &Evaluation {
        self.preview.as_ref().map_or(&self.evaluation, |preview| &preview.evaluation)
    }

    /// Returns `true` if the plan or dependencies differ from the BUILD files.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.plan.present().same_design(&self.model.on_disk) || !self.plan.changes().is_empty()
    }
}
