//! Gestures on suggested groups.

use std::sync::Arc;

use egui::Modifiers;

use crate::app::action::{Action, Answer};
use crate::app::effect::Effect;
use crate::app::fixture;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::update::update;
use crate::engine::advice::advise::advise;
use crate::jobs::Unwatched;
use crate::ui::test_window::open_with;

/// The fixture's app with both of its groups in the wrong place, and a suggestion for it.
fn state() -> AppState {
    let mut workspace = fixture::workspace("py_layers");
    if let Some(app) = workspace.apps.first_mut() {
        app.dep_layers = Some(Vec::new());
    }
    let design = fixture::design_of(&workspace, &fixture::history());
    let mut state = fixture::state_of(design, workspace, fixture::history());
    let effects = update(&mut state, Action::Advice(AdviceAction::Suggest));
    let [Effect::Suggest { generation, workspace, model, options }] = effects.as_slice() else { panic!("{effects:?}") };
    let advice = Arc::new(advise(workspace, model, *options, &mut |_| {}, &Unwatched));
    update(&mut state, Action::Answer(Answer::Advised(*generation, advice)));
    state
}

fn names(state: &AppState) -> Vec<String> {
    state.advice.as_ref().unwrap().open().iter().map(|group| group.name.clone()).collect()
}

#[test]
fn accept_all_makes_the_plan_what_is_suggested_in_one_step() {
    let state = state();
    let wanted: Vec<String> = names(&state);
    assert!(!wanted.is_empty());
    let mut window = open_with(state);
    assert_eq!(window.plan(), "");
    let button = window.at("Accept all");
    window.click(button, Modifiers::NONE);
    let plan = window.plan();
    assert_eq!(plan.split(';').map(|group| group.split('=').next().unwrap().to_owned()).collect::<Vec<_>>(), wanted);
    assert!(window.state().advice.is_none() && !window.has("Accept all"));
    window.undo();
    assert_eq!(window.plan(), "");
}

#[test]
fn one_group_is_accepted_and_another_dismissed() {
    let state = state();
    let open = names(&state);
    let mut window = open_with(state);
    let first = open[0].clone();
    let why = window.at(&format!("Why {first}"));
    window.click(why, Modifiers::NONE);
    assert!(window.says("deploys change"), "the reason is shown");
    let accept = window.at(&format!("Accept {first}"));
    window.click(accept, Modifiers::NONE);
    assert!(window.plan().starts_with(&format!("{first}=")), "{}", window.plan());
    for name in &open[1..] {
        let dismiss = window.at(&format!("Dismiss {name}"));
        window.click(dismiss, Modifiers::NONE);
    }
    assert_eq!(window.plan().split(';').count(), 1);
    assert!(!window.has("Accept all"));
}

#[test]
fn dismissing_leaves_the_plan_alone() {
    let mut window = open_with(state());
    let button = window.at("Dismiss suggestion");
    window.click(button, Modifiers::NONE);
    assert_eq!(window.plan(), "");
    assert!(window.state().advice.is_none());
}
