//! The whole window, drawn without a display.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::app::fixture;

/// The whole window, without a display.
pub(crate) struct Bench {
    pub state: AppState,
    pub memory: WindowMemory,
}

pub(crate) fn harness(state: AppState, width: f32, height: f32) -> Harness<'static, Bench> {
    let bench = Bench { state, memory: WindowMemory::default() };
    let mut harness = Harness::builder().with_size(egui::vec2(width, height)).build_ui_state(
        |ui, bench: &mut Bench| {
            theme::install(ui.ctx());
            let mut actions = Vec::new();
            draw(ui, &bench.state, &mut bench.memory, &mut actions);
            for action in actions {
                update(&mut bench.state, action);
            }
        },
        bench,
    );
    harness.run_steps(3);
    harness
}

#[test]
fn an_empty_window_offers_where_to_start() {
    let mut harness = harness(AppState::default(), 900.0, 600.0);
    harness.get_by_label_contains("Open workspace…").click();
    harness.run_steps(3);
    assert!(harness.state().state.dialog.is_some());
    harness.get_by_label("Browse…");
}

#[test]
fn without_an_app_the_window_says_what_could_not_be_read() {
    let mut state = fixture::state();
    let session = state.session.as_mut().unwrap();
    session.design = None;
    let mut workspace = fixture::workspace("py_layers");
    workspace.findings = vec![crate::workspace::model::ReadFinding {
        path: "a/BUILD".into(),
        line: Some(7),
        code: "too_deep".to_owned(),
        message: "it nests".to_owned(),
    }];
    session.workspace = Arc::new(workspace);
    let harness = harness(state, 900.0, 600.0);
    harness.get_by_label("a/BUILD:7: it nests");
    harness.get_by_label("1 file couldn't be read completely");
}

#[test]
fn every_part_of_the_smallest_window_can_be_drawn() {
    for bottom in
        [None, Some(crate::app::state::view::BottomTab::Replay), Some(crate::app::state::view::BottomTab::Source)]
    {
        let mut state = fixture::state();
        state.view.bottom = bottom;
        let harness = harness(state, 900.0, 600.0);
        harness.get_by_label("Apply…");
        harness.get_by_label("Menu");
    }
}

#[test]
fn the_palette_opens_by_its_shortcut_and_runs_what_is_typed() {
    let mut harness = harness(fixture::state(), 1280.0, 800.0);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    harness.run_steps(3);
    harness.get_by_label("Command").type_text("dark");
    harness.run_steps(3);
    harness.get_by_label("Dark theme").click();
    harness.run_steps(3);
    assert_eq!(harness.state().state.settings.theme, ThemeChoice::Dark);
    assert!(harness.state().state.dialog.is_none());
}

#[test]
fn bazel_is_asked_after_the_dialog_named_what_would_run() {
    use crate::app::action::Answer;
    use crate::app::state::bazel::FoundBazel;
    use crate::app::state::dialogs::Dialog;
    use crate::workspace::bazel::command::{BazelCommand, NamedBy};

    let mut harness = harness(fixture::state(), 1280.0, 800.0);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    harness.run_steps(3);
    harness.get_by_label("Command").type_text("from bazel");
    harness.run_steps(3);
    harness.get_by_label("Load the graph from Bazel…").click();
    harness.run_steps(3);
    let Some(Dialog::Bazel(dialog)) = &harness.state().state.dialog else { panic!("no question") };
    let generation = dialog.search.id().unwrap();
    let command = BazelCommand { program: "/usr/bin/bazelisk".into(), arguments: Vec::new(), named_by: NamedBy::Path };
    let found = Answer::BazelFound(generation, Ok(FoundBazel { command, trusted: None }));
    update(&mut harness.state_mut().state, Action::Answer(found));
    harness.run_steps(3);
    harness.get_by_label_contains("/usr/bin/bazelisk query --output=streamed_proto");
    harness.get_by_label("Trust and run Bazel").click();
    harness.run_steps(3);
    let state = &harness.state().state;
    assert!(state.dialog.is_none());
    assert_eq!(state.work.get().unwrap().title, "Loading the graph from Bazel");
}

/// The controls that screen readers could say nothing of: role and place.
pub(crate) fn unnamed(harness: &Harness<'static, Bench>) -> Vec<String> {
    use egui::accesskit::Role;
    use egui_kittest::kittest::NodeT as _;
    let is_control = |role: Role| {
        matches!(
            role,
            Role::Button
                | Role::CheckBox
                | Role::RadioButton
                | Role::ComboBox
                | Role::TextInput
                | Role::SpinButton
                | Role::Slider
                | Role::Tab
                | Role::Link
                | Role::ListItem
                | Role::MenuItem
                | Role::Canvas
        )
    };
    let root = harness.root();
    let controls = root.children_recursive().filter(|node| is_control(node.accesskit_node().role()));
    let is_unnamed = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node().label().unwrap_or_default().trim().is_empty()
            && node.accesskit_node().labelled_by().next().is_none()
    };
    let without = controls.filter(is_unnamed);
    without.map(|node| format!("{:?} at {:?}", node.accesskit_node().role(), node.rect())).collect()
}

#[test]
fn every_control_has_a_name_in_every_tab_and_dialog() {
    use crate::app::state::dialogs::Dialog;
    use crate::app::state::view::BottomTab;
    use crate::engine::sizes::asked_sizes::SizeSource;
    let tabs = [BottomTab::Replay, BottomTab::Findings, BottomTab::Advice, BottomTab::Source];
    for tab in tabs {
        let mut state = fixture::state();
        state.view.bottom = Some(tab);
        let harness = harness(state, 1280.0, 800.0);
        assert_eq!(unnamed(&harness), Vec::<String>::new(), "{tab:?}");
    }
    let target = fixture::label("//libs/core:core");
    let dialogs = [
        Dialog::Open { path: String::new() },
        Dialog::PlanFile { path: String::new(), load: false },
        Dialog::Export { path: "a.svg".to_owned(), is_dark: false, picture: Exportable::Stack },
        Dialog::Dependency { target: target.clone(), search: String::new(), is_added: true },
        Dialog::Dependency { target, search: String::new(), is_added: false },
        Dialog::Move { search: String::new() },
        Dialog::Palette { search: String::new() },
        Dialog::Shortcuts,
        Dialog::Sizes(SizeSource::Index),
        Dialog::Sizes(SizeSource::Build),
    ];
    for dialog in dialogs {
        let mut state = fixture::state();
        let name = format!("{dialog:?}");
        state.dialog = Some(dialog);
        assert_eq!(unnamed(&harness(state, 1280.0, 800.0)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_app_is_chosen_by_typing() {
    let mut harness = harness(fixture::state(), 1280.0, 800.0);
    harness.get_by_label_contains("App: //app:app").click();
    harness.run_steps(3);
    harness.get_by_label("Find an app").type_text("ap:ap");
    harness.run_steps(3);
    harness.get_by_label("No matching apps");
    harness.get_by_label("Did you mean");
}

fn press(harness: &mut Harness<'static, Bench>, key: egui::Key) {
    harness.key_press(key);
    harness.run_steps(3);
}

#[test]
fn the_replay_fills_the_window_and_is_gone_through_by_the_keyboard() {
    let mut harness = harness(fixture::state(), 1280.0, 800.0);
    press(&mut harness, egui::Key::F5);
    harness.get_by_label_contains("In one layer: ");
    harness.get_by_label_contains("With the current layers: ");
    assert!(harness.query_by_label("Menu").is_none(), "nothing else is shown");
    let deploy = |harness: &Harness<'static, Bench>| harness.state().state.view.deploy;
    press(&mut harness, egui::Key::ArrowRight);
    press(&mut harness, egui::Key::ArrowRight);
    assert_eq!(deploy(&harness), Some(1));
    harness.get_by_label_contains("2 of 10: Change 1");
    press(&mut harness, egui::Key::End);
    assert_eq!(deploy(&harness), Some(9));
    press(&mut harness, egui::Key::Escape);
    assert!(!harness.state().state.view.is_presenting);
    harness.get_by_label("Menu");
    assert_eq!(unnamed(&harness), Vec::<String>::new());
}

#[test]
fn a_press_in_the_chart_looks_at_a_deploy_and_a_drag_scrubs() {
    let mut state = fixture::state();
    state.view.bottom = Some(crate::app::state::view::BottomTab::Replay);
    let mut harness = harness(state, 1280.0, 800.0);
    let rect = harness.get_by_label("Selected deploy").rect();
    let at = |share: f32| egui::pos2(rect.left() + rect.width() * share, rect.center().y);
    let deploy = |harness: &Harness<'static, Bench>| harness.state().state.view.deploy;
    harness.hover_at(at(0.35));
    harness.step();
    harness.drag_at(at(0.35));
    harness.step();
    harness.drop_at(at(0.35));
    harness.run_steps(3);
    assert_eq!(deploy(&harness), Some(3));
    harness.get_by_label_contains("Pulled by deploy 4 of 10");
    harness.drag_at(at(0.35));
    harness.step();
    for share in [0.5, 0.65] {
        harness.hover_at(at(share));
        harness.step();
    }
    harness.drop_at(at(0.65));
    harness.run_steps(3);
    assert_eq!(deploy(&harness), Some(6));
}

#[test]
fn a_dialog_that_another_one_opened_takes_the_keyboard() {
    let mut harness = harness(fixture::state(), 1280.0, 800.0);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    harness.run_steps(3);
    harness.get_by_label("Command").type_text("export layers");
    harness.run_steps(3);
    press(&mut harness, egui::Key::Enter);
    harness.event(egui::Event::Text("x".to_owned()));
    harness.run_steps(3);
    let dialog = &harness.state().state.dialog;
    let is_typed = |path: &str| path.contains('x');
    assert!(
        matches!(dialog, Some(crate::app::state::dialogs::Dialog::Export { path, .. }) if is_typed(path)),
        "{dialog:?}"
    );
}
