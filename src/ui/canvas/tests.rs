use egui::{Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, TouchPhase, Ui, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::app::fixture;
use crate::app::state::drop::Payload;
use crate::app::state::view::Look;
use crate::app::update::update;
use crate::label::Label;

/// The window with nothing but the canvas in it.
#[derive(Default)]
struct Window {
    state: AppState,
    memory: CanvasMemory,
    has_theme: bool,
}

type Canvas = Harness<'static, Window>;

fn frame(ui: &mut Ui, window: &mut Window) {
    if !std::mem::replace(&mut window.has_theme, true) {
        theme::install(ui.ctx());
    }
    let mut actions = Vec::new();
    show(ui, &window.state, &mut window.memory, &mut actions);
    for action in actions {
        // What is asked for outside, such as a check of the plan, has no part in what is tested here.
        update(&mut window.state, action);
    }
}

fn open(expanded: &[&str]) -> Canvas {
    let mut state = fixture::state();
    state.view.expanded = expanded.iter().map(|&key| key.to_owned()).collect();
    let window = Window { state, ..Window::default() };
    let mut canvas =
        Harness::builder().with_size(vec2(1_000.0, 700.0)).with_step_dt(1.0 / 60.0).build_ui_state(frame, window);
    // The theme's typefaces are there from the second frame on.
    canvas.run_steps(3);
    canvas
}

fn place(canvas: &Canvas, key: &str) -> Rect {
    canvas.state().memory.node_rect(key).unwrap_or_else(|| panic!("{key} is not drawn"))
}

fn selection(canvas: &Canvas) -> Vec<String> {
    canvas.state().state.view.selection.iter().map(Label::to_string).collect()
}

fn click(canvas: &mut Canvas, position: Pos2, modifiers: Modifiers) {
    canvas.hover_at(position);
    canvas.step();
    for pressed in [true, false] {
        canvas.event_modifiers(
            Event::PointerButton { pos: position, button: PointerButton::Primary, pressed, modifiers },
            modifiers,
        );
        canvas.step();
    }
}

fn drag(canvas: &mut Canvas, from: Pos2, to: Pos2, modifiers: Modifiers) {
    canvas.hover_at(from);
    canvas.step();
    canvas.event_modifiers(
        Event::PointerButton { pos: from, button: PointerButton::Primary, pressed: true, modifiers },
        modifiers,
    );
    canvas.step();
    for step in 1..=4_u8 {
        canvas.event_modifiers(Event::PointerMoved(from + (to - from) * (f32::from(step) / 4.0)), modifiers);
        canvas.step();
    }
}

fn release(canvas: &mut Canvas, position: Pos2, modifiers: Modifiers) {
    canvas.event_modifiers(
        Event::PointerButton { pos: position, button: PointerButton::Primary, pressed: false, modifiers },
        modifiers,
    );
    canvas.step();
}

fn dragged(canvas: &Canvas) -> Option<Vec<String>> {
    match drag::dragged(&canvas.ctx)? {
        Payload::Targets(labels) => Some(labels.iter().map(Label::to_string).collect()),
        Payload::Layer(_) => None,
    }
}

#[test]
fn every_node_has_a_name_and_stands_where_it_is_said_to() {
    let canvas = open(&[]);
    for (name, word, key) in [
        ("//app:app_bin, binary, ", ", app", "//app:app_bin"),
        ("//libs/http:http, py_library, ", ", internal_libs", "//libs/http:http"),
        ("@pypi, pip packages, ", ", 2 layers", "@pypi"),
    ] {
        let node = canvas.get_by_label_contains(name);
        let spoken = node.accesskit_node().label().unwrap_or_default();
        assert!(spoken.ends_with(word), "{spoken}");
        assert_eq!(node.rect().center().round(), place(&canvas, key).center().round(), "{name}");
    }
}

#[test]
fn dependencies_stand_below_what_needs_them() {
    let canvas = open(&["@pypi"]);
    assert!(place(&canvas, "//libs/http:http").top() > place(&canvas, "//app:app_bin").bottom());
    assert!(place(&canvas, "@pypi//:urllib3").top() > place(&canvas, "@pypi//:requests").bottom());
}

#[test]
fn a_click_selects_one_and_with_the_command_key_one_more_and_the_background_none() {
    let mut canvas = open(&[]);
    let http = place(&canvas, "//libs/http:http").center();
    let core = place(&canvas, "//libs/core:core").center();
    click(&mut canvas, http, Modifiers::NONE);
    assert_eq!(selection(&canvas), ["//libs/http:http"]);
    click(&mut canvas, core, Modifiers::COMMAND);
    assert_eq!(selection(&canvas), ["//libs/core:core", "//libs/http:http"]);
    click(&mut canvas, http, Modifiers::COMMAND);
    assert_eq!(selection(&canvas), ["//libs/core:core"]);
    let corner = canvas.state().memory.canvas().unwrap().right_bottom() - vec2(12.0, 12.0);
    click(&mut canvas, corner, Modifiers::NONE);
    assert_eq!(selection(&canvas), [""; 0]);
}

#[test]
fn a_closed_hub_stands_for_the_packages_that_the_app_itself_names() {
    let mut canvas = open(&[]);
    let hub = place(&canvas, "@pypi").center();
    click(&mut canvas, hub, Modifiers::NONE);
    assert_eq!(selection(&canvas), ["@pypi//:fastapi", "@pypi//:numpy", "@pypi//:requests"]);
}

#[test]
fn a_double_click_opens_a_group_in_its_place_and_closes_it_again() {
    let mut canvas = open(&[]);
    let before = place(&canvas, "@pypi").center();
    for _ in 0..2 {
        click(&mut canvas, before, Modifiers::NONE);
    }
    canvas.run_steps(60);
    let shown = canvas.state().memory.shown().join(" ");
    assert!(shown.contains("@pypi//:numpy") && !shown.split(' ').any(|key| key == "@pypi"), "{shown}");
    // The middle of the group's members is where the group was.
    let members = ["fastapi", "numpy", "pydantic", "requests", "urllib3"];
    let sum = members
        .iter()
        .map(|name| place(&canvas, &format!("@pypi//:{name}")).center().to_vec2())
        .fold(vec2(0.0, 0.0), |a, b| a + b);
    assert!((sum / 5.0 - before.to_vec2()).length() < 2.0);
    let numpy = place(&canvas, "@pypi//:numpy").center();
    for _ in 0..2 {
        click(&mut canvas, numpy, Modifiers::NONE);
    }
    canvas.run_steps(60);
    assert!(canvas.state().memory.shown().contains(&"@pypi"));
}

#[test]
fn a_press_and_a_quick_move_in_one_frame_drag_what_was_pressed() {
    let mut canvas = open(&["@pypi"]);
    let from = place(&canvas, "@pypi//:numpy").center();
    let onto = place(&canvas, "@pypi//:fastapi").center();
    canvas.hover_at(from);
    canvas.step();
    // A slow frame: the press and all of the movement arrive together.
    let press =
        Event::PointerButton { pos: from, button: PointerButton::Primary, pressed: true, modifiers: Modifiers::NONE };
    canvas.input_mut().events.extend([press, Event::PointerMoved(from.lerp(onto, 0.5)), Event::PointerMoved(onto)]);
    canvas.step();
    canvas.step();
    assert_eq!(dragged(&canvas), Some(vec!["@pypi//:numpy".to_owned()]));
}

#[test]
fn a_drag_takes_the_whole_selection_when_the_pressed_node_is_in_it() {
    let mut canvas = open(&["@pypi"]);
    canvas.state_mut().state.view.selection = ["@pypi//:numpy", "//libs/http:http"].map(fixture::label).into();
    let numpy = place(&canvas, "@pypi//:numpy").center();
    let fastapi = place(&canvas, "@pypi//:fastapi").center();
    drag(&mut canvas, numpy, numpy + vec2(60.0, 40.0), Modifiers::NONE);
    assert_eq!(dragged(&canvas).unwrap(), ["//libs/http:http", "@pypi//:numpy"]);
    release(&mut canvas, numpy + vec2(60.0, 40.0), Modifiers::NONE);
    assert_eq!(dragged(&canvas), None);
    drag(&mut canvas, fastapi, fastapi + vec2(60.0, 40.0), Modifiers::NONE);
    assert_eq!(dragged(&canvas).unwrap(), ["@pypi//:fastapi"]);
}

#[test]
fn dragging_the_background_moves_the_drawing_with_the_pointer() {
    let mut canvas = open(&[]);
    let before = place(&canvas, "//app:app_bin");
    let from = canvas.state().memory.canvas().unwrap().right_bottom() - vec2(20.0, 20.0);
    drag(&mut canvas, from, from - vec2(80.0, 50.0), Modifiers::NONE);
    release(&mut canvas, from - vec2(80.0, 50.0), Modifiers::NONE);
    let moved = place(&canvas, "//app:app_bin").center() - before.center();
    assert!((moved - vec2(-80.0, -50.0)).length() < 1.0, "{moved:?}");
    assert_eq!(dragged(&canvas), None);
}

#[test]
fn the_wheel_zooms_at_the_pointer() {
    let mut canvas = open(&[]);
    let before = place(&canvas, "@pypi");
    canvas.hover_at(before.left_top());
    canvas.step();
    canvas.event(Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, -4.0),
        modifiers: Modifiers::NONE,
        phase: TouchPhase::Move,
        source: MouseWheelSource::Unknown,
    });
    canvas.run_steps(40);
    let after = place(&canvas, "@pypi");
    assert!(after.width() < 0.9 * before.width(), "{} {}", before.width(), after.width());
    assert!((after.left_top() - before.left_top()).length() < 1.0);
}

#[test]
fn a_rubber_band_selects_what_it_touches() {
    let mut canvas = open(&["@pypi"]);
    let (one, other) = (place(&canvas, "@pypi//:pydantic"), place(&canvas, "@pypi//:urllib3"));
    let area = one.union(other).expand(6.0);
    drag(&mut canvas, area.left_top(), area.right_bottom(), Modifiers::SHIFT);
    release(&mut canvas, area.right_bottom(), Modifiers::SHIFT);
    let touched = selection(&canvas);
    for name in ["@pypi//:pydantic", "@pypi//:urllib3"] {
        assert!(touched.contains(&name.to_owned()), "{touched:?}");
    }
    assert!(!touched.contains(&"//app:app_bin".to_owned()));
}

#[test]
fn the_keyboard_travels_along_edges_and_opens_groups() {
    let mut canvas = open(&[]);
    let binary = place(&canvas, "//app:app_bin").center();
    click(&mut canvas, binary, Modifiers::NONE);
    for expected in ["//libs/http:http", "//libs/core:core"] {
        canvas.key_press(Key::ArrowDown);
        canvas.step();
        assert_eq!(selection(&canvas), [expected]);
    }
    canvas.key_press(Key::ArrowUp);
    canvas.step();
    assert_eq!(selection(&canvas).len(), 1);
    let hub = place(&canvas, "@pypi").center();
    click(&mut canvas, hub, Modifiers::NONE);
    canvas.key_press(Key::Enter);
    canvas.run_steps(30);
    assert!(canvas.state().memory.shown().contains(&"@pypi//:numpy"));
}

#[test]
fn the_next_match_opens_the_group_that_hides_it_and_is_flown_to() {
    let mut canvas = open(&[]);
    canvas.state_mut().state.view.search = "URLLIB".to_owned();
    canvas.step();
    assert!(canvas.query_by_label("1 match").is_some());
    canvas.state_mut().memory.request(CanvasRequest::Match(1));
    canvas.run_steps(60);
    assert_eq!(selection(&canvas), ["@pypi//:urllib3"]);
    let middle = canvas.state().memory.canvas().unwrap().center();
    assert!((place(&canvas, "@pypi//:urllib3").center() - middle).length() < 2.0);
    canvas.state_mut().state.view.search = "no such thing".to_owned();
    canvas.step();
    assert!(canvas.query_by_label("No matches in this app").is_some());
}

#[test]
fn a_neighbourhood_alone_is_shown_and_left_again() {
    let mut canvas = open(&[]);
    update(&mut canvas.state_mut().state, Action::Look(Look::Focus(Some(fixture::label("//libs/core:core")))));
    canvas.run_steps(20);
    assert_eq!(canvas.state().memory.shown(), ["//app:app_bin", "//libs/core:core", "//libs/http:http"]);
    canvas.get_by_label("Show all").click();
    canvas.run_steps(20);
    assert!(canvas.state().memory.shown().contains(&"@pypi"));
}

#[test]
fn nodes_follow_the_drop_that_is_in_the_air() {
    use crate::app::state::drop::PlannedDrop;
    use crate::layers::operations::Operation;
    let mut canvas = open(&["@pypi"]);
    assert!(canvas.query_by_label("@pypi//:requests, pip package, 67.2 kB, internal_libs").is_some());
    let drop = {
        let design = canvas.state().state.session.as_ref().unwrap().design.as_ref().unwrap();
        let [LayerKind::Dependency(pip_deps), _] = fixture::layers(design) else { panic!("a group") };
        let operation = Operation::Assign { layer: pip_deps, targets: vec![fixture::label("@pypi//:requests")] };
        PlannedDrop::new(design, operation).unwrap()
    };
    update(&mut canvas.state_mut().state, Action::Preview(Some(drop)));
    canvas.run_steps(2);
    assert!(canvas.query_by_label("@pypi//:requests, pip package, 67.2 kB, pip_deps").is_some());
}

#[test]
fn the_menu_moves_what_a_drag_would_move() {
    let mut canvas = open(&["@pypi"]);
    let position = place(&canvas, "@pypi//:requests").center();
    canvas.hover_at(position);
    canvas.step();
    for pressed in [true, false] {
        let button = PointerButton::Secondary;
        canvas.event(Event::PointerButton { pos: position, button, pressed, modifiers: Modifiers::NONE });
        canvas.step();
    }
    canvas.run_steps(5);
    canvas.get_by_label("Move to pip_deps").click();
    canvas.run_steps(5);
    let design = canvas.state().state.session.as_ref().unwrap().design.as_ref().unwrap();
    let group = design.plan.present().group_of(&fixture::label("@pypi//:requests")).unwrap();
    assert_eq!(group.name, "pip_deps");
}

/// The app with so many more packages below fastapi that the worker has to place them.
fn large() -> AppState {
    use crate::workspace::lock::{LockedDependency, LockedPackage, PackageName};
    let mut workspace = fixture::workspace("py_layers");
    let lock = &mut workspace.hubs.get_mut("pypi").unwrap().lock;
    for number in 0..120 {
        let name = PackageName::new(&format!("part-{number:03}"));
        lock.packages.push(LockedPackage::new(name.clone(), "1.0"));
        let fastapi = lock.packages.iter_mut().find(|package| package.name.as_str() == "fastapi").unwrap();
        fastapi.dependencies.push(LockedDependency { name, version: None, extras: Vec::new(), marker: None });
    }
    let design = fixture::design_of(&workspace, &fixture::history());
    fixture::state_of(design, workspace, fixture::history())
}

#[test]
fn the_old_drawing_stays_until_the_worker_has_the_new_one() {
    let mut canvas = open(&[]);
    canvas.state_mut().state = large();
    canvas.run_steps(2);
    canvas.state_mut().state.view.expanded = ["@pypi", "@pypi+more"].map(str::to_owned).into();
    canvas.step();
    assert!(canvas.state().memory.is_busy());
    assert!(canvas.state().memory.shown().contains(&"@pypi"));
    let started = std::time::Instant::now();
    while canvas.state().memory.is_busy() && started.elapsed().as_secs() < 10 {
        std::thread::sleep(std::time::Duration::from_millis(2));
        canvas.step();
    }
    assert!(canvas.state().memory.shown().contains(&"@pypi//:part-119"));
}

#[test]
fn a_large_hub_opens_in_two_steps() {
    let mut canvas = open(&[]);
    canvas.state_mut().state = large();
    canvas.run_steps(2);
    let hub = place(&canvas, "@pypi").center();
    for _ in 0..2 {
        click(&mut canvas, hub, Modifiers::NONE);
    }
    canvas.run_steps(30);
    let shown = canvas.state().memory.shown().join(" ");
    assert!(shown.contains("@pypi+more") && shown.contains("@pypi//:numpy") && !shown.contains("part-119"), "{shown}");
}

#[test]
fn without_an_app_it_says_what_to_do() {
    let mut canvas = Harness::builder().with_size(vec2(600.0, 400.0)).build_ui_state(frame, Window::default());
    canvas.run_steps(3);
    assert!(canvas.query_by_label("No workspace is open").is_some());
}

fn secondary_click(canvas: &mut Canvas, position: Pos2) {
    canvas.hover_at(position);
    canvas.step();
    for pressed in [true, false] {
        let button = PointerButton::Secondary;
        canvas.event(Event::PointerButton { pos: position, button, pressed, modifiers: Modifiers::NONE });
        canvas.step();
    }
    canvas.run_steps(3);
}

#[test]
fn dependencies_are_added_and_taken_away_from_the_menu_of_a_target() {
    let mut canvas = open(&[]);
    let http = place(&canvas, "//libs/http:http").center();
    secondary_click(&mut canvas, http);
    canvas.get_by_label("Add dependency…").click();
    canvas.run_steps(2);
    let asked = &canvas.state().state.dialog;
    assert!(
        matches!(asked, Some(crate::app::state::dialogs::Dialog::Dependency { target, is_added: true, .. }) if target.name() == "http"),
        "{asked:?}"
    );
    canvas.state_mut().state.dialog = None;
    secondary_click(&mut canvas, http);
    canvas.get_by_label_contains("Remove dependency").click();
    canvas.run_steps(4);
    canvas.get_by_label("@pypi//:requests").click();
    canvas.run_steps(2);
    let session = canvas.state().state.session.as_ref().unwrap();
    let changes = session.design.as_ref().unwrap().plan.changes();
    let said: Vec<String> = changes.iter().map(|change| change.to_string()).collect();
    assert_eq!(said, ["//libs/http:http no longer needs @pypi//:requests"]);
}

#[test]
fn kinds_of_nodes_can_be_left_out() {
    let mut canvas = open(&[]);
    canvas.get_by_label("Show").click();
    canvas.run_steps(3);
    canvas.get_by_label("Pip packages").click();
    canvas.run_steps(3);
    assert!(!canvas.state().memory.shown().contains(&"@pypi"));
    assert!(canvas.query_by_label("Show (filtered)").is_some());
}
