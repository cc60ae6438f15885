//! Gestures on the image column.

use egui::{Event, Key, Modifiers, PointerButton, pos2, vec2};

use crate::app::action::Action;
use crate::app::fixture;
use crate::app::state::dialogs::Dialog;
use crate::app::state::view::Look;
use crate::app::update::update;
use crate::engine::change::dependency_changes::DependencyChange;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::ui::test_window::{self, TestWindow, open};

const BEFORE: &str = "pip_deps=@pypi//:numpy,@pypi//:fastapi;internal_libs=//libs/http:http";

#[test]
fn a_row_dropped_on_a_layer_moves_there_in_one_step() {
    let mut window = open();
    assert_eq!(window.plan(), BEFORE);
    let (from, to) = (window.at("//libs/core:core"), window.at("Layer pip_deps"));
    window.lift(from, to);
    assert!(window.is_previewing());
    assert!(window.says("Move to pip_deps"));
    assert_eq!(window.plan(), BEFORE, "nothing is done while the drop is in the air");
    window.let_go(to);
    assert_eq!(window.plan(), "pip_deps=@pypi//:numpy,@pypi//:fastapi,//libs/core:core;internal_libs=//libs/http:http");
    assert!(!window.is_previewing());
    assert_eq!(window.edits(), 1);
    window.undo();
    assert_eq!(window.plan(), BEFORE);
}

#[test]
fn a_row_dropped_between_layers_makes_one() {
    let mut window = open();
    let (from, to) = (window.at("//libs/core:core"), window.gap_above("pip_deps"));
    window.drag(from, to);
    assert_eq!(
        window.plan(),
        "pip_deps=@pypi//:numpy,@pypi//:fastapi;internal_libs_2=//libs/core:core;internal_libs=//libs/http:http"
    );
    assert_eq!(window.edits(), 1);
}

#[test]
fn the_strata_stand_still_while_a_new_layer_is_in_the_air() {
    let mut window = open();
    let before = window.at("Layer internal_libs");
    let (from, to) = (window.at("@pypi//:numpy"), window.gap_below("pip_deps"));
    window.lift(from, to);
    assert!(window.is_previewing());
    assert_eq!(window.at("Layer internal_libs"), before);
    window.let_go(to);
    assert_eq!(window.plan(), "pip_deps_2=@pypi//:numpy;pip_deps=@pypi//:fastapi;internal_libs=//libs/http:http");
}

#[test]
fn a_layer_dropped_between_layers_moves() {
    let mut window = open();
    let (from, to) = (window.at("Layer pip_deps"), window.gap_above("internal_libs"));
    window.lift(from, to);
    assert!(window.says("Move to position 2 of 2"));
    window.let_go(to);
    assert_eq!(window.plan(), "internal_libs=//libs/http:http;pip_deps=@pypi//:numpy,@pypi//:fastapi");
    assert_eq!(window.edits(), 1);
}

#[test]
fn a_layer_dropped_on_a_layer_is_merged_into_it() {
    let mut window = open();
    let (from, to) = (window.at("Layer internal_libs"), window.at("Layer pip_deps"));
    window.lift(from, to);
    assert!(window.says("Merge internal_libs into pip_deps"));
    window.let_go(to);
    assert_eq!(window.plan(), "pip_deps=@pypi//:numpy,@pypi//:fastapi,//libs/http:http");
}

#[test]
fn a_drop_that_moves_no_bytes_says_why() {
    let mut window = open();
    // fastapi in pip_deps needs pydantic, and pip_deps comes first.
    let (from, to) = (window.at("@pypi//:pydantic"), window.at("Layer internal_libs"));
    window.lift(from, to);
    assert!(window.says("No effect: pip_deps is below and already contains it"));
    let below = window.gap_below("pip_deps");
    window.harness.hover_at(below);
    window.harness.step();
    window.harness.run_steps(1);
    assert!(window.says("New layer pip_deps_2 at the bottom"));
}

#[test]
fn escape_takes_the_drag_back() {
    let mut window = open();
    let (from, to) = (window.at("//libs/core:core"), window.at("Layer pip_deps"));
    window.lift(from, to);
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.is_previewing());
    window.let_go(to);
    assert_eq!(window.plan(), BEFORE);
    assert_eq!(window.edits(), 0);
}

#[test]
fn a_drop_outside_does_nothing() {
    let mut window = open();
    let (from, over) = (window.at("//libs/core:core"), window.at("Layer pip_deps"));
    window.lift(from, over);
    window.harness.hover_at(pos2(600.0, 300.0));
    window.harness.step();
    assert!(!window.is_previewing(), "the what-if goes when the pointer leaves the layer");
    window.let_go(pos2(600.0, 300.0));
    assert_eq!(window.edits(), 0);
}

#[test]
fn a_fixed_layer_says_why_it_takes_nothing() {
    let mut window = open();
    let (from, to) = (window.at("//libs/core:core"), window.at("Layer interpreter"));
    window.lift(from, to);
    assert!(window.says("Only the interpreter can be in this layer"));
    assert!(!window.is_previewing());
    window.let_go(to);
    assert_eq!(window.edits(), 0);
}

#[test]
fn what_was_pressed_is_dragged_even_when_the_frame_was_slow() {
    let mut window = open();
    let from = window.at("@pypi//:requests");
    let neighbour = window.at("@pypi//:urllib3");
    window.harness.hover_at(from);
    window.harness.step();
    // One slow frame: the press and the move to the neighbour arrive together.
    let press =
        Event::PointerButton { pos: from, button: PointerButton::Primary, pressed: true, modifiers: Modifiers::NONE };
    window.harness.input_mut().events.extend([press, Event::PointerMoved(neighbour)]);
    window.harness.step();
    let to = window.at("Layer pip_deps");
    for share in [0.5, 1.0] {
        window.harness.hover_at(neighbour.lerp(to, share));
        window.harness.step();
    }
    window.let_go(to);
    assert_eq!(window.plan(), "pip_deps=@pypi//:numpy,@pypi//:fastapi,@pypi//:requests;internal_libs=//libs/http:http");
}

#[test]
fn a_selection_is_dragged_whole() {
    let mut window = open();
    for name in ["@pypi//:requests", "//libs/core:core"] {
        let place = window.at(name);
        window.click(place, Modifiers::COMMAND);
    }
    let (from, to) = (window.at("//libs/core:core"), window.at("Layer pip_deps"));
    window.lift(from, to);
    assert!(window.says("2 targets and packages"));
    window.let_go(to);
    assert_eq!(
        window.plan(),
        "pip_deps=@pypi//:numpy,@pypi//:fastapi,//libs/core:core,@pypi//:requests;internal_libs=//libs/http:http"
    );
}

#[test]
fn a_unit_can_be_dragged_out_of_an_open_layer() {
    let mut window = open();
    let chevron = window.at("Show units of pip_deps");
    window.click(chevron, Modifiers::NONE);
    let (from, to) = (window.at("@pypi//:numpy in pip_deps"), window.at("Layer internal_libs"));
    window.drag(from, to);
    assert_eq!(window.plan(), "pip_deps=@pypi//:fastapi;internal_libs=//libs/http:http,@pypi//:numpy");
}

#[test]
fn an_open_layer_says_what_layers_below_hold() {
    let mut window = open();
    let (from, to) = (window.at("//libs/core:core"), window.at("Layer pip_deps"));
    window.drag(from, to);
    let chevron = window.at("Show units of internal_libs");
    window.click(chevron, Modifiers::NONE);
    let claims = window.at("1 more in layers below");
    window.click(claims, Modifiers::NONE);
    assert!(window.has("//libs/core:core held below by pip_deps"));
}

#[test]
fn a_double_click_on_the_name_renames() {
    let mut window = open();
    let rect = egui_kittest::kittest::Queryable::get_by_label(&window.harness, "Layer pip_deps").rect();
    let name = rect.min + vec2(60.0, 18.0);
    window.click(name, Modifiers::NONE);
    window.click(name, Modifiers::NONE);
    assert!(window.has("Layer name"));
    window.type_text("wheels");
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.plan(), "wheels=@pypi//:numpy,@pypi//:fastapi;internal_libs=//libs/http:http");
    assert!(!window.has("Layer name"));
    assert_eq!(window.edits(), 1);
}

#[test]
fn a_name_that_is_taken_is_not_accepted_and_escape_leaves_it_as_it_was() {
    let mut window = open();
    let layer = window.at("Layer pip_deps");
    window.click(layer, Modifiers::NONE);
    window.press(Modifiers::NONE, Key::F2);
    window.type_text("internal_libs");
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.has("Layer name"), "typing goes on");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.has("Layer name"));
    assert_eq!(window.plan(), BEFORE);
    assert_eq!(window.edits(), 0);
}

#[test]
fn the_keyboard_moves_and_removes_the_selected_layer() {
    let mut window = open();
    let layer = window.at("Layer pip_deps");
    window.click(layer, Modifiers::NONE);
    window.press(Modifiers::ALT, Key::ArrowUp);
    assert_eq!(window.plan(), "internal_libs=//libs/http:http;pip_deps=@pypi//:numpy,@pypi//:fastapi");
    window.press(Modifiers::ALT, Key::ArrowUp);
    assert_eq!(window.edits(), 1, "the topmost group can't go higher");
    window.press(Modifiers::ALT, Key::ArrowDown);
    assert_eq!(window.plan(), BEFORE);
    window.press(Modifiers::NONE, Key::Delete);
    assert_eq!(window.plan(), "internal_libs=//libs/http:http");
}

#[test]
fn the_menu_of_a_layer_moves_it() {
    let mut window = open();
    let button = window.at("Change pip_deps");
    window.click(button, Modifiers::NONE);
    let entry = window.at("Move layer up Alt+Up");
    window.click(entry, Modifiers::NONE);
    assert_eq!(window.plan(), "internal_libs=//libs/http:http;pip_deps=@pypi//:numpy,@pypi//:fastapi");
    assert!(!window.has("Move layer up Alt+Up"), "the menu closes");
}

#[test]
fn what_is_selected_of_a_layer_is_split_off_and_comes_back_with_undo() {
    let mut window = open();
    let split = |window: &mut TestWindow| {
        let place = window.at("Change pip_deps");
        window.click(place, Modifiers::NONE);
        let place = window.at("Split off selected targets");
        window.click(place, Modifiers::NONE);
    };
    split(&mut window);
    assert_eq!(window.edits(), 0, "nothing is selected");
    window.press(Modifiers::NONE, Key::Escape);
    let numpy = fixture::label("@pypi//:numpy");
    update(&mut window.harness.state_mut().state, Action::Look(Look::Select(numpy)));
    split(&mut window);
    assert_eq!(window.plan(), "pip_deps=@pypi//:fastapi;pip_deps_split=@pypi//:numpy;internal_libs=//libs/http:http");
    window.undo();
    assert_eq!(window.plan(), BEFORE);
}

#[test]
fn a_changed_dependency_stands_over_the_layers_with_the_way_back() {
    let mut window = open();
    let change = DependencyChange {
        target: fixture::label("//libs/core:core"),
        dependency: fixture::label("@pypi//:numpy"),
        is_added: true,
    };
    update(&mut window.harness.state_mut().state, Action::ChangeDependency(change));
    window.harness.run_steps(2);
    let place = window.at("Undo: //libs/core:core needs @pypi//:numpy");
    window.click(place, Modifiers::NONE);
    assert!(!window.says("needs @pypi//:numpy"));
}

#[test]
fn a_row_dropped_on_add_layer_makes_one_on_top() {
    let mut window = open();
    let (from, to) = (window.at("@pypi//:numpy"), window.at("Add layer"));
    window.drag(from, to);
    assert!(window.plan().ends_with("=@pypi//:numpy"), "{}", window.plan());
    window.undo();
    assert_eq!(window.plan(), BEFORE);
}

#[test]
fn add_layer_puts_an_empty_one_on_top() {
    let mut window = open();
    let button = window.at("Add layer");
    window.click(button, Modifiers::NONE);
    assert_eq!(window.plan(), format!("{BEFORE};new_layer="));
}

#[test]
fn numbers_of_a_macro_that_does_not_partition_say_so() {
    let window = open();
    assert!(window.says("Pulled per deploy"));
    assert!(!window.says("Layerwright's layer rules"));
    let state = fixture::state_of(fixture::design_with("pkg_tar"), fixture::workspace("pkg_tar"), fixture::history());
    let window = test_window::open_with(state);
    assert!(window.says("packs all runfiles into the app layer again"));
    assert!(window.says("Per deploy, with Layerwright's layer rules"));
}

#[test]
fn a_refusal_stands_over_the_layers_and_in_the_layer_that_it_concerns() {
    let mut state = fixture::state();
    let design = state.session.as_mut().unwrap().design.as_mut().unwrap();
    let message = "layer `pip_deps` has no targets; give it some, or take it out of the plan";
    let refusal = Refusal::at_line(RefusalCode::EmptyLayer, "app/BUILD.bazel", 7, message);
    design.refusal = Some(refusal.of_layer("pip_deps"));
    let window = test_window::open_with(state);
    assert!(window.says("This plan can't be applied yet"));
    assert!(window.says("give it some, or take it out of the plan"));
    assert!(window.says("app/BUILD.bazel:7"));
}

#[test]
fn a_macro_without_true_layers_comes_with_the_offer_of_rules() {
    const OFFER: &str = "Install layer rules…";
    assert!(!open().has(OFFER), "where the macro partitions there is nothing to install");
    let state = fixture::state_of(fixture::design_with("pkg_tar"), fixture::workspace("pkg_tar"), fixture::history());
    let mut window = test_window::open_with(state);
    let offer = window.at(OFFER);
    window.click(offer, Modifiers::NONE);
    match &window.state().dialog {
        Some(Dialog::Review(dialog)) => assert!(dialog.prepared.is_none(), "the change is being made"),
        other => panic!("{other:?}"),
    }
}
