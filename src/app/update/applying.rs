//! From the plan to files: the review, the write, and taking it back. The files themselves are the effects' business.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::dialogs::ApplyDialog;
use crate::app::state::dialogs::Dialog;
use crate::app::state::session::Session;
use crate::app::state::start_work;
use crate::app::state::undoable_plan::UndoablePlan;
use crate::engine::change::prepare::Agreed;
use crate::label::Label;

/// What was agreed to in the review that is open.
pub(crate) fn agreed(state: &AppState) -> Agreed {
    match &state.dialog {
        Some(Dialog::Apply(dialog)) => dialog.agreed.clone(),
        _ => Agreed::default(),
    }
}

/// Comments that were agreed to belong to another change set; they are asked about again.
pub(crate) fn remove_library(state: &mut AppState, label: Label, goes: bool) -> Vec<Effect> {
    let mut agreed = Agreed { drop_comments: false, ..agreed(state) };
    if goes {
        agreed.remove_libraries.insert(label);
    } else {
        agreed.remove_libraries.remove(&label);
    }
    prepare_change(state, agreed)
}

pub(crate) fn prepare_change(state: &mut AppState, agreed: Agreed) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let (workspace, model, plan) =
        (Arc::clone(&session.workspace), Arc::clone(&design.model), design.plan.present().clone());
    state.dialog = Some(Dialog::Apply(ApplyDialog { prepared: None, file: 0, agreed: agreed.clone() }));
    let generation = start_work(state, "Making the change", true);
    vec![Effect::PrepareChange { generation, workspace, model, plan, agreed }]
}

/// Closes a review whose change set is still being made: it will not come.
pub(crate) fn close_if_waiting(state: &mut AppState) {
    let is_waiting = match &state.dialog {
        Some(Dialog::Apply(dialog)) => dialog.prepared.is_none(),
        Some(Dialog::Rules(dialog)) => dialog.prepared.is_none(),
        _ => false,
    };
    if is_waiting {
        state.dialog = None;
    }
}

pub(crate) fn write_change(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let root = session.workspace.root.clone();
    let Some(Dialog::Apply(ApplyDialog { prepared: Some(Ok(prepared)), agreed, .. })) = &state.dialog else {
        return Vec::new();
    };
    let change = prepared.change.clone();
    let bazel = prepared.bazel.clone().filter(|_| agreed.ask_bazel);
    // A write is short and whole: it can't be stopped half way. Bazel can, and then the files are as before.
    let generation = match &bazel {
        Some(_) => start_work(state, "Writing the BUILD files and asking Bazel about them", true),
        None => start_work(state, "Writing the BUILD files", false),
    };
    vec![Effect::Write { generation, root, change, bazel }]
}

pub(crate) fn undo_on_disk(state: &mut AppState) -> Vec<Effect> {
    state.notices.retain(|notice| !notice.offers_undo);
    let Some(session) = &state.session else { return Vec::new() };
    let Some(written) = session.last_written.clone() else { return Vec::new() };
    let root = session.workspace.root.clone();
    let generation = start_work(state, "Taking the change back", false);
    vec![Effect::UndoWrite { generation, root, written }]
}

/// The last change was taken back: the plan is what it was when it was written, unless it was changed since. Says whether there
/// is a plan to go on with.
pub(crate) fn take_back(session: &mut Session) -> bool {
    session.last_written = None;
    let written = session.written_plan.take();
    let Some(design) = &mut session.design else { return false };
    let is_of_app = |(app, _): &(Label, UndoablePlan)| *app == design.model.app.label;
    let Some((_, plan)) = written.filter(is_of_app).filter(|_| !design.is_changed()) else {
        return design.is_changed();
    };
    design.plan = plan;
    design.is_taken_back = true;
    true
}
