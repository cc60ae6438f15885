//! Asking Bazel, as a user does it: the question, the yes, the answer, and everything that can come between.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::app::action::Answer;
use crate::app::fixture;
use crate::app::state::session::Loaded;
use crate::app::state::session::Session;
use crate::app::update::update;
use crate::layers::operations::Operation;
use crate::workspace::bazel::command::NamedBy;
use crate::workspace::model::PackageSource;

fn command() -> BazelCommand {
    BazelCommand { program: PathBuf::from("/usr/bin/bazelisk"), arguments: Vec::new(), named_by: NamedBy::Path }
}

fn dialog(state: &AppState) -> &BazelDialog {
    match &state.dialog {
        Some(Dialog::Bazel(dialog)) => dialog,
        other => panic!("{other:?}"),
    }
}

fn found(state: &mut AppState, trusted: bool) -> Vec<Effect> {
    let trusted = trusted.then(|| TrustedWorkspace::by_the_users_word(&session(state).workspace.root));
    let generation = dialog(state).search.id().unwrap();
    update(state, Action::Answer(Answer::BazelFound(generation, Ok(FoundBazel { command: command(), trusted }))))
}

fn session(state: &AppState) -> &Session {
    state.session.as_ref().unwrap()
}

/// The generation and the source of the only load among the effects.
fn load(effects: &[Effect]) -> (Generation, &GraphSource) {
    let mut loads = effects.iter().filter_map(|effect| match effect {
        Effect::Load { generation, graph, .. } => Some((*generation, graph)),
        _ => None,
    });
    let load = loads.next().unwrap();
    assert!(loads.next().is_none());
    load
}

fn answered(state: &mut AppState, generation: Generation, graph: GraphSource) -> Vec<Effect> {
    let old = session(state);
    let mut workspace = (*old.workspace).clone();
    workspace.packages.values_mut().for_each(|package| package.source = PackageSource::Bazel);
    let loaded = Loaded {
        source: old.source.clone(),
        graph,
        workspace: Arc::new(workspace),
        history: Arc::clone(&old.history),
        history_problem: None,
        recovered: None,
        read_at: old.read_at,
        app: Some(Ok(old.design.as_ref().unwrap().model.app.label.clone())),
    };
    update(state, Action::Answer(Answer::Loaded(generation, Ok(Box::new(loaded)))))
}

#[test]
fn nothing_is_run_before_the_user_said_yes_and_the_yes_is_remembered() {
    let mut state = fixture::state();
    let effects = update(&mut state, BazelAction::Ask.into());
    assert!(matches!(&effects[..], [Effect::FindBazel { .. }]));
    assert!(found(&mut state, false).is_empty());
    assert_eq!(dialog(&state).found, Some(Ok(command())));
    assert!(!state.work.is_active());
    let effects = update(&mut state, BazelAction::Trust.into());
    assert!(matches!(&effects[0], Effect::RememberTrust(root) if *root == session(&state).workspace.root));
    let (_, graph) = load(&effects);
    assert!(
        matches!(graph, GraphSource::Bazel(source) if source.bazel == command() && source.keys == TerminalKeys::Apart)
    );
    assert!(state.dialog.is_none());
    assert!(state.work.get().unwrap().can_cancel);
}

#[test]
fn a_yes_for_this_time_is_not_remembered() {
    let mut state = fixture::state();
    update(&mut state, BazelAction::Ask.into());
    found(&mut state, false);
    update(&mut state, BazelAction::Remember(false).into());
    let effects = update(&mut state, BazelAction::Trust.into());
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::RememberTrust(_))));
    load(&effects);
}

#[test]
fn a_workspace_that_is_trusted_is_not_asked_about_again() {
    let mut state = fixture::state();
    update(&mut state, BazelAction::Ask.into());
    let effects = found(&mut state, true);
    assert!(matches!(load(&effects).1, GraphSource::Bazel(_)));
    assert!(state.dialog.is_none());
}

#[test]
fn a_late_answer_opens_nothing_and_a_missing_bazel_is_said() {
    let mut state = fixture::state();
    update(&mut state, BazelAction::Ask.into());
    let generation = dialog(&state).search.id().unwrap();
    update(&mut state, Action::CloseDialog);
    let late = Answer::BazelFound(generation, Ok(FoundBazel { command: command(), trusted: None }));
    assert!(update(&mut state, Action::Answer(late)).is_empty());
    assert!(state.dialog.is_none());
    // A yes without a question does nothing.
    assert!(update(&mut state, BazelAction::Trust.into()).is_empty());
    update(&mut state, BazelAction::Ask.into());
    let generation = dialog(&state).search.id().unwrap();
    update(&mut state, Action::Answer(Answer::BazelFound(generation, Err("no Bazel was found".to_owned()))));
    assert_eq!(dialog(&state).found, Some(Err("no Bazel was found".to_owned())));
    assert!(update(&mut state, BazelAction::Trust.into()).is_empty());
}

#[test]
fn the_answer_replaces_the_graph_and_the_plan_stays() {
    let mut state = fixture::state();
    let add = Operation::AddGroup { name: "more".to_owned(), position: 0, targets: Vec::new() };
    update(&mut state, Action::Edit(add));
    let plan = session(&state).design.as_ref().unwrap().plan.present().clone();
    update(&mut state, BazelAction::Ask.into());
    let effects = found(&mut state, true);
    let (generation, graph) = load(&effects);
    let effects = answered(&mut state, generation, graph.clone());
    assert!(matches!(session(&state).graph, GraphSource::Bazel(_)));
    assert_eq!(session(&state).design.as_ref().unwrap().plan.present(), &plan);
    // The app is collected again from the new graph.
    assert!(effects.iter().any(|effect| matches!(effect, Effect::OpenApp { workspace, .. }
        if workspace.packages.values().all(|package| package.source == PackageSource::Bazel))));
    // Reading again asks Bazel again, until the files are asked for.
    let effects = update(&mut state, Action::Reload);
    assert!(matches!(load(&effects).1, GraphSource::Bazel(_)));
    let effects = update(&mut state, BazelAction::UseFiles.into());
    assert_eq!(load(&effects).1, &GraphSource::Files);
}

#[test]
fn a_failure_leaves_the_graph_that_was_there() {
    let mut state = fixture::state();
    update(&mut state, BazelAction::Ask.into());
    let effects = found(&mut state, true);
    let (generation, _) = load(&effects);
    update(&mut state, Action::Answer(Answer::Loaded(generation, Err("`bazel query` failed".to_owned()))));
    assert_eq!(session(&state).graph, GraphSource::Files);
    assert!(session(&state).design.is_some());
    assert!(state.notices.last().unwrap().text.contains("failed"));
}

#[test]
fn stopping_leaves_the_graph_that_was_there() {
    let mut state = fixture::state();
    update(&mut state, BazelAction::Ask.into());
    let effects = found(&mut state, true);
    let (generation, graph) = load(&effects);
    let graph = graph.clone();
    let effects = update(&mut state, Action::CancelWork);
    assert!(matches!(effects[..], [Effect::Cancel(of)] if of == generation));
    assert!(answered(&mut state, generation, graph).is_empty());
    assert_eq!(session(&state).graph, GraphSource::Files);
}
