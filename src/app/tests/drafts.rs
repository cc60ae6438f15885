//! Unapplied plans that outlive the program.

use super::*;

/// What a start keeps on disk, answered as the runner would.
fn kept(effects: &[Effect]) -> Option<&crate::layers::plan::Plan> {
    effects.iter().find_map(|effect| match effect {
        Effect::KeepDraft { plan, .. } => Some(plan),
        _ => None,
    })
}

fn drops_draft(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::DropDraft { app, .. } if *app == label("//demo/app:app")))
}

fn add_group() -> Action {
    Action::Edit(Operation::AddGroup { name: "hot".into(), position: 1, targets: vec![label("@pypi//:boto3")] })
}

#[test]
fn a_plan_that_is_not_applied_outlives_the_program() {
    let mut state = opened();
    let kept = kept(&update(&mut state, add_group())).unwrap().clone();
    assert_eq!(kept.groups.len(), 2);
    // The program was killed; the next start asks for what was kept.
    let mut state = AppState::default();
    let effects = update(&mut state, Action::Open(WorkspaceSource::Folder(PathBuf::from("/fixture"))));
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(WORKSPACE)))));
    let effects = open_app(&mut state, &effects);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::FindDraft { .. })));
    assert!(!drops_draft(&effects), "it is still to be offered");
    let effects =
        update(&mut state, Action::Answer(Answer::DraftFound(label("//demo/app:app"), Ok(Some(kept.into())))));
    assert_eq!(groups(&state), ["pip=@pypi//:fastapi", "hot=@pypi//:boto3"]);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::KeepDraft { .. })), "it is kept on");
    assert!(
        state.notices.iter().any(|notice| !notice.is_error && notice.text.contains("Restored your unapplied plan"))
    );
    // One step back is what the BUILD file says, and then there is nothing to keep.
    assert!(drops_draft(&update(&mut state, Action::Undo)));
    assert_eq!(groups(&state), ["pip=@pypi//:fastapi"]);
}

#[test]
fn what_was_done_since_is_not_replaced_by_what_was_kept() {
    let mut state = opened();
    let kept = kept(&update(&mut state, add_group())).unwrap().clone();
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Remove { layer: LayerId(0) }));
    let before = groups(&state);
    update(&mut state, Action::Answer(Answer::DraftFound(label("//demo/app:app"), Ok(Some(kept.into())))));
    assert_eq!(groups(&state), before);
}

#[test]
fn a_plan_that_stands_in_the_build_file_is_not_kept() {
    let mut state = opened();
    let on_disk = design(&state).model.on_disk.clone();
    let effects =
        update(&mut state, Action::Answer(Answer::DraftFound(label("//demo/app:app"), Ok(Some(on_disk.into())))));
    assert!(drops_draft(&effects) && !design(&state).plan.can_undo());
    assert!(drops_draft(&{
        update(&mut state, add_group());
        update(&mut state, Action::Revert)
    }));
}

#[test]
fn a_plan_that_the_user_gives_up_is_dropped() {
    let mut state = opened();
    update(&mut state, add_group());
    assert!(!drops_draft(&update(&mut state, Action::Quit)), "it is asked about first");
    let effects = update(&mut state, Action::ConfirmDiscard);
    let last = effects.last();
    assert!(drops_draft(&effects) && matches!(last, Some(Effect::Quit)), "dropped before the end: {effects:?}");
}

#[test]
fn what_was_kept_and_can_not_be_read_is_said() {
    let mut state = opened();
    let problem = Err("/state/drafts/1.toml: not a plan file".to_owned());
    update(&mut state, Action::Answer(Answer::DraftFound(label("//demo/app:app"), problem)));
    assert!(state.notices.iter().any(|notice| notice.is_error && notice.text.contains("/state/drafts/1.toml")));
}
