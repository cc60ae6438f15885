//! The review of a change set, for the plan and for the layer rules, and its write.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::review::{Review, ReviewAction, Reviewed};
use crate::app::state::work::Generation;
use crate::app::state::{end_work, start_work};
use crate::counted::counted;
use crate::engine::change::prepare::{Agreed, Prepared};
use crate::engine::change::rules::{RulesError, RulesRequest};
use crate::rule_sets::dep_layers::rules::DEFAULT_FOLDER;

pub(crate) fn act(state: &mut AppState, action: ReviewAction) -> Vec<Effect> {
    match action {
        ReviewAction::Plan => prepare(state, Reviewed::Plan(Agreed::default()), false),
        ReviewAction::Rules => review_rules(state),
        ReviewAction::Confirm => write(state),
        ReviewAction::ShowFile(file) => change(state, |review| review.file = file),
        ReviewAction::AskBazel(asks) => change(state, |review| review.asks_bazel = asks),
        ReviewAction::Folder(typed) => change(state, |review| {
            if let Reviewed::Rules { folder, .. } = &mut review.of {
                *folder = typed;
            }
        }),
        ReviewAction::Prepare => again(state, |_| {}),
        ReviewAction::DropComments => again(state, |of| match of {
            Reviewed::Plan(agreed) => agreed.drop_comments = true,
            Reviewed::Rules { request, .. } => request.drop_comments = true,
        }),
        ReviewAction::FilesOnly => again(state, |of| {
            if let Reviewed::Rules { request, .. } = of {
                request.files_only = true;
            }
        }),
        ReviewAction::Format(buildifier) => again_with(state, |agreed| agreed.buildifier = buildifier),
        ReviewAction::RemoveLibrary(label, goes) => again_with(state, |agreed| {
            // The agreement was for another change set, so it is asked for again.
            agreed.drop_comments = false;
            if goes {
                agreed.remove_libraries.insert(label);
            } else {
                agreed.remove_libraries.remove(&label);
            }
        }),
    }
}

pub(crate) fn take(state: &mut AppState, generation: Generation, prepared: Result<Prepared, RulesError>) {
    if end_work(state, generation)
        && let Some(Dialog::Review(review)) = &mut state.dialog
    {
        review.prepared = Some(prepared);
    }
}

/// Closes a review whose change set will not come.
pub(crate) fn close_if_waiting(state: &mut AppState) {
    if matches!(&state.dialog, Some(Dialog::Review(review)) if review.prepared.is_none()) {
        state.dialog = None;
    }
}

pub(crate) fn written_words(review: Option<&Review>) -> String {
    let files = review.and_then(Review::ready).map_or(0, |prepared| prepared.change.files.len());
    match review.map(|review| &review.of) {
        Some(Reviewed::Rules { request, .. }) if request.files_only => {
            format!("Layer rules installed in {}. Load them in your macro yourself.", request.folder)
        }
        Some(Reviewed::Rules { .. }) => {
            "Layer rules installed. Your macro now builds the layers of the plan.".to_owned()
        }
        Some(Reviewed::Plan(_)) | None => {
            format!("Applied: {} updated", counted(files, "BUILD file"))
        }
    }
}

fn change(state: &mut AppState, change: impl FnOnce(&mut Review)) -> Vec<Effect> {
    if let Some(Dialog::Review(review)) = &mut state.dialog {
        change(review);
    }
    Vec::new()
}

fn again_with(state: &mut AppState, change: impl FnOnce(&mut Agreed)) -> Vec<Effect> {
    again(state, |of| {
        if let Reviewed::Plan(agreed) = of {
            change(agreed);
        }
    })
}

fn again(state: &mut AppState, change: impl FnOnce(&mut Reviewed)) -> Vec<Effect> {
    let Some(Dialog::Review(review)) = &state.dialog else { return Vec::new() };
    let (mut of, asks_bazel) = (review.of.clone(), review.asks_bazel);
    change(&mut of);
    if let Reviewed::Rules { request, folder } = &mut of {
        request.folder.clone_from(folder);
    }
    prepare(state, of, asks_bazel)
}

fn review_rules(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let app = session.design.as_ref().map(|design| design.model.app.label.clone());
    let folder = DEFAULT_FOLDER.to_owned();
    let request = RulesRequest { folder: folder.clone(), app, files_only: false, drop_comments: false };
    prepare(state, Reviewed::Rules { request, folder }, false)
}

fn prepare(state: &mut AppState, of: Reviewed, asks_bazel: bool) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let workspace = Arc::clone(&session.workspace);
    let design = session.design.as_ref().map(|design| (Arc::clone(&design.model), design.plan.present().clone()));
    let effect: Box<dyn FnOnce(Generation) -> Effect> = match (of.clone(), design) {
        (Reviewed::Plan(agreed), Some((model, plan))) => {
            Box::new(move |generation| Effect::PrepareChange { generation, workspace, model, plan, agreed })
        }
        (Reviewed::Rules { request, .. }, _) => {
            Box::new(move |generation| Effect::PrepareRules { generation, workspace, request })
        }
        (Reviewed::Plan(_), None) => return Vec::new(),
    };
    state.dialog = Some(Dialog::Review(Review { of, prepared: None, file: 0, asks_bazel }));
    vec![effect(start_work(state, "Preparing the change", true))]
}

fn write(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let root = session.workspace.root.clone();
    let Some(Dialog::Review(review)) = &state.dialog else { return Vec::new() };
    let Some(prepared) = review.ready() else { return Vec::new() };
    let change = prepared.change.clone();
    let bazel = prepared.bazel.clone().filter(|_| review.asks_bazel);
    let what = match review.of {
        Reviewed::Plan(_) => "BUILD files",
        Reviewed::Rules { .. } => "layer rules",
    };
    // A write can't be stopped half way. Bazel can, and then the files are restored.
    let generation = match &bazel {
        Some(_) => start_work(state, &format!("Writing the {what} and loading them with Bazel"), true),
        None => start_work(state, &format!("Writing the {what}"), false),
    };
    vec![Effect::Write { generation, root, change, bazel }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::{Action, Answer};
    use crate::app::fixture;
    use crate::app::update::update;
    use crate::engine::change::rules::PreparedRules;
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
        update(state, Action::Answer(Answer::Prepared(generation, result.map(|rules| Box::new(rules.into())))))
    }

    fn rules() -> PreparedRules {
        let file = FileChange { path: "tools/layerwright/py_layers.bzl".into(), before: None, after: b"x\n".to_vec() };
        PreparedRules { change: ChangeSet { files: vec![file] }, notes: vec!["one".to_owned()], bazel: None }
    }

    fn dialog(state: &AppState) -> &Review {
        match &state.dialog {
            Some(Dialog::Review(dialog)) => dialog,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rules_are_reviewed_before_they_are_written() {
        let mut state = fixture::state();
        let (generation, request) = asked(&update(&mut state, Action::Review(ReviewAction::Rules)));
        assert_eq!((request.folder.as_str(), request.drop_comments), (DEFAULT_FOLDER, false));
        answer(&mut state, generation, Ok(rules()));
        assert_eq!(dialog(&state).prepared.as_ref().unwrap().as_ref().unwrap().diffs.len(), 1);
        let effects = update(&mut state, Action::Review(ReviewAction::Confirm));
        let [Effect::Write { generation, change, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(change, &rules().change);
        let written = Answer::Written(*generation, Ok(Arc::new(Written::default())));
        let effects = update(&mut state, Action::Answer(written));
        assert!(matches!(effects.as_slice(), [Effect::Load { known: Some(_), .. }]), "{effects:?}");
        assert!(state.dialog.is_none() && state.notices.last().unwrap().text.contains("rules installed"));
        // One more press takes them away again.
        let effects = update(&mut state, Action::UndoOnDisk);
        assert!(matches!(effects.as_slice(), [Effect::UndoWrite { .. }]), "{effects:?}");
    }

    #[test]
    fn another_folder_and_consent_ask_again() {
        let mut state = fixture::state();
        let (first, _) = asked(&update(&mut state, Action::Review(ReviewAction::Rules)));
        let comments = Refusal::of_file(RefusalCode::WouldDropComments, "tools/image.bzl", "words");
        answer(&mut state, first, Err(comments.into()));
        let (second, request) = asked(&update(&mut state, Action::Review(ReviewAction::DropComments)));
        assert!(request.drop_comments);
        assert!(update(&mut state, Action::Review(ReviewAction::Folder("bazel/layers".to_owned()))).is_empty());
        let (third, request) = asked(&update(&mut state, Action::Review(ReviewAction::Prepare)));
        assert_eq!((request.folder.as_str(), request.drop_comments), ("bazel/layers", true));
        // The answer for the folder before comes too late.
        answer(&mut state, second, Ok(rules()));
        assert!(dialog(&state).prepared.is_none());
        answer(&mut state, third, Ok(rules()));
        assert!(dialog(&state).prepared.is_some());
        // A folder that nobody has seen the change for can't be confirmed.
        update(&mut state, Action::Review(ReviewAction::Folder("elsewhere".to_owned())));
        assert!(update(&mut state, Action::Review(ReviewAction::Confirm)).is_empty());
    }

    #[test]
    fn stopping_closes_the_dialog() {
        let mut state = fixture::state();
        update(&mut state, Action::Review(ReviewAction::Rules));
        let effects = update(&mut state, Action::CancelWork);
        assert!(matches!(effects.as_slice(), [Effect::Cancel(_)]) && state.dialog.is_none());
    }

    #[test]
    fn nothing_is_read_again_while_the_rules_are_reviewed() {
        let mut state = fixture::state();
        let (generation, _) = asked(&update(&mut state, Action::Review(ReviewAction::Rules)));
        answer(&mut state, generation, Ok(rules()));
        state.watching.unread = Some(std::time::SystemTime::now());
        assert!(update(&mut state, Action::Review(ReviewAction::ShowFile(0))).is_empty());
        let effects = update(&mut state, Action::CloseDialog);
        assert!(matches!(effects[..], [Effect::Refresh { .. }]), "{effects:?}");
    }
}
