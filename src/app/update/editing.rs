//! Changes of the plan: edits, previews, undo and redo, dependencies. Writes nothing.

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::design::Preview;
use crate::app::state::design_mut;
use crate::app::state::drop::PlannedDrop;
use crate::app::state::notify;
use crate::app::state::undoable_plan::UndoablePlan;
use crate::app::state::view::Look;
use crate::app::update::asks::evaluate_plan;
use crate::app::update::asks::preview_text;
use crate::app::update::asks::reopen_app;
use crate::app::update::look::look;
use crate::engine::advice::advice_words::capitalised;
use crate::engine::change::dependency_changes::{DependencyChange, DependencyChanges};
use crate::layers::operations::{Operation, apply};
use crate::layers::plan::Plan;

pub(crate) fn edit(state: &mut AppState, operation: &Operation) -> Vec<Effect> {
    let Some(design) = design_mut(state) else { return Vec::new() };
    // The drop takes what its preview showed.
    let previewed = design.preview.take().filter(|preview| preview.operation == *operation);
    let (plan, evaluation) = match previewed {
        Some(Preview { plan, evaluation, .. }) => (plan, Some(evaluation)),
        None => match apply(design.plan.present(), &design.model.library_names, operation) {
            Ok(plan) => (plan, None),
            Err(error) => {
                notify(state, true, capitalised(&error.to_string()));
                return Vec::new();
            }
        },
    };
    let present = design.plan.present();
    let new_group = plan.groups.iter().find(|group| present.group(group.id).is_none()).map(|group| group.id);
    design.plan.push(plan);
    match evaluation {
        Some(evaluation) => design.evaluation = evaluation,
        None => evaluate_plan(state),
    }
    state.view.renaming = None;
    // The next action is mostly about the new layer, such as its name.
    if new_group.is_some() {
        look(&mut state.view, Look::SelectLayer(new_group));
    }
    preview_text(state)
}

pub(crate) fn preview(state: &mut AppState, drop: Option<PlannedDrop>) -> Vec<Effect> {
    let choices = state.choices.clone();
    let Some(design) = design_mut(state) else { return Vec::new() };
    if design.preview.as_ref().map(|preview| &preview.operation) == drop.as_ref().map(|drop| &drop.operation) {
        return Vec::new();
    }
    design.preview = drop.map(|PlannedDrop { operation, plan }| {
        let evaluation = design.model.evaluate(&plan, &choices);
        Preview { operation, plan, evaluation }
    });
    Vec::new()
}

pub(crate) fn step(state: &mut AppState, direction: fn(&mut UndoablePlan) -> bool) -> Vec<Effect> {
    let Some(design) = design_mut(state) else { return Vec::new() };
    if !direction(&mut design.plan) {
        return Vec::new();
    }
    state.view.renaming = None;
    follow_drafts(state)
}

/// Collects the app anew if dependencies differ from those it was collected with.
fn follow_drafts(state: &mut AppState) -> Vec<Effect> {
    evaluate_plan(state);
    let is_collected = design_mut(state).is_some_and(|design| design.model.changes == *design.plan.changes());
    if is_collected { preview_text(state) } else { reopen_app(state) }
}

pub(crate) fn change_dependency(state: &mut AppState, change: &DependencyChange) -> Vec<Effect> {
    state.dialog = None;
    let Some(session) = &mut state.session else { return Vec::new() };
    let Some(design) = &mut session.design else { return Vec::new() };
    match design.plan.changes().with(&session.workspace, design.plan.present(), change) {
        Ok(changes) => {
            design.plan.push_changes(changes);
            follow_drafts(state)
        }
        Err(reason) => {
            notify(state, true, reason);
            Vec::new()
        }
    }
}

/// As one step.
pub(crate) fn replace_draft(state: &mut AppState, plan: Plan, changes: DependencyChanges) -> Vec<Effect> {
    let Some(design) = design_mut(state) else { return Vec::new() };
    design.plan.push_both(plan, changes);
    follow_drafts(state)
}

/// Back to the BUILD files, as one step.
pub(crate) fn revert(state: &mut AppState) -> Vec<Effect> {
    let Some(design) = design_mut(state).filter(|design| design.is_changed()) else { return Vec::new() };
    // A plan collected with other dependencies is the same plan: groups name targets, not what these bring.
    design.plan.push_both(design.model.on_disk.clone(), DependencyChanges::default());
    follow_drafts(state)
}

pub(crate) fn replace_plan(state: &mut AppState, plan: Plan) -> Vec<Effect> {
    if let Some(design) = design_mut(state)
        && !design.plan.present().same_design(&plan)
    {
        design.plan.push(plan);
        evaluate_plan(state);
        return preview_text(state);
    }
    Vec::new()
}
