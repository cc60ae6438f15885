//! Gestures that cross the parts of the window: from the graph to the image, from the list to the graph, from outside.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::action::Action;
use crate::app::fixture;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::view::Look;
use crate::app::update::update;
use crate::ui::shell::tests::{Bench, harness};

type Window = Harness<'static, Bench>;

const BEFORE: &str = "pip_deps=@pypi//:numpy,@pypi//:fastapi;internal_libs=//libs/http:http";

fn open() -> Window {
    let mut window = harness(fixture::state(), 1280.0, 800.0);
    window.run_steps(4);
    assert_eq!(plan(&window), BEFORE);
    window
}

fn plan(window: &Window) -> String {
    let design = window.state().state.session.as_ref().unwrap().design.as_ref().unwrap();
    let group = |group: &crate::layers::plan::LayerGroup| {
        let targets: Vec<String> = group.targets.iter().map(ToString::to_string).collect();
        format!("{}={}", group.name, targets.join(","))
    };
    design.plan.present().groups.iter().map(group).collect::<Vec<_>>().join(";")
}

fn is_previewing(window: &Window) -> bool {
    window.state().state.session.as_ref().unwrap().design.as_ref().unwrap().preview.is_some()
}

fn node(window: &Window, key: &str) -> Pos2 {
    window.state().memory.canvas.node_rect(key).unwrap_or_else(|| panic!("{key} is not drawn")).center()
}

fn layer(window: &Window, name: &str) -> Pos2 {
    window.get_by_label(&format!("Layer {name}")).rect().center()
}

fn gap_above(window: &Window, name: &str) -> Pos2 {
    window.get_by_label(&format!("Layer {name}")).rect().center_top() - vec2(0.0, 2.0)
}

fn button(pos: Pos2, button: PointerButton, pressed: bool, modifiers: Modifiers) -> Event {
    Event::PointerButton { pos, button, pressed, modifiers }
}

/// A hand that is faster than the window: the press and the whole way arrive in one frame.
fn lift(window: &mut Window, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.step();
    let press = button(from, PointerButton::Primary, true, Modifiers::NONE);
    window.input_mut().events.extend([press, Event::PointerMoved(from.lerp(to, 0.5)), Event::PointerMoved(to)]);
    window.step();
    window.run_steps(2);
}

fn let_go(window: &mut Window, at: Pos2) {
    window.drop_at(at);
    window.run_steps(4);
}

fn undo(window: &mut Window) {
    window.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.run_steps(3);
}

#[test]
fn a_node_is_dropped_on_a_layer_in_the_frame_of_the_press() {
    let mut window = open();
    let (from, to) = (node(&window, "//libs/core:core"), layer(&window, "pip_deps"));
    lift(&mut window, from, to);
    assert!(is_previewing(&window));
    window.get_by_label_contains("Move to pip_deps");
    assert_eq!(plan(&window), BEFORE, "nothing is done while the drop is in the air");
    let_go(&mut window, to);
    assert_eq!(plan(&window), "pip_deps=@pypi//:numpy,@pypi//:fastapi,//libs/core:core;internal_libs=//libs/http:http");
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn a_node_is_dropped_between_layers_and_on_add_layer() {
    let mut window = open();
    let (from, to) = (node(&window, "//libs/core:core"), gap_above(&window, "pip_deps"));
    lift(&mut window, from, to);
    let_go(&mut window, to);
    assert_eq!(
        plan(&window),
        "pip_deps=@pypi//:numpy,@pypi//:fastapi;internal_libs_2=//libs/core:core;internal_libs=//libs/http:http"
    );
    undo(&mut window);
    // A closed hub stands for the packages that the app itself names.
    let (from, to) = (node(&window, "@pypi"), window.get_by_label("Add layer").rect().center());
    lift(&mut window, from, to);
    let_go(&mut window, to);
    assert_ne!(plan(&window), BEFORE);
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn a_drag_of_a_node_ends_with_escape_and_outside_of_every_place() {
    let mut window = open();
    let (from, to) = (node(&window, "//libs/core:core"), layer(&window, "pip_deps"));
    lift(&mut window, from, to);
    window.key_press(Key::Escape);
    window.run_steps(2);
    assert!(!is_previewing(&window));
    let_go(&mut window, to);
    assert_eq!(plan(&window), BEFORE);
    let outside = from + vec2(120.0, 60.0);
    lift(&mut window, from, to);
    window.hover_at(outside);
    window.run_steps(2);
    assert!(!is_previewing(&window));
    window.get_by_label_contains("Drop on a layer, or between two");
    let_go(&mut window, outside);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn several_nodes_are_dragged_together() {
    let mut window = open();
    for key in ["//libs/core:core", "//libs/http:http"] {
        let place = node(&window, key);
        window.hover_at(place);
        window.step();
        for pressed in [true, false] {
            window.event_modifiers(
                button(place, PointerButton::Primary, pressed, Modifiers::COMMAND),
                Modifiers::COMMAND,
            );
            window.step();
        }
    }
    window.run_steps(2);
    assert_eq!(window.state().state.view.selection.len(), 2);
    let (from, to) = (node(&window, "//libs/core:core"), layer(&window, "pip_deps"));
    lift(&mut window, from, to);
    window.get_by_label_contains("2 targets and packages");
    let_go(&mut window, to);
    assert!(plan(&window).contains("fastapi,//libs/core:core,//libs/http:http"), "{}", plan(&window));
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn a_layer_is_dragged_quickly_and_the_keyboard_goes_on_with_it() {
    let mut window = open();
    let (from, to) = (layer(&window, "pip_deps"), gap_above(&window, "internal_libs"));
    lift(&mut window, from, to);
    let_go(&mut window, to);
    const MOVED: &str = "internal_libs=//libs/http:http;pip_deps=@pypi//:numpy,@pypi//:fastapi";
    assert_eq!(plan(&window), MOVED);
    window.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    window.run_steps(2);
    assert_eq!(plan(&window), BEFORE, "the layer that was dragged is the selected one");
    undo(&mut window);
    assert_eq!(plan(&window), MOVED);
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn a_layer_in_the_air_is_left_by_escape_and_outside() {
    let mut window = open();
    let (from, to) = (layer(&window, "pip_deps"), gap_above(&window, "internal_libs"));
    lift(&mut window, from, to);
    assert!(is_previewing(&window));
    window.key_press(Key::Escape);
    window.run_steps(2);
    let_go(&mut window, to);
    assert_eq!(plan(&window), BEFORE);
    lift(&mut window, from, to);
    let outside = egui::pos2(640.0, 200.0);
    window.hover_at(outside);
    window.run_steps(2);
    let_go(&mut window, outside);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn merging_splitting_renaming_and_removing_come_back_with_undo() {
    let mut window = open();
    let (from, to) = (layer(&window, "internal_libs"), layer(&window, "pip_deps"));
    lift(&mut window, from, to);
    window.get_by_label_contains("Merge internal_libs into pip_deps");
    let_go(&mut window, to);
    assert_eq!(plan(&window), "pip_deps=@pypi//:numpy,@pypi//:fastapi,//libs/http:http");
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
    let layer = layer(&window, "internal_libs");
    for pressed in [true, false] {
        window.hover_at(layer);
        window.event(button(layer, PointerButton::Primary, pressed, Modifiers::NONE));
        window.step();
    }
    window.run_steps(2);
    window.key_press(Key::F2);
    window.run_steps(2);
    window.event(Event::Text("code".to_owned()));
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(3);
    assert!(plan(&window).ends_with("code=//libs/http:http"), "{}", plan(&window));
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
    window.key_press(Key::Delete);
    window.run_steps(3);
    assert_eq!(plan(&window), "pip_deps=@pypi//:numpy,@pypi//:fastapi");
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
}

/// Opens the menu of what is at `place`.
fn menu_at(window: &mut Window, place: Pos2) {
    window.hover_at(place);
    window.step();
    for pressed in [true, false] {
        window.event(button(place, PointerButton::Secondary, pressed, Modifiers::NONE));
        window.step();
    }
    window.run_steps(4);
}

#[test]
fn a_row_has_the_menu_that_a_node_has() {
    let mut window = open();
    let row = window.get_by_label("//libs/core:core").rect().center();
    menu_at(&mut window, row);
    window.get_by_label("Why is it here? Ctrl+I");
    window.get_by_label("Move to pip_deps").click();
    window.run_steps(4);
    assert!(plan(&window).contains("fastapi,//libs/core:core;"), "{}", plan(&window));
    undo(&mut window);
    assert_eq!(plan(&window), BEFORE);
}

#[test]
fn a_double_click_on_a_row_shows_it_in_the_graph() {
    let mut window = open();
    assert!(window.state().memory.canvas.node_rect("@pypi//:urllib3").is_none(), "its hub is closed");
    let row = window.get_by_label("@pypi//:urllib3").rect().center();
    window.hover_at(row);
    window.step();
    let events =
        [true, false, true, false].map(|pressed| button(row, PointerButton::Primary, pressed, Modifiers::NONE));
    window.input_mut().events.extend(events);
    window.step();
    for _ in 0..200 {
        window.step();
        if window.state().memory.canvas.node_rect("@pypi//:urllib3").is_some() {
            break;
        }
    }
    window.run_steps(60);
    let middle = window.state().memory.canvas.canvas().unwrap().center();
    assert!((node(&window, "@pypi//:urllib3") - middle).length() < 2.0);
    let selected: Vec<String> = window.state().state.view.selection.iter().map(ToString::to_string).collect();
    assert_eq!(selected, ["@pypi//:urllib3"]);
}

/// What is typed into the search goes to the match that one means: the one that is called like that.
#[test]
fn enter_in_the_search_goes_to_what_is_called_like_that() {
    let mut window = open();
    window.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.run_steps(2);
    window.event(Event::Text("core".to_owned()));
    window.run_steps(2);
    window.key_press(Key::Enter);
    window.run_steps(60);
    let selected: Vec<String> = window.state().state.view.selection.iter().map(ToString::to_string).collect();
    assert_eq!(selected, ["//libs/core:core"]);
}

#[test]
fn nodes_of_two_ends_show_the_way_between_them() {
    let mut window = open();
    let ends = ["//app:app_bin", "//libs/core:core"].map(fixture::label);
    update(&mut window.state_mut().state, Action::Look(Look::SelectAll(ends.to_vec())));
    window.run_steps(3);
    for name in ["//app:app_bin, ", "//libs/core:core, "] {
        let node = window.get_by_label_contains(name);
        assert_eq!(node.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True), "{name}");
    }
}

/// A folder from the file manager.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("a folder".to_owned())
    }
}

#[test]
fn a_folder_that_is_dropped_on_the_window_is_opened() {
    let mut window = open();
    window.input_mut().dropped_files = vec![Arc::new(Dropped(PathBuf::from("/somewhere/else")))];
    window.step();
    let work = window.state().state.work.get().expect("it is being read");
    assert_eq!(work.title, "Reading the workspace");
    assert!(
        matches!(window.state().state.session.as_ref().unwrap().source, WorkspaceSource::Demo),
        "until it is there"
    );
}
