//! The unwritten plan and changed dependencies, with undo over both.

use crate::app::state::undo::Undo;
use crate::engine::change::dependency_changes::DependencyChanges;
use crate::layers::plan::Plan;
use crate::workspace::model::Workspace;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Step {
    plan: Plan,
    changes: DependencyChanges,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoablePlan {
    inner: Undo<Step>,
}

impl UndoablePlan {
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { inner: Undo::new(Step { plan, changes: DependencyChanges::default() }) }
    }

    #[must_use]
    pub fn present(&self) -> &Plan {
        &self.inner.present().plan
    }

    #[must_use]
    pub fn changes(&self) -> &DependencyChanges {
        &self.inner.present().changes
    }

    /// As one step.
    pub fn push(&mut self, plan: Plan) {
        let changes = self.changes().clone();
        self.inner.push(Step { plan, changes });
    }

    /// As one step.
    pub fn push_changes(&mut self, changes: DependencyChanges) {
        let plan = self.present().clone();
        self.inner.push(Step { plan, changes });
    }

    /// As one step.
    pub fn push_both(&mut self, plan: Plan, changes: DependencyChanges) {
        self.inner.push(Step { plan, changes });
    }

    /// Drops changes, in every step, that the workspace already contains.
    pub fn settle(&mut self, workspace: &Workspace) {
        self.inner.for_each(|draft| draft.changes = draft.changes.unfulfilled(workspace));
    }

    pub fn undo(&mut self) -> bool {
        self.inner.undo()
    }

    pub fn redo(&mut self) -> bool {
        self.inner.redo()
    }

    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.inner.can_undo()
    }

    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.inner.can_redo()
    }
}
