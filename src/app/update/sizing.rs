//! Finds sizes while the app is already open: estimates are shown first. Stopping keeps the estimates.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::design_mut;
use crate::app::state::next_generation;
use crate::app::state::notify;
use crate::app::state::settings::FetchUnasked;
use crate::app::state::work::Generation;
use crate::app::state::work::Work;
use crate::app::update::advising::{self};
use crate::app::update::asks::evaluate;
use crate::engine::app_model::AppModel;
use crate::engine::sizes::asked_sizes::SizeSource;

/// Stops the search for another app.
pub(crate) fn start(state: &mut AppState, ask: SizeSource) -> Vec<Effect> {
    let mut effects = stop(state);
    let Some(session) = &state.session else { return effects };
    let Some(design) = &session.design else { return effects };
    let (workspace, model) = (Arc::clone(&session.workspace), Arc::clone(&design.model));
    let choices = state.choices.clone();
    let generation = next_generation(state);
    let title = match ask {
        SizeSource::Here => "Getting sizes",
        SizeSource::Index => "Fetching sizes",
        SizeSource::Build => "Measuring with Bazel",
    };
    state.sizing.start(generation, Work::new(title, true));
    state.sizes_asked = ask;
    state.fetch_problem = None;
    effects.push(Effect::FindSizes { generation, workspace, model, choices, ask });
    effects
}

/// Starts to find out the sizes of an app that was just opened: from the package index only where the user allowed it once.
pub(crate) fn start_unasked(state: &mut AppState) -> Vec<Effect> {
    let root = state.session.as_ref().map(|session| session.workspace.root.clone());
    let unasked = root.map(|root| state.settings.fetch_unasked(&root)).unwrap_or_default();
    start(state, if unasked == FetchUnasked::Never { SizeSource::Here } else { SizeSource::Index })
}

/// The user allows or forbids that the index is asked without a click.
pub(crate) fn set_unasked(state: &mut AppState, choice: FetchUnasked) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    state.settings.set_fetch_unasked(&session.workspace.root, choice);
    vec![Effect::SaveSettings(state.settings.clone())]
}

pub(crate) fn stop(state: &mut AppState) -> Vec<Effect> {
    state.sizing.stop().map(|(generation, _)| Effect::Cancel(generation)).into_iter().collect()
}

pub(crate) fn stop_and_say(state: &mut AppState) -> Vec<Effect> {
    let effects = stop(state);
    if !effects.is_empty() {
        notify(state, false, "Stopped. Missing sizes stay estimated.".to_owned());
    }
    effects
}

pub(crate) fn ask(state: &mut AppState, source: SizeSource) -> Vec<Effect> {
    state.dialog = None;
    start(state, source)
}

/// Returns `true` if the search for sizes broke off.
pub(crate) fn failed(state: &mut AppState, generation: Generation, problem: &str) -> bool {
    let is_this = state.sizing.finish(generation).is_some();
    if is_this {
        notify(state, true, format!("Sizes stay estimated: {problem}"));
    }
    is_this
}

pub(crate) fn take(
    state: &mut AppState,
    generation: Generation,
    model: Arc<AppModel>,
    said: Option<Result<String, String>>,
) -> Vec<Effect> {
    if state.sizing.finish(generation).is_none() {
        return Vec::new();
    }
    match said {
        Some(Ok(sentence)) => notify(state, false, sentence),
        Some(Err(problem)) => {
            if state.sizes_asked == SizeSource::Index {
                state.fetch_problem = Some(problem.clone());
            }
            notify(state, true, problem);
        }
        None => {}
    }
    let Some(design) = design_mut(state).filter(|design| design.model.app.label == model.app.label) else {
        return Vec::new();
    };
    design.model = model;
    evaluate(state);
    // Groups suggested by other sizes may not be the best now.
    let had_advice = state.advice.is_some();
    let mut effects = advising::forget_stale(state);
    if had_advice {
        effects.extend(advising::act(state, AdviceAction::Suggest).1);
    }
    effects
}
