//! The deploys and the part of the history that numbers count.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::notify;
use crate::app::state::start_work;
use crate::app::update::advising::{self};
use crate::app::update::asks::evaluate;
use crate::engine::advice::advice_words::capitalised;
use crate::engine::app_model::AppModel;
use crate::history::deploys::{Cadence, CadenceError};
use crate::history::model::History;
use crate::history::request::Window;

/// A malformed pattern changes nothing and is reported.
pub(crate) fn set_cadence(state: &mut AppState, cadence: Cadence) -> Vec<Effect> {
    let replaced = replace_model(state, |model, history| model.with_cadence(history, &cadence));
    match replaced {
        Ok(()) => state.choices.cadence = cadence,
        Err(error) => {
            notify(state, true, capitalised(&error.to_string()));
            return Vec::new();
        }
    }
    counted_anew(state)
}

/// The present window stays until the new one is read.
pub(crate) fn set_window(state: &mut AppState, window: Window) -> Vec<Effect> {
    let Some(session) = &state.session else {
        state.choices.window = window;
        return Vec::new();
    };
    let (workspace, known) = (Arc::clone(&session.workspace), Arc::clone(&session.history));
    let generation = start_work(state, "Reading the history", true);
    vec![Effect::ReadHistory { generation, workspace, known, window }]
}

pub(crate) fn take_history(state: &mut AppState, window: Window, result: Result<Arc<History>, String>) -> Vec<Effect> {
    let history = match result {
        Ok(history) => history,
        Err(problem) => {
            notify(state, true, problem);
            return Vec::new();
        }
    };
    state.choices.window = window;
    if let Some(session) = &mut state.session {
        session.history = history;
        session.history_problem = None;
    }
    let cadence = state.choices.cadence.clone();
    if let Err(error) = replace_model(state, |model, history| model.with_history(history, &cadence)) {
        notify(state, true, capitalised(&error.to_string()));
    }
    counted_anew(state)
}

fn replace_model(
    state: &mut AppState,
    change: impl FnOnce(&AppModel, &History) -> Result<AppModel, CadenceError>,
) -> Result<(), CadenceError> {
    let Some(session) = &mut state.session else { return Ok(()) };
    if let Some(design) = &mut session.design {
        design.model = Arc::new(change(&design.model, &session.history)?);
    }
    Ok(())
}

/// Updates figures, and a suggestion made for other deploys.
fn counted_anew(state: &mut AppState) -> Vec<Effect> {
    state.view.deploy = None;
    evaluate(state);
    if state.advice.is_some() { advising::act(state, AdviceAction::Suggest).1 } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::{Action, Answer};
    use crate::app::fixture;
    use crate::app::state::design::Design;
    use crate::app::state::view::Look;
    use crate::app::update::update;
    use crate::byte_count::ByteCount;

    fn design(state: &AppState) -> &Design {
        state.session.as_ref().unwrap().design.as_ref().unwrap()
    }

    fn repull(state: &AppState) -> ByteCount {
        design(state).evaluation.numbers.totals.repull_per_deploy.unwrap().bytes
    }

    #[test]
    fn fewer_deploys_cost_more_each_and_the_plan_stays() {
        let mut state = fixture::state();
        let (plan, before) = (design(&state).plan.present().clone(), repull(&state));
        update(&mut state, Action::Look(Look::Deploy(Some(7))));
        update(&mut state, Action::SetCadence(Cadence::EveryN(5)));
        assert_eq!(design(&state).evaluation.numbers.deploys, 2);
        assert!(repull(&state) > before);
        assert_eq!(design(&state).plan.present(), &plan);
        assert_eq!((state.choices.cadence.clone(), state.view.deploy), (Cadence::EveryN(5), None));
        update(&mut state, Action::SetCadence(Cadence::EveryCommit));
        assert_eq!(repull(&state), before);
    }

    #[test]
    fn a_malformed_pattern_is_said_and_changes_nothing() {
        let mut state = fixture::state();
        update(&mut state, Action::SetCadence(Cadence::Tags("v[".to_owned())));
        assert!(state.notices.last().is_some_and(|notice| notice.is_error && notice.text.contains("`v[`")));
        assert_eq!(state.choices.cadence, Cadence::EveryCommit);
        update(&mut state, Action::SetCadence(Cadence::Tags("v*".to_owned())));
        assert_eq!(design(&state).evaluation.numbers.deploys, 0, "no commit has a tag");
        assert_eq!(design(&state).evaluation.numbers.totals.repull_per_deploy, None);
    }

    #[test]
    fn another_window_is_asked_for_and_taken_when_it_is_there() {
        let mut state = fixture::state();
        let effects = update(&mut state, Action::SetWindow(Window::Commits(4)));
        let [Effect::ReadHistory { generation, known, window, .. }] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!((known.commits.len(), *window), (10, Window::Commits(4)));
        assert_eq!(state.choices.window, Window::Commits(500), "not before it is there");
        let read = crate::history::join::keep_window(fixture::history(), *window);
        update(&mut state, Action::Answer(Answer::HistoryRead(*generation, *window, Ok(Arc::new(read)))));
        assert_eq!(state.choices.window, Window::Commits(4));
        assert_eq!((design(&state).model.measures.commits, design(&state).evaluation.numbers.deploys), (4, 4));
        assert!(!state.work.is_active());
    }

    #[test]
    fn a_window_that_can_t_be_read_leaves_the_one_before() {
        let mut state = fixture::state();
        let effects = update(&mut state, Action::SetWindow(Window::All));
        let [Effect::ReadHistory { generation, .. }] = &effects[..] else { panic!("{effects:?}") };
        update(&mut state, Action::Answer(Answer::HistoryRead(*generation, Window::All, Err("Broken".to_owned()))));
        assert_eq!(design(&state).model.measures.commits, 10);
        assert!(state.notices.last().is_some_and(|notice| notice.is_error));
    }
}
