use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::session::Session;
use crate::app::state::start_work;
use crate::app::state::undoable_plan::UndoablePlan;
use crate::label::Label;

pub(crate) fn undo_on_disk(state: &mut AppState) -> Vec<Effect> {
    state.notices.retain(|notice| !notice.offers_undo);
    let Some(session) = &state.session else { return Vec::new() };
    let Some(written) = session.last_written.clone() else { return Vec::new() };
    let root = session.workspace.root.clone();
    let generation = start_work(state, "Undoing the change", false);
    vec![Effect::UndoWrite { generation, root, written }]
}

/// Restores the plan of the undone write unless it was changed since. Returns `true` if there is a plan to go on with.
pub(crate) fn take_back(session: &mut Session) -> bool {
    session.last_written = None;
    let written = session.written_plan.take();
    let Some(design) = &mut session.design else { return false };
    let is_same_app = |(app, _): &(Label, UndoablePlan)| *app == design.model.app.label;
    let Some((_, plan)) = written.filter(is_same_app).filter(|_| !design.is_changed()) else {
        return design.is_changed();
    };
    design.plan = plan;
    design.is_taken_back = true;
    true
}
