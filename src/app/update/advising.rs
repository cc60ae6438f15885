//! Suggestions: the search, the groups still offered, and accepting them.

use crate::app::state::advice::{AdviceAction, AdviceState};
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::advice::objective::Objective;
use crate::advice::suggest::SuggestOptions;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::view::BottomTab;
use crate::app::state::work::{Generation, Pending};
use crate::app::state::{next_generation, notify};
use crate::engine::advice::advice_words::{capitalised, order_lines};
use crate::engine::advice::advise::{Advice, best_ordered};
use crate::layers::plan::{LayerGroup, Plan};

/// Returns the new plan if it changes.
pub(crate) fn act(state: &mut AppState, action: AdviceAction) -> (Option<Plan>, Vec<Effect>) {
    match action {
        AdviceAction::Suggest => (None, suggest(state)),
        AdviceAction::Stop => (None, stop(state)),
        AdviceAction::AcceptAll => {
            let plan = with_all(state);
            let effects = close(state);
            (plan, effects)
        }
        AdviceAction::Accept(name) => {
            let plan = with_group(state, &name);
            settle(state, name);
            (plan, Vec::new())
        }
        AdviceAction::Dismiss(name) => {
            settle(state, name);
            (None, Vec::new())
        }
        AdviceAction::DismissAll => (None, close(state)),
        AdviceAction::BestOrder => (best_order(state), Vec::new()),
        AdviceAction::ToggleWhy(name) => {
            if let Some(advice) = &mut state.advice {
                advice.why = if advice.why.as_ref() == Some(&name) { None } else { Some(name) };
            }
            (None, Vec::new())
        }
    }
}

/// Takes an intermediate or the last result.
pub(crate) fn take(state: &mut AppState, generation: Generation, found: Arc<Advice>, is_last: bool) {
    if let Some(advice) = state.advice.as_mut().filter(|advice| advice.search.is_for(generation)) {
        advice.evaluation = Some(advice.model.evaluate(&found.plan, &state.choices));
        advice.advice = Some(found);
        if is_last {
            advice.search.finish(generation);
        }
    }
}

/// Drops a suggestion for another app, or for other numbers of the same one.
pub(crate) fn forget_stale(state: &mut AppState) -> Vec<Effect> {
    let model = state.session.as_ref().and_then(|session| session.design.as_ref()).map(|design| &design.model);
    let is_stale =
        state.advice.as_ref().is_some_and(|advice| model.is_none_or(|model| !Arc::ptr_eq(model, &advice.model)));
    if is_stale { close(state) } else { Vec::new() }
}

/// Drops the suggestion whose search broke off.
pub(crate) fn failed(state: &mut AppState, generation: Generation) -> bool {
    let is_this = state.advice.as_ref().is_some_and(|advice| advice.search.is_for(generation));
    if is_this {
        state.advice = None;
    }
    is_this
}

fn suggest(state: &mut AppState) -> Vec<Effect> {
    let mut effects = stop(state);
    let Some(session) = &state.session else { return effects };
    let Some(design) = &session.design else { return effects };
    let (workspace, model) = (Arc::clone(&session.workspace), Arc::clone(&design.model));
    let generation = next_generation(state);
    let mut search = Pending::default();
    search.start(generation, ());
    state.advice = Some(AdviceState {
        search,
        advice: None,
        evaluation: None,
        settled: BTreeSet::new(),
        why: None,
        model: Arc::clone(&model),
    });
    state.view.bottom = Some(BottomTab::Advice);
    let options = SuggestOptions {
        objective: Objective { profile: state.choices.profile, ..Objective::default() },
        ..SuggestOptions::default()
    };
    effects.push(Effect::Suggest { generation, workspace, model, options });
    effects
}

fn stop(state: &mut AppState) -> Vec<Effect> {
    let stopped = state.advice.as_mut().and_then(|advice| advice.search.stop());
    stopped.map(|(generation, ())| Effect::Cancel(generation)).into_iter().collect()
}

fn close(state: &mut AppState) -> Vec<Effect> {
    let effects = stop(state);
    state.advice = None;
    effects
}

/// The plan in its best order; shows the reasons.
fn best_order(state: &mut AppState) -> Option<Plan> {
    let session = state.session.as_ref()?;
    let design = session.design.as_ref()?;
    let objective = Objective { profile: state.choices.profile, ..Objective::default() };
    let ordered = best_ordered(&session.workspace, &design.model, design.plan.present(), objective);
    let is_same = ordered.plan.same_design(design.plan.present());
    let lines: Vec<String> = order_lines(&ordered).iter().map(|line| capitalised(line)).collect();
    let sentence = if is_same { "The order is already optimal" } else { "Order optimized" };
    notify(state, false, format!("{sentence}. {}.", lines.join(". ")));
    Some(ordered.plan)
}

/// The last settled group ends the offer; its curve stays.
fn settle(state: &mut AppState, name: String) {
    if let Some(advice) = &mut state.advice {
        advice.settled.insert(name);
    }
}

/// The suggestion; after some of it was accepted or dismissed, the plan with the rest of it.
fn with_all(state: &AppState) -> Option<Plan> {
    let advice = state.advice.as_ref()?;
    let found = advice.advice.as_ref()?;
    if advice.settled.is_empty() {
        return Some(found.plan.clone());
    }
    let present = state.session.as_ref()?.design.as_ref()?.plan.present().clone();
    Some(advice.open().iter().fold(present, |plan, group| with_group_in(found, &plan, &group.name).unwrap_or(plan)))
}

fn with_group(state: &AppState, name: &str) -> Option<Plan> {
    let found = state.advice.as_ref()?.advice.as_ref()?;
    let design = state.session.as_ref()?.design.as_ref()?;
    with_group_in(found, design.plan.present(), name)
}

/// Adds a suggested group above those suggested below it, with the targets that no other group names.
fn with_group_in(found: &Advice, plan: &Plan, name: &str) -> Option<Plan> {
    let place = found.plan.groups.iter().position(|group| group.name == name)?;
    let group = found.plan.groups.get(place)?;
    let mut plan = plan.clone();
    let id =
        plan.groups.iter().find(|present| present.name == name).map_or_else(|| plan.free_id(), |present| present.id);
    plan.groups.retain(|present| present.name != name);
    for present in &mut plan.groups {
        present.targets.retain(|target| !group.targets.contains(target));
    }
    plan.groups.retain(|present| !present.targets.is_empty());
    let below: Vec<&str> = found.plan.groups.iter().take(place).map(|group| group.name.as_str()).collect();
    let position = plan.groups.iter().rposition(|present| below.contains(&present.name.as_str()));
    plan.groups.insert(position.map_or(0, |position| position + 1), LayerGroup { id, ..group.clone() });
    Some(plan)
}

impl From<AdviceAction> for Action {
    fn from(action: AdviceAction) -> Self {
        Self::Advice(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::verdict::Verdict;
    use crate::app::action::Answer;
    use crate::app::fixture;
    use crate::app::update::update;
    use crate::engine::advice::advise::advise;
    use crate::history::cost::PullProfile;
    use crate::jobs::Unwatched;

    fn ask(state: &mut AppState) -> (Generation, Arc<Advice>) {
        let effects = update(state, Action::Advice(AdviceAction::Suggest));
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Suggest { generation, workspace, model, options } => {
                Some((*generation, workspace, model, *options))
            }
            _ => None,
        });
        let (generation, workspace, model, options) = asked.unwrap();
        (generation, Arc::new(advise(workspace, model, options, &mut |_| {}, &Unwatched)))
    }

    #[test]
    fn the_best_so_far_is_shown_and_the_last_answer_ends_the_search() {
        let mut state = fixture::state();
        let (generation, advice) = ask(&mut state);
        assert!(state.advice.as_ref().unwrap().search.is_active());
        update(&mut state, Action::Answer(Answer::AdviceSoFar(generation, Arc::clone(&advice))));
        assert!(state.advice.as_ref().is_some_and(|open| open.search.is_active() && open.advice.is_some()));
        update(&mut state, Action::Answer(Answer::Advised(generation, advice)));
        assert!(!state.advice.as_ref().unwrap().search.is_active());
    }

    #[test]
    fn late_answers_to_an_earlier_search_are_dropped() {
        let mut state = fixture::state();
        let (first, advice) = ask(&mut state);
        let (second, _) = ask(&mut state);
        assert_ne!(first, second);
        update(&mut state, Action::Answer(Answer::Advised(first, advice)));
        assert!(state.advice.as_ref().is_some_and(|open| open.search.is_active() && open.advice.is_none()));
    }

    #[test]
    fn a_stopped_search_keeps_the_best_so_far() {
        let mut state = fixture::state();
        let (generation, advice) = ask(&mut state);
        update(&mut state, Action::Answer(Answer::AdviceSoFar(generation, Arc::clone(&advice))));
        let effects = update(&mut state, Action::Advice(AdviceAction::Stop));
        assert!(matches!(effects[..], [Effect::Cancel(of)] if of == generation));
        let open = state.advice.as_ref().unwrap();
        assert!(!open.search.is_active() && open.advice.as_ref() == Some(&advice));
    }

    #[test]
    fn the_best_order_is_one_step_and_says_why() {
        let mut state = fixture::state();
        let plan = |state: &AppState| {
            let design = state.session.as_ref().unwrap().design.as_ref().unwrap();
            design.plan.present().groups.iter().map(|group| group.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(plan(&state), ["pip_deps", "internal_libs"]);
        let pip = state.session.as_ref().unwrap().design.as_ref().unwrap().plan.present().groups[0].id;
        let reorder = crate::layers::operations::Operation::Reorder { layer: pip, position: 1 };
        update(&mut state, Action::Edit(reorder));
        assert_eq!(plan(&state), ["internal_libs", "pip_deps"]);
        update(&mut state, Action::Advice(AdviceAction::BestOrder));
        assert_eq!(plan(&state), ["pip_deps", "internal_libs"]);
        assert!(state.notices.last().unwrap().text.contains("keep it above `pip_deps`"), "{:?}", state.notices);
        update(&mut state, Action::Undo);
        assert_eq!(plan(&state), ["internal_libs", "pip_deps"]);
    }

    #[test]
    fn what_was_dismissed_is_not_accepted_with_the_rest() {
        let mut state = fixture::state();
        let (generation, advice) = ask(&mut state);
        let mut advice = (*advice).clone();
        // Two groups in any case: the second names what the first does not.
        let mut second = advice.suggestion.groups[0].clone();
        second.name = "second".to_owned();
        advice.suggestion.groups.push(second);
        let mut group = advice.plan.groups[0].clone();
        group.name = "second".to_owned();
        group.targets = vec![crate::label::Label::main("libs", "second")];
        advice.plan.groups.push(group);
        let first = advice.suggestion.groups[0].name.clone();
        update(&mut state, Action::Answer(Answer::Advised(generation, Arc::new(advice))));
        let before: Vec<String> = plan_names(&state);
        update(&mut state, Action::Advice(AdviceAction::Dismiss("second".to_owned())));
        update(&mut state, Action::Advice(AdviceAction::AcceptAll));
        let after = plan_names(&state);
        assert!(after.contains(&first) && !after.contains(&"second".to_owned()), "{before:?} {after:?}");
        assert!(state.advice.is_none());
    }

    fn plan_names(state: &AppState) -> Vec<String> {
        let design = state.session.as_ref().unwrap().design.as_ref().unwrap();
        design.plan.present().groups.iter().map(|group| group.name.clone()).collect()
    }

    #[test]
    fn another_client_is_asked_for_anew() {
        let mut state = fixture::state();
        let (generation, _) = ask(&mut state);
        let effects = update(&mut state, Action::SetProfile(PullProfile::Chain));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Cancel(of) if *of == generation)));
        assert!(effects.iter().any(|effect| {
            matches!(effect, Effect::Suggest { options, .. } if options.objective.profile == PullProfile::Chain)
        }));
    }

    #[test]
    fn what_is_suggested_costs_what_the_plan_that_it_makes_costs() {
        let mut state = fixture::state();
        let (_, advice) = ask(&mut state);
        let design = state.session.as_ref().unwrap().design.as_ref().unwrap();
        let evaluation = design.model.evaluate(&advice.plan, &state.choices);
        let repull = evaluation.numbers.totals.repull_per_deploy.unwrap();
        let whole = advice.suggestion.whole;
        let mean = crate::engine::advice::advice_words::per_deploy(whole.suggested.repull, whole.deploys).unwrap();
        assert!(repull.bytes.0.abs_diff(mean.0) <= 1, "{repull} and {mean}");
        let present = design.current.as_ref().unwrap().numbers.totals.repull_per_deploy.unwrap();
        let mean = crate::engine::advice::advice_words::per_deploy(whole.present.repull, whole.deploys).unwrap();
        assert!(present.bytes.0.abs_diff(mean.0) <= 1, "{present} and {mean}");
        assert_ne!(advice.suggestion.verdict, Verdict::TooLittleHistory);
    }
}
