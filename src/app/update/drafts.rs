//! Unapplied plans, kept outside of the workspace so that no crash loses them. `draft_files` does the IO.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::notify;
use crate::app::update::editing::replace_draft;
use crate::engine::app_model::AppModel;
use crate::engine::change::dependency_changes::DependencyChanges;
use crate::engine::kept::draft_files::Kept;
use crate::label::Label;
use crate::layers::plan::Plan;

/// Keeps the plan if it differs from the BUILD file, else drops the kept copy.
pub(crate) fn keep(state: &mut AppState) -> Option<Effect> {
    let session = state.session.as_ref()?;
    let design = session.design.as_ref()?;
    let plan = design.plan.present();
    let is_seen = |(model, seen): &(Arc<AppModel>, Plan)| Arc::ptr_eq(model, &design.model) && seen == plan;
    if state.draft.seen.as_ref().is_some_and(is_seen) {
        return None;
    }
    state.draft.seen = Some((Arc::clone(&design.model), plan.clone()));
    let (root, app) = (session.workspace.root.clone(), design.model.app.label.clone());
    if design.is_changed() {
        state.draft.kept = Some((root.clone(), app));
        return Some(Effect::KeepDraft { root, model: Arc::clone(&design.model), plan: plan.clone() });
    }
    // A plan kept by an earlier start stays: it may not have been offered yet.
    let kept = state.draft.kept.take_if(|kept| *kept == (root, app));
    kept.map(|(root, app)| Effect::DropDraft { root, app })
}

/// The user agreed to lose the plan.
pub(crate) fn discard(state: &mut AppState) -> Option<Effect> {
    state.draft.kept.take().map(|(root, app)| Effect::DropDraft { root, app })
}

/// Looks for what an earlier start left of the app that was just opened.
pub(crate) fn look_for(state: &AppState) -> Option<Effect> {
    let session = state.session.as_ref()?;
    let model = Arc::clone(&session.design.as_ref()?.model);
    Some(Effect::FindDraft { root: session.workspace.root.clone(), model })
}

/// Restores a kept plan as one undo step; later steps stay.
pub(crate) fn take_up(state: &mut AppState, app: &Label, found: Result<Option<Kept>, String>) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = session.design.as_ref().filter(|design| design.model.app.label == *app) else {
        return Vec::new();
    };
    let Kept { plan, changes } = match found {
        Ok(Some(kept)) => kept,
        Ok(None) => return Vec::new(),
        Err(problem) => {
            notify(state, true, format!("Couldn't restore your last plan. {problem}"));
            return Vec::new();
        }
    };
    // Drops changes that the workspace already contains or no longer accepts.
    let changes = changes.iter().fold(DependencyChanges::default(), |so_far, change| {
        so_far.with(&session.workspace, &plan, change).unwrap_or(so_far)
    });
    if plan.same_design(&design.model.on_disk) && changes.is_empty() {
        return vec![Effect::DropDraft { root: session.workspace.root.clone(), app: app.clone() }];
    }
    if design.is_changed() {
        return Vec::new();
    }
    let effects = replace_draft(state, plan, changes);
    notify(state, false, "Restored your unapplied plan from last time. Undo returns to the BUILD file.".to_owned());
    effects
}
