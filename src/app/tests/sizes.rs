//! Sizes that come later.

use super::*;
use crate::app::state::settings::FetchUnasked;

/// The generation of the sizes that are being found out, and the app that they are for.
fn sizing(effects: &[Effect]) -> (Generation, Arc<AppModel>) {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::FindSizes { generation, model, .. } => Some((*generation, Arc::clone(model))),
        _ => None,
    });
    found.unwrap()
}

/// The app with each wheel packed into 1,000 bytes.
fn packed(model: &AppModel) -> Arc<AppModel> {
    let package = KnownPackage {
        files: 2,
        above: "app/".to_owned(),
        tar_bytes: ByteCount(5_000),
        tar_range: Range::exactly(ByteCount(5_000)),
        installed_bytes: ByteCount(4_000),
        packed_bytes: Some(ByteCount(1_000)),
        heads: None,
        found_in: "here".to_owned(),
    };
    let packages = model.contents.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Package { name, version, .. } => Some(((name.clone(), version.clone()), package.clone())),
        _ => None,
    });
    let known = KnownSizes { packages: packages.collect(), ..KnownSizes::default() };
    Arc::new(model.clone().with_known(&known))
}

#[test]
fn an_app_opens_with_estimates_and_better_sizes_come_later() {
    let mut state = AppState::default();
    let effects = update(&mut state, Action::Open(WorkspaceSource::Folder(PathBuf::from("/fixture"))));
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(WORKSPACE)))));
    let effects = open_app(&mut state, &effects);
    let (generation, model) = sizing(&effects);
    assert!(!state.work.is_active(), "nobody has to wait");
    assert_eq!(compressed(&state, "pip"), 960_000 + 288_000);
    let operation = Operation::AddGroup { name: "hot".into(), position: 1, targets: vec![label("@pypi//:boto3")] };
    update(&mut state, Action::Edit(operation));
    update(&mut state, Action::Answer(Answer::SizesFound(generation, packed(&model), None)));
    assert_eq!((compressed(&state, "pip"), compressed(&state, "hot")), (2_000, 1_000));
    assert_eq!(groups(&state).len(), 2, "the plan stays");
    assert!(!state.sizing.is_active());
    update(&mut state, Action::Undo);
    assert_eq!(groups(&state).len(), 1);
}

#[test]
fn stopping_to_find_out_sizes_leaves_the_app_open() {
    let mut state = AppState::default();
    let effects = update(&mut state, Action::Open(WorkspaceSource::Folder(PathBuf::from("/fixture"))));
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(WORKSPACE)))));
    let effects = open_app(&mut state, &effects);
    let (generation, model) = sizing(&effects);
    let effects = update(&mut state, Action::StopSizing);
    assert!(matches!(effects[..], [Effect::Cancel(cancelled)] if cancelled == generation));
    update(&mut state, Action::Answer(Answer::SizesFound(generation, packed(&model), None)));
    assert_eq!(compressed(&state, "pip"), 960_000 + 288_000, "a late answer is dropped");
    assert!(!state.sizing.is_active() && design(&state).model.app.label == label("//demo/app:app"));
}

#[test]
fn nobody_is_asked_for_sizes_before_a_yes() {
    let mut state = opened();
    update(&mut state, Action::ShowDialog(Dialog::Sizes(SizeSource::Build)));
    assert!(update(&mut state, Action::CloseDialog).is_empty());
    update(&mut state, Action::ShowDialog(Dialog::Sizes(SizeSource::Index)));
    let effects = update(&mut state, Action::FindSizes(SizeSource::Index));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::FindSizes { ask: SizeSource::Index, .. })));
    assert!(state.dialog.is_none() && state.sizing.get().unwrap().can_cancel);
    let (generation, model) = sizing(&effects);
    let said = Some(Err("pypi.org has no package x".to_owned()));
    update(&mut state, Action::Answer(Answer::SizesFound(generation, packed(&model), said)));
    assert!(state.notices.last().unwrap().is_error && !state.sizing.is_active());
}

#[test]
fn another_app_stops_finding_out_the_sizes_of_the_first() {
    let mut state = opened();
    let first = state.sizing.id().unwrap();
    let effects = update(&mut state, Action::ChooseApp(label("//demo/app:other")));
    let effects = open_app(&mut state, &effects);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Cancel(cancelled) if *cancelled == first)));
    let (second, _) = sizing(&effects);
    assert_eq!(state.sizing.id().unwrap(), second);
    update(&mut state, Action::Answer(Answer::Failed(Some(second), "no disk".to_owned())));
    assert!(!state.sizing.is_active() && state.notices.last().unwrap().text.contains("estimated"));
}

#[test]
fn the_index_is_asked_without_a_click_only_where_the_user_allowed_it() {
    let mut state = opened();
    let asks = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::FindSizes { ask, .. } => Some(*ask),
            _ => None,
        })
    };
    let reopened = |state: &mut AppState| {
        let effects = update(state, Action::ChooseApp(label("//demo/app:other")));
        open_app(state, &effects)
    };
    assert_eq!(asks(&reopened(&mut state)), Some(SizeSource::Here));
    let effects = update(&mut state, Action::SetFetchUnasked(FetchUnasked::Here));
    assert!(matches!(&effects[..], [Effect::SaveSettings(settings)] if settings.fetch_sizes_in.len() == 1));
    let effects = reopened(&mut state);
    assert_eq!(asks(&effects), Some(SizeSource::Index));
    let (generation, model) = sizing(&effects);
    let said = Some(Err("pypi.org did not answer".to_owned()));
    update(&mut state, Action::Answer(Answer::SizesFound(generation, packed(&model), said)));
    assert_eq!(state.fetch_problem.as_deref(), Some("pypi.org did not answer"));
    update(&mut state, Action::FindSizes(SizeSource::Index));
    assert_eq!(state.fetch_problem, None, "it is asked again");
}
