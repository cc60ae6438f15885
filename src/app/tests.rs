//! What actions do to the state, decided without a window.

mod drafts;
mod sizes;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::app::action::{Action, Answer};
use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::drop::{DropTarget, Payload, PlannedDrop, drop_outcome};
use crate::app::state::review::{Review, ReviewAction, Reviewed};
use crate::app::state::session::Loaded;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::view::Look;
use crate::app::state::work::Generation;
use crate::app::update::update;
use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::change::prepare::Agreed;
use crate::engine::change::prepare::Prepared;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::graph::contents::ItemKind;
use crate::history::model::{Commit, History};
use crate::label::Label;
use crate::layers::operations::Operation;
use crate::layers::partition::LayerKind;
use crate::layers::plan::LayerId;
use crate::size::known::{KnownPackage, KnownSizes};
use crate::size::range::Range;
use crate::workspace::fixture;
use crate::workspace::lock::PackageName;

const WORKSPACE: &str = "
    @pypi fastapi 1000000 starlette
    @pypi starlette 300000
    @pypi boto3 9000000
    //libs/python
      py_library python srcs=utils.py visibility=//visibility:public
    //demo/app
      py_library pip_layer deps=@pypi//:fastapi
      py_library main_lib srcs=main.py deps=:pip_layer,//libs/python:python,@pypi//:boto3
      py_binary app srcs=main.py deps=:main_lib
      release_app app binary=:app layers=pip=:pip_layer
      py_binary other srcs=other.py deps=@pypi//:boto3
      release_app other binary=:other
";

fn label(text: &str) -> Label {
    Label::parse_absolute(text).unwrap()
}

/// Three commits: the app's code twice, boto3 once.
fn history() -> History {
    let commit = |files: &[&str], packages: &[&str]| {
        let packages = packages.iter().map(|name| PackageName::new(name)).collect();
        let commit = Commit { changed_packages: [("uv.lock".to_owned(), packages)].into(), ..Commit::default() };
        (commit, files.iter().map(|&file| file.to_owned()).collect())
    };
    History::from_named_files([
        commit(&["demo/app/main.py"], &[]),
        commit(&[], &["boto3"]),
        commit(&["demo/app/main.py", "README"], &[]),
    ])
}

/// The latest generation that effects asked with.
fn asked(effects: &[Effect]) -> Generation {
    let generation = effects.iter().find_map(|effect| match effect {
        Effect::Load { generation, .. }
        | Effect::OpenApp { generation, .. }
        | Effect::PrepareChange { generation, .. }
        | Effect::Write { generation, .. }
        | Effect::UndoWrite { generation, .. } => Some(*generation),
        _ => None,
    });
    generation.unwrap()
}

/// Answers the effect that opens an app.
fn open_app(state: &mut AppState, effects: &[Effect]) -> Vec<Effect> {
    let opened = effects.iter().find_map(|effect| match effect {
        Effect::OpenApp { generation, workspace, history, app, changes, choices } => {
            Some((*generation, workspace, history, app, changes, choices))
        }
        _ => None,
    });
    let (generation, workspace, history, app, changes, choices) = opened.unwrap();
    let workspace = changes.applied(workspace);
    let found = workspace.apps.iter().find(|candidate| candidate.label == *app).unwrap();
    let model = AppModel::new(&workspace, history, found, choices);
    let model = model.map(|model| Arc::new(AppModel { changes: changes.clone(), ..model }));
    update(state, Action::Answer(Answer::AppOpened(generation, app.clone(), model)))
}

fn loaded(text: &str) -> Box<Loaded> {
    Box::new(Loaded {
        graph: crate::engine::open::graph_source::GraphSource::Files,
        source: WorkspaceSource::Folder(PathBuf::from("/fixture")),
        workspace: Arc::new(fixture::workspace(text)),
        history: Arc::new(history()),
        history_problem: None,
        recovered: None,
        app: None,
        read_at: SystemTime::UNIX_EPOCH,
    })
}

/// A state with the fixture open and its first layered app chosen.
fn opened() -> AppState {
    let mut state = AppState::default();
    let effects = update(&mut state, Action::Open(WorkspaceSource::Folder(PathBuf::from("/fixture"))));
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(WORKSPACE)))));
    open_app(&mut state, &effects);
    state
}

fn design(state: &AppState) -> &crate::app::state::design::Design {
    state.session.as_ref().unwrap().design.as_ref().unwrap()
}

/// `pip=@pypi//:fastapi` per group, from the bottom up.
fn groups(state: &AppState) -> Vec<String> {
    let print = |group: &crate::layers::plan::LayerGroup| {
        let targets: Vec<String> = group.targets.iter().map(ToString::to_string).collect();
        format!("{}={}", group.name, targets.join(","))
    };
    design(state).plan.present().groups.iter().map(print).collect()
}

fn compressed(state: &AppState, name: &str) -> u64 {
    let shown = design(state).shown();
    let index = shown.partition.layers.iter().position(|layer| layer.name == name).unwrap();
    shown.numbers.layers[index].size.compressed_bytes.0
}

#[test]
fn opening_a_workspace_chooses_the_first_app_that_has_layers() {
    let state = opened();
    assert_eq!(design(&state).model.app.label, label("//demo/app:app"));
    assert_eq!(groups(&state), ["pip=@pypi//:fastapi"]);
    assert!(!state.work.is_active());
    assert_eq!(state.settings.recent, [PathBuf::from("/fixture")]);
}

#[test]
fn the_numbers_follow_first_claim_and_history() {
    let state = opened();
    // fastapi brings starlette: 0.96 of both wheels.
    assert_eq!(compressed(&state, "pip"), 960_000 + 288_000);
    // The app layer: boto3, two source files of 1,000 bytes at 0.28, an empty `__init__.py` for each of four folders,
    // the launcher with the paths of three packages.
    assert_eq!(
        compressed(&state, "app"),
        8_640_000 + 2 * 280 + 4 * 40 + 7_900 + 3 * 70 / 4 + 300 + (600 + 3 * 118) / 6
    );
    let numbers = &design(&state).evaluation.numbers;
    assert_eq!(numbers.deploys, 3);
    // Under `keep` all three deploys fetch the app layer and nothing else.
    assert_eq!(numbers.totals.repull_per_deploy.unwrap().bytes.0, compressed(&state, "app"));
    let single = numbers.single_layer.repull_per_deploy.unwrap();
    assert_eq!(single, numbers.single_layer.first_pull);
}

#[test]
fn a_late_answer_to_an_earlier_request_is_dropped() {
    let mut state = AppState::default();
    let first = asked(&update(&mut state, Action::Open(WorkspaceSource::Demo)));
    let second = asked(&update(&mut state, Action::Open(WorkspaceSource::Folder(PathBuf::from("/fixture")))));
    assert!(update(&mut state, Action::Answer(Answer::Loaded(first, Ok(loaded(WORKSPACE))))).is_empty());
    assert!(state.session.is_none());
    update(&mut state, Action::Answer(Answer::Loaded(second, Ok(loaded(WORKSPACE)))));
    assert!(state.session.is_some());
}

#[test]
fn cancelling_stops_the_work_and_its_answer_is_dropped() {
    let mut state = AppState::default();
    let generation = asked(&update(&mut state, Action::Open(WorkspaceSource::Demo)));
    let effects = update(&mut state, Action::CancelWork);
    assert!(matches!(effects[..], [Effect::Cancel(cancelled)] if cancelled == generation));
    update(&mut state, Action::Answer(Answer::Loaded(generation, Ok(loaded(WORKSPACE)))));
    assert!(state.session.is_none() && !state.work.is_active());
}

fn planned(state: &AppState, operation: Operation) -> PlannedDrop {
    PlannedDrop::new(design(state), operation).unwrap()
}

/// Partitions are shared, so the same pointer means that nothing was evaluated again.
#[test]
fn a_drop_takes_the_preview_and_leaves_the_current_layers_alone() {
    let mut state = crate::app::fixture::state();
    let current = |state: &AppState| Arc::as_ptr(&design(state).current.as_ref().unwrap().partition);
    let (before, plan) = (current(&state), Arc::clone(&design(&state).evaluation.partition));
    let operation = Operation::Remove { layer: design(&state).plan.present().groups[0].id };
    let drop = planned(&state, operation.clone());
    update(&mut state, Action::Preview(Some(drop)));
    assert!(Arc::ptr_eq(&design(&state).evaluation.partition, &plan));
    let shown = Arc::clone(&design(&state).preview.as_ref().unwrap().evaluation.partition);
    update(&mut state, Action::Edit(operation));
    assert!(Arc::ptr_eq(&design(&state).evaluation.partition, &shown), "what was shown is what is taken");
    assert_eq!(current(&state), before);
    update(&mut state, Action::Undo);
    assert_eq!(current(&state), before);
    let kept = design(&state).current.clone();
    update(&mut state, Action::SetProfile(crate::history::cost::PullProfile::Chain));
    assert_ne!(current(&state), before, "its numbers depend on the choices");
    drop_after(kept);
}

/// Keeps a value alive up to here, so that no later one gets its address.
fn drop_after<T>(_: T) {}

#[test]
fn one_gesture_is_one_undo_step() {
    let mut state = opened();
    let operation = Operation::AddGroup {
        name: "hot".into(),
        position: 1,
        targets: vec![label("@pypi//:boto3"), label("//libs/python:python")],
    };
    let drop = planned(&state, operation.clone());
    update(&mut state, Action::Preview(Some(drop)));
    assert_eq!(groups(&state).len(), 1, "a drop in the air is no edit");
    assert_eq!(compressed(&state, "hot"), 8_640_280 + 2 * 40, "but its numbers are shown");
    update(&mut state, Action::Edit(operation));
    assert_eq!(groups(&state), ["pip=@pypi//:fastapi", "hot=@pypi//:boto3,//libs/python:python"]);
    update(&mut state, Action::Undo);
    assert_eq!(groups(&state), ["pip=@pypi//:fastapi"]);
    update(&mut state, Action::Redo);
    assert_eq!(groups(&state).len(), 2);
}

#[test]
fn a_cancelled_drag_leaves_no_trace() {
    let mut state = opened();
    let drop = planned(&state, Operation::Remove { layer: LayerId(0) });
    update(&mut state, Action::Preview(Some(drop)));
    assert!(design(&state).preview.is_some());
    update(&mut state, Action::Preview(None));
    assert!(design(&state).preview.is_none());
    assert!(!design(&state).plan.can_undo());
}

#[test]
fn drops_say_what_they_do_or_why_not() {
    let state = opened();
    let pip = LayerKind::Dependency(LayerId(0));
    let targets = |text: &str| Payload::Targets(vec![label(text)]);
    let why_not = |payload: &Payload, place| drop_outcome(design(&state), payload, place).unwrap_err();
    assert!(drop_outcome(design(&state), &targets("@pypi//:boto3"), DropTarget::Layer(pip)).is_ok());
    assert_eq!(why_not(&targets("@pypi//:fastapi"), DropTarget::Layer(pip)), "Already in this layer");
    assert_eq!(why_not(&targets("//demo/app:app"), DropTarget::Layer(pip)), "The binary is always in the app layer");
    assert_eq!(
        why_not(&targets("//demo/app:main.py"), DropTarget::Gap(0)),
        "main.py belongs to the target that lists it. Drag that target"
    );
    assert_eq!(why_not(&targets("@pypi//:boto3"), DropTarget::Layer(LayerKind::Base)), "This layer can't change");
    assert_eq!(why_not(&targets("//no:such"), DropTarget::Gap(0)), "//no:such is not a dependency of this app");
    assert_eq!(why_not(&Payload::Layer(LayerId(0)), DropTarget::Gap(1)), "Already here");
}

#[test]
fn an_unsaved_plan_is_asked_about() {
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Remove { layer: LayerId(0) }));
    assert!(update(&mut state, Action::ChooseApp(label("//demo/app:other"))).is_empty());
    assert!(matches!(state.dialog, Some(Dialog::Discard { .. })));
    update(&mut state, Action::CloseDialog);
    assert_eq!(groups(&state).len(), 0, "no means: the plan stays");
    update(&mut state, Action::Quit);
    assert!(matches!(update(&mut state, Action::ConfirmDiscard)[..], [Effect::DropDraft { .. }, Effect::Quit]));
}

#[test]
fn the_plan_survives_a_change_of_the_file_outside() {
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Rename { layer: LayerId(0), name: "wheels".into() }));
    let effects = update(&mut state, Action::Reload);
    let changed = WORKSPACE.replace("layers=pip=:pip_layer", "layers=base=:pip_layer");
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(&changed)))));
    open_app(&mut state, &effects);
    assert_eq!(groups(&state), ["wheels=@pypi//:fastapi"]);
    assert!(design(&state).plan.can_undo());
    assert_eq!(design(&state).model.on_disk.groups[0].name, "base");
}

#[test]
fn after_apply_the_file_is_the_plan_and_the_past_is_gone() {
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Rename { layer: LayerId(0), name: "wheels".into() }));
    let effects = update(&mut state, Action::Reload);
    let applied = WORKSPACE.replace("layers=pip=:pip_layer", "layers=wheels=:pip_layer");
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(&applied)))));
    open_app(&mut state, &effects);
    assert!(!design(&state).is_changed());
}

/// The files go back; what the user had in mind is still there, with its past.
#[test]
fn taking_apply_back_keeps_the_plan() {
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Rename { layer: LayerId(0), name: "wheels".into() }));
    let change = crate::rewrite::change_set::ChangeSet { files: Vec::new() };
    let prepared = Prepared {
        change,
        diffs: Vec::new(),
        why: Vec::new(),
        left: Vec::new(),
        notes: Vec::new(),
        buildifier: None,
        bazel: None,
    };
    let of = Reviewed::Plan(Agreed::default());
    state.dialog = Some(Dialog::Review(Review { of, prepared: Some(Ok(prepared)), file: 0, asks_bazel: false }));
    let effects = update(&mut state, Action::Review(ReviewAction::Confirm));
    let written = Arc::new(crate::rewrite::write::Written::default());
    let effects = update(&mut state, Action::Answer(Answer::Written(asked(&effects), Ok(written))));
    let applied = WORKSPACE.replace("layers=pip=:pip_layer", "layers=wheels=:pip_layer");
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(&applied)))));
    open_app(&mut state, &effects);
    assert!(!design(&state).is_changed());

    let effects = update(&mut state, Action::UndoOnDisk);
    let effects = update(&mut state, Action::Answer(Answer::UndoneOnDisk(asked(&effects), Ok(()))));
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(WORKSPACE)))));
    open_app(&mut state, &effects);
    assert!(state.notices.last().unwrap().text.contains("Your plan is still here"));
    assert!(design(&state).is_changed());
    assert_eq!(design(&state).plan.present().groups[0].name, "wheels");
    update(&mut state, Action::Undo);
    assert!(!design(&state).is_changed());
}

#[test]
fn an_impossible_edit_is_said_and_changes_nothing() {
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Rename { layer: LayerId(0), name: "not a name".into() }));
    assert_eq!(groups(&state), ["pip=@pypi//:fastapi"]);
    assert!(state.notices.last().unwrap().is_error);
    let id = state.notices.last().unwrap().id;
    update(&mut state, Action::DismissNotice(id));
    assert!(state.notices.is_empty());
}

#[test]
fn looking_around_is_no_undo_step() {
    let mut state = opened();
    for look in [
        Look::Select(label("@pypi//:boto3")),
        Look::ToggleSelect(label("//libs/python:python")),
        Look::ToggleGroup("@pypi".into()),
    ] {
        update(&mut state, Action::Look(look));
    }
    assert_eq!(state.view.selection.len(), 2);
    assert!(state.view.expanded.contains("@pypi"));
    assert!(!design(&state).plan.can_undo());
    update(&mut state, Action::Look(Look::ClearSelection));
    assert!(state.view.selection.is_empty());
}

#[test]
fn a_go_app_says_why_it_is_not_shown() {
    let workspace = "
        //svc
          go_binary tool srcs=main.go
          release_app tool language=go
    ";
    let mut state = AppState::default();
    let effects = update(&mut state, Action::Open(WorkspaceSource::Demo));
    let effects = update(&mut state, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(workspace)))));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::OpenApp { .. })), "no Python app to choose first");
    let effects = update(&mut state, Action::ChooseApp(label("//svc:tool")));
    open_app(&mut state, &effects);
    let (_, problem) = state.session.as_ref().unwrap().app_problem.clone().unwrap();
    assert!(problem.contains("written in go"), "{problem}");
}

#[test]
fn a_library_goes_only_with_consent_and_consent_to_comments_is_asked_for_again() {
    let agreed = |effects: &[Effect]| match effects {
        [Effect::PrepareChange { agreed, .. }] => agreed.clone(),
        other => panic!("{other:?}"),
    };
    let mut state = opened();
    update(&mut state, Action::Edit(Operation::Remove { layer: LayerId(0) }));
    let library = label("//demo/app:pip_layer");
    assert_eq!(agreed(&update(&mut state, Action::Review(ReviewAction::Plan))), Agreed::default());
    let goes = agreed(&update(&mut state, Action::Review(ReviewAction::RemoveLibrary(library.clone(), true))));
    assert!(goes.remove_libraries.contains(&library) && !goes.drop_comments);
    let both = agreed(&update(&mut state, Action::Review(ReviewAction::DropComments)));
    assert!(both.remove_libraries.contains(&library) && both.drop_comments);
    assert_eq!(
        agreed(&update(&mut state, Action::Review(ReviewAction::RemoveLibrary(library, false)))),
        Agreed::default()
    );
}

#[test]
fn a_changed_dependency_is_one_step_like_any_other() {
    let mut state = opened();
    let change = |is_added| {
        let (target, dependency) = (label("//libs/python:python"), label("@pypi//:boto3"));
        Action::ChangeDependency(crate::engine::change::dependency_changes::DependencyChange {
            target,
            dependency,
            is_added,
        })
    };
    let needs = |state: &AppState| {
        let graph = &design(state).model.graph;
        let python = graph.find(&label("//libs/python:python")).unwrap();
        graph.dependencies(python).contains(&graph.find(&label("@pypi//:boto3")).unwrap())
    };
    assert!(!design(&state).is_changed() && !needs(&state));
    let effects = update(&mut state, change(true));
    open_app(&mut state, &effects);
    assert!(design(&state).is_changed() && needs(&state));
    // The next app would lose it, so it is asked about.
    update(&mut state, Action::ChooseApp(label("//demo/app:other")));
    assert!(matches!(state.dialog, Some(Dialog::Discard { .. })));
    update(&mut state, Action::CloseDialog);
    let effects = update(&mut state, Action::Undo);
    open_app(&mut state, &effects);
    assert!(!design(&state).is_changed() && !needs(&state));
    let effects = update(&mut state, Action::Redo);
    open_app(&mut state, &effects);
    assert!(needs(&state));
    let effects = update(&mut state, Action::Revert);
    open_app(&mut state, &effects);
    assert!(!design(&state).is_changed() && !needs(&state));
    // What is there already is said, and changes nothing.
    update(&mut state, change(false));
    assert!(state.notices.last().is_some_and(|notice| notice.is_error && notice.text.contains("does not name")));
}

#[test]
fn the_source_pane_follows_what_is_selected() {
    let mut state = opened();
    let asked_path = |effects: &[Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::PreviewText { path, .. } => path.clone(),
            _ => None,
        })
    };
    let select = Action::Look(Look::Select(label("//libs/python:python")));
    assert_eq!(asked_path(&update(&mut state, select)), None, "nobody looks at it");
    let effects = update(&mut state, Action::Look(Look::Bottom(Some(crate::app::state::view::BottomTab::Source))));
    assert_eq!(asked_path(&effects), Some(PathBuf::from("libs/python/BUILD.bazel")));
    let effects = update(&mut state, Action::Look(Look::ClearSelection));
    assert_eq!(asked_path(&effects), Some(PathBuf::from("demo/app/BUILD.bazel")));
}

#[test]
fn the_app_that_was_open_last_is_opened_first() {
    let mut state = opened();
    let effects = update(&mut state, Action::ChooseApp(label("//demo/app:other")));
    open_app(&mut state, &effects);
    let mut next = AppState { settings: state.settings.clone(), ..AppState::default() };
    let effects = update(&mut next, Action::Open(WorkspaceSource::Folder(PathBuf::from("/fixture"))));
    let effects = update(&mut next, Action::Answer(Answer::Loaded(asked(&effects), Ok(loaded(WORKSPACE)))));
    open_app(&mut next, &effects);
    assert_eq!(design(&next).model.app.label, label("//demo/app:other"));
    assert_eq!(next.settings.last, Some(PathBuf::from("/fixture")));
}
