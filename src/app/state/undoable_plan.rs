//! What the user has in mind and has not written yet: the plan, and changed dependencies. With undo over both.

use crate::app::state::undo::Undo;
use crate::engine::change::dependency_changes::DependencyChanges;
use crate::layers::plan::Plan;
use crate::workspace::model::Workspace;

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Step {
    plan: Plan,
    changes: DependencyChanges,
}

/// The plan and the changed dependencies, with their past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoablePlan {
    inner: Undo<Step>,
}

impl UndoablePlan {
    /// Starts with a plan, no changed dependencies and no past.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        Self { inner: Undo::new(Step { plan, changes: DependencyChanges::default() }) }
    }

    /// The plan now.
    #[must_use]
    pub fn present(&self) -> &Plan {
        &self.inner.present().plan
    }

    /// The changed dependencies now.
    #[must_use]
    pub fn changes(&self) -> &DependencyChanges {
        &self.inner.present().changes
    }

    /// Another plan, as one step.
    pub fn push(&mut self, plan: Plan) {
        let changes = self.changes().clone();
        self.inner.push(Step { plan, changes });
    }

    /// Other changed dependencies, as one step.
    pub fn push_changes(&mut self, changes: DependencyChanges) {
        let plan = self.present().clone();
        self.inner.push(Step { plan, changes });
    }

    /// Both at once, as one step.
    pub fn push_both(&mut self, plan: Plan, changes: DependencyChanges) {
        self.inner.push(Step { plan, changes });
    }

    /// Forgets the wishes that a workspace fulfils, in every step: they are no difference any more.
    pub fn settle(&mut self, workspace: &Workspace) {
        self.inner.for_each(|draft| draft.changes = draft.changes.unfulfilled(workspace));
    }

    /// One step back; `false` where there is none.
    pub fn undo(&mut self) -> bool {
        self.inner.undo()
    }

    /// One step forward again; `false` where there is none.
    pub fn redo(&mut self) -> bool {
        self.inner.redo()
    }

    /// Whether there is a step back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.inner.can_undo()
    }

    /// Whether there is a step forward.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.inner.can_redo()
    }
}
