//! Finds sizes while the app is already open: estimates are shown first. Stopping keeps the estimates.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::design_mut;
use crate::app::state::next_generation;
use crate::app::state::notify;
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
        SizeSource::Index => "Asking the package index",
        SizeSource::Build => "Measuring with Bazel",
    };
    state.sizing.start(generation, Work::new(title, true));
    effects.push(Effect::FindSizes { generation, workspace, model, choices, ask });
    effects
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
        Some(Err(problem)) => notify(state, true, problem),
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
