//! The layer rules in the window: the offer, the review, and what becomes of it. Called by `update` alone.

use crate::app::state::rules::{ReviewedRules, RulesAction, RulesDialog};
use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::end_work;
use crate::app::state::start_work;
use crate::app::state::work::Generation;
use crate::engine::change::rules::{PreparedRules, RulesError, RulesRequest};
use crate::rewrite::diff::side_by_side;
use crate::rule_sets::dep_layers::rules::DEFAULT_FOLDER;

/// Carries out one of these actions.
pub(crate) fn act(state: &mut AppState, action: RulesAction) -> Vec<Effect> {
    match action {
        RulesAction::Review => {
            let Some(session) = &state.session else { return Vec::new() };
            let app = session.design.as_ref().map(|design| design.model.app.label.clone());
            let folder = DEFAULT_FOLDER.to_owned();
            prepare(state, RulesRequest { folder, app, files_only: false, drop_comments: false })
        }
        RulesAction::Folder(folder) => {
            if let Some(Dialog::Rules(dialog)) = &mut state.dialog {
                dialog.folder = folder;
            }
            Vec::new()
        }
        RulesAction::FilesOnly => {
            if let Some(Dialog::Rules(dialog)) = &mut state.dialog {
                dialog.request.files_only = true;
            }
            again(state, false)
        }
        RulesAction::Prepare => again(state, false),
        RulesAction::ConfirmDropComments => again(state, true),
        RulesAction::AskBazel(asks) => {
            if let Some(Dialog::Rules(dialog)) = &mut state.dialog {
                dialog.asks_bazel = asks;
            }
            Vec::new()
        }
        RulesAction::Confirm => write(state),
    }
}

fn again(state: &mut AppState, drop_comments: bool) -> Vec<Effect> {
    let Some(Dialog::Rules(dialog)) = &state.dialog else { return Vec::new() };
    let drop_comments = drop_comments || dialog.request.drop_comments;
    let request = RulesRequest { drop_comments, folder: dialog.folder.clone(), ..dialog.request.clone() };
    prepare(state, request)
}

fn prepare(state: &mut AppState, request: RulesRequest) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let workspace = Arc::clone(&session.workspace);
    let folder = request.folder.clone();
    let asks_bazel = matches!(&state.dialog, Some(Dialog::Rules(dialog)) if dialog.asks_bazel);
    state.dialog =
        Some(Dialog::Rules(RulesDialog { request: request.clone(), folder, prepared: None, file: 0, asks_bazel }));
    let generation = start_work(state, "Making the change", true);
    vec![Effect::PrepareRules { generation, workspace, request }]
}

fn write(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let root = session.workspace.root.clone();
    let Some(Dialog::Rules(dialog)) = &state.dialog else { return Vec::new() };
    let Some(Ok(reviewed)) = dialog.prepared.as_ref().filter(|_| dialog.is_of_folder()) else { return Vec::new() };
    let change = reviewed.prepared.change.clone();
    let bazel = reviewed.prepared.bazel.clone().filter(|_| dialog.asks_bazel);
    // A write is short and whole: it can't be stopped half way. Bazel can, and then the files are as before.
    let generation = match &bazel {
        Some(_) => start_work(state, "Writing the layer rules and asking Bazel about them", true),
        None => start_work(state, "Writing the layer rules", false),
    };
    vec![Effect::Write { generation, root, change, bazel }]
}

/// Takes the answer to a request for a change set. A later request makes it worthless.
pub(crate) fn take(state: &mut AppState, generation: Generation, result: Result<PreparedRules, RulesError>) {
    if end_work(state, generation)
        && let Some(Dialog::Rules(dialog)) = &mut state.dialog
    {
        let reviewed = |prepared: PreparedRules| {
            let diffs = prepared.change.files.iter().map(side_by_side).collect();
            ReviewedRules { prepared, diffs }
        };
        dialog.prepared = Some(result.map(reviewed));
    }
}

/// What is said once a change set was written: it was the rules where their review is open.
pub(crate) fn written_words(state: &AppState) -> &'static str {
    match &state.dialog {
        Some(Dialog::Rules(dialog)) if dialog.request.files_only => {
            "The layer rules are in place. Wire the macro to them by hand: the refusal said where."
        }
        Some(Dialog::Rules(_)) => "The layer rules are in place. The macro now gives what the plan shows.",
        _ => "Applied. The BUILD files now say what the plan says.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::{Action, Answer};
    use crate::app::fixture;
    use crate::app::update::update;
    use crate::rewrite::change_set::{ChangeSet, FileChange};
    use crate::rewrite::refusal::{Refusal, RefusalCode};
    use crate::rewrite::write::Written;

    fn asked(effects: &[Effect]) -> (Generation, RulesRequest) {
        match effects {
            [Effect::PrepareRules { generation, request, .. }] => (*generation, request.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn answer(state: &mut AppState, generation: Generation, result: Result<PreparedRules, RulesError>) -> Vec<Effect> {
        update(state, Action::Answer(Answer::RulesPrepared(generation, result)))
    }

    fn rules() -> PreparedRules {
        let file = FileChange { path: "tools/layerwright/py_layers.bzl".into(), before: None, after: b"x\n".to_vec() };
        PreparedRules { change: ChangeSet { files: vec![file] }, notes: vec!["one".to_owned()], bazel: None }
    }

    fn dialog(state: &AppState) -> &RulesDialog {
        match &state.dialog {
            Some(Dialog::Rules(dialog)) => dialog,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rules_are_reviewed_before_they_are_written() {
        let mut state = fixture::state();
        let (generation, request) = asked(&update(&mut state, Action::Rules(RulesAction::Review)));
        assert_eq!((request.folder.as_str(), request.drop_comments), (DEFAULT_FOLDER, false));
        answer(&mut state, generation, Ok(rules()));
        assert_eq!(dialog(&state).prepared.as_ref().unwrap().as_ref().unwrap().diffs.len(), 1);
        let effects = update(&mut state, Action::Rules(RulesAction::Confirm));
        let [Effect::Write { generation, change, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(change, &rules().change);
        let written = Answer::Written(*generation, Ok(Arc::new(Written::default())));
        let effects = update(&mut state, Action::Answer(written));
        assert!(matches!(effects.as_slice(), [Effect::Load { known: Some(_), .. }]), "{effects:?}");
        assert!(state.dialog.is_none() && state.notices.last().unwrap().text.contains("rules are in place"));
        // One more press takes them away again.
        let effects = update(&mut state, Action::UndoOnDisk);
        assert!(matches!(effects.as_slice(), [Effect::UndoWrite { .. }]), "{effects:?}");
    }

    #[test]
    fn another_folder_and_consent_ask_again() {
        let mut state = fixture::state();
        let (first, _) = asked(&update(&mut state, Action::Rules(RulesAction::Review)));
        let comments = Refusal::of_file(RefusalCode::WouldDropComments, "tools/image.bzl", "words");
        answer(&mut state, first, Err(comments.into()));
        let (second, request) = asked(&update(&mut state, Action::Rules(RulesAction::ConfirmDropComments)));
        assert!(request.drop_comments);
        assert!(update(&mut state, Action::Rules(RulesAction::Folder("bazel/layers".to_owned()))).is_empty());
        let (third, request) = asked(&update(&mut state, Action::Rules(RulesAction::Prepare)));
        assert_eq!((request.folder.as_str(), request.drop_comments), ("bazel/layers", true));
        // The answer for the folder before comes too late.
        answer(&mut state, second, Ok(rules()));
        assert!(dialog(&state).prepared.is_none());
        answer(&mut state, third, Ok(rules()));
        assert!(dialog(&state).prepared.is_some());
        // A folder that nobody has seen the change for can't be confirmed.
        update(&mut state, Action::Rules(RulesAction::Folder("elsewhere".to_owned())));
        assert!(update(&mut state, Action::Rules(RulesAction::Confirm)).is_empty());
    }

    #[test]
    fn stopping_closes_the_dialog() {
        let mut state = fixture::state();
        update(&mut state, Action::Rules(RulesAction::Review));
        let effects = update(&mut state, Action::CancelWork);
        assert!(matches!(effects.as_slice(), [Effect::Cancel(_)]) && state.dialog.is_none());
    }
}
