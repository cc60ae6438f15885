//! Everything in the window can be reached by keyboard, in every state that it has.

use std::collections::BTreeSet;

use egui::accesskit::{Action as Access, Role};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};

use crate::app::action::Action;
use crate::app::fixture;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::dialogs::DiscardNext;
use crate::app::state::view::BottomTab;
use crate::app::state::view::Look;
use crate::app::update::update;
use crate::engine::reports::evidence::Subject;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::layers::partition::LayerKind;
use crate::ui::shell::tests::{Bench, harness, unnamed};

type Window = Harness<'static, Bench>;

/// More steps than any state has controls.
const MOST: usize = 250;

fn described(node: &Node<'_>) -> String {
    let node = node.accesskit_node();
    let name = node.label().or_else(|| node.labelled_by().next().and_then(|by| by.label())).unwrap_or_default();
    format!("{:?} {name}", node.role())
}

/// What Tab goes through, until it comes to something a second time.
fn walked(window: &mut Window) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut repeated = 0;
    for _ in 0..MOST {
        window.key_press(Key::Tab);
        window.run_steps(2);
        let root = window.root();
        let focused = root.children_recursive().find(|node| node.accesskit_node().is_focused());
        // A step on nothing is where the round begins anew.
        let Some(focused) = focused else { continue };
        if reached.insert(described(&focused)) {
            repeated = 0;
        } else {
            repeated += 1;
        }
        if repeated > 4 {
            break;
        }
    }
    reached
}

/// The controls that a click works on and that Tab does not come to. Rows are left out: the arrows go on from the first.
/// Behind a dialog nothing is to be reached: what stands there is in `behind`.
fn missed(window: &mut Window, behind: &BTreeSet<String>) -> Vec<String> {
    let reached = walked(window);
    controls(window).difference(&reached).filter(|name| !behind.contains(*name)).cloned().collect()
}

fn controls(window: &Window) -> BTreeSet<String> {
    let root = window.root();
    let is_control = |node: &Node<'_>| {
        let node = node.accesskit_node();
        node.data().supports_action(Access::Click)
            && !node.is_disabled()
            && !matches!(node.role(), Role::ListItem | Role::ScrollBar)
    };
    let controls = root.children_recursive().filter(is_control).map(|node| described(&node));
    // A resize handle and the ground behind a dialog do what keys do elsewhere.
    controls.filter(|name| !name.starts_with("Unknown") && !name.starts_with("GenericContainer")).collect()
}

fn states() -> Vec<(&'static str, AppState)> {
    let with = |change: &dyn Fn(&mut AppState)| {
        let mut state = fixture::state();
        change(&mut state);
        state
    };
    let tab = |tab| with(&|state| state.view.bottom = Some(tab));
    let dialog = |dialog: fn() -> Dialog| with(&|state| state.dialog = Some(dialog()));
    let core = || fixture::label("//libs/core:core");
    vec![
        ("nothing open", AppState::default()),
        ("replay", tab(BottomTab::Replay)),
        ("findings", tab(BottomTab::Findings)),
        ("advice", tab(BottomTab::Advice)),
        ("source", tab(BottomTab::Source)),
        ("folded", with(&|state| state.view.bottom = None)),
        ("presentation", with(&|state| state.view.is_presenting = true)),
        ("neighbourhood", with(&|state| state.view.focus = Some(core()))),
        ("search", with(&|state| state.view.search = "core".to_owned())),
        ("by package", with(&|state| state.view.list_order = crate::app::state::view::ListOrder::Package)),
        (
            "changed",
            with(&|state| {
                let [LayerKind::Dependency(id), _] = layers(state) else { panic!("a group") };
                let name = "wheels".to_owned();
                let rename = crate::layers::operations::Operation::Rename { layer: id, name };
                update(state, Action::Edit(rename));
                update(state, Action::Say("A notice".to_owned()));
            }),
        ),
        ("open", dialog(|| Dialog::Open { path: String::new() })),
        ("save", dialog(|| Dialog::PlanFile { path: "a.toml".to_owned(), load: false })),
        ("palette", dialog(|| Dialog::Palette { search: String::new() })),
        ("shortcuts", dialog(|| Dialog::Shortcuts)),
        ("index", dialog(|| Dialog::Sizes(SizeSource::Index))),
        ("discard", dialog(|| Dialog::Discard { next: Box::new(DiscardNext::Quit) })),
        ("image", dialog(|| Dialog::Image(crate::app::state::image::ImageDialog::default()))),
        ("reasons", dialog(|| Dialog::Reasons(Subject::Unit(fixture::label("//libs/core:core"))))),
        ("move", {
            let mut state = dialog(|| Dialog::Move { search: String::new() });
            state.view.selection.insert(core());
            state
        }),
        (
            "dependency",
            dialog(|| Dialog::Dependency {
                target: fixture::label("//libs/core:core"),
                search: String::new(),
                is_added: true,
            }),
        ),
    ]
}

fn layers(state: &AppState) -> [LayerKind; 2] {
    fixture::layers(state.session.as_ref().unwrap().design.as_ref().unwrap())
}

#[test]
fn tab_comes_to_every_control_in_every_state() {
    let behind = controls(&harness(fixture::state(), 1280.0, 800.0));
    for (name, state) in states() {
        let none = BTreeSet::new();
        let behind = if state.dialog.is_some() { &behind } else { &none };
        let mut window = harness(state, 1280.0, 800.0);
        assert_eq!(missed(&mut window, behind), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_control_has_a_name_in_every_state() {
    for (name, state) in states() {
        assert_eq!(unnamed(&harness(state, 1280.0, 800.0)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn menus_open_and_are_gone_through_by_keyboard() {
    for name in ["Menu", "Change pip_deps", "Show"] {
        let mut window = harness(fixture::state(), 1280.0, 800.0);
        window.get_by_label(name).focus();
        window.run_steps(2);
        let before = window.root().children_recursive().count();
        window.key_press(Key::Enter);
        window.run_steps(3);
        assert!(window.root().children_recursive().count() > before + 3, "{name} opens");
        assert_eq!(unnamed(&window), Vec::<String>::new(), "{name}");
        let reached = walked(&mut window);
        let opened = reached.iter().filter(|name| name.starts_with("Button") || name.starts_with("CheckBox"));
        assert!(opened.count() > 3, "{name}: {reached:?}");
        window.key_press(Key::Escape);
        window.run_steps(3);
        assert!(window.root().children_recursive().count() <= before + 2, "{name} closes");
    }
}

fn selection(window: &Window) -> Vec<String> {
    window.state().state.view.selection.iter().map(ToString::to_string).collect()
}

fn plan(window: &Window) -> Vec<String> {
    let design = window.state().state.session.as_ref().unwrap().design.as_ref().unwrap();
    let group = |group: &crate::layers::plan::LayerGroup| {
        let targets: Vec<String> = group.targets.iter().map(ToString::to_string).collect();
        format!("{}={}", group.name, targets.join(","))
    };
    design.plan.present().groups.iter().map(group).collect()
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(3);
}

/// The main job without a pointer: search, select, move to a new layer, rename it, move it, and take it all back.
#[test]
fn layers_are_built_by_keyboard_alone() {
    let mut window = harness(fixture::state(), 1280.0, 800.0);
    let before = plan(&window);
    press(&mut window, Modifiers::COMMAND, Key::F);
    window.event(egui::Event::Text("@pypi".to_owned()));
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(selection(&window).len(), 1, "the first row has the cursor");
    press(&mut window, Modifiers::NONE, Key::End);
    let last = selection(&window);
    press(&mut window, Modifiers::NONE, Key::Home);
    let first = selection(&window);
    assert_ne!(first, last);
    press(&mut window, Modifiers::NONE, Key::ArrowDown);
    assert_ne!(selection(&window), first, "the arrows go from row to row");
    press(&mut window, Modifiers::SHIFT, Key::ArrowUp);
    assert_eq!(selection(&window).len(), 2, "and with Shift they select what they pass");
    press(&mut window, Modifiers::NONE, Key::Home);
    assert_eq!(selection(&window), first);

    press(&mut window, Modifiers::COMMAND, Key::M);
    window.event(egui::Event::Text("bottom".to_owned()));
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.state().state.dialog.is_none());
    assert_eq!(plan(&window).len(), 3);
    assert_eq!(plan(&window)[0], format!("pip_deps_2={}", first[0]));

    // The new layer is the selected one.
    press(&mut window, Modifiers::NONE, Key::F2);
    window.event(egui::Event::Text("base".to_owned()));
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert_eq!(plan(&window)[0], format!("base={}", first[0]));
    window.get_by_label("Layer base").focus();
    window.run_steps(3);
    press(&mut window, Modifiers::ALT, Key::ArrowUp);
    assert_eq!(plan(&window)[1], format!("base={}", first[0]));
    for _ in 0..3 {
        press(&mut window, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(plan(&window), before);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(plan(&window), before, "nothing else was changed");
}

#[test]
fn a_place_that_takes_nothing_says_why_and_is_not_taken() {
    let mut state = fixture::state();
    state.view.selection.insert(fixture::label("@pypi//:numpy"));
    let mut window = harness(state, 1280.0, 800.0);
    press(&mut window, Modifiers::COMMAND, Key::M);
    window.event(egui::Event::Text("interpreter".to_owned()));
    window.run_steps(3);
    window.get_by_label_contains("Only the interpreter can be in this layer");
    press(&mut window, Modifiers::NONE, Key::Enter);
    assert!(window.state().state.dialog.is_some());
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.state().state.dialog.is_none());
}

#[test]
fn what_is_selected_is_taken_out_of_its_layer_by_delete() {
    let mut window = harness(fixture::state(), 1280.0, 800.0);
    update(&mut window.state_mut().state, Action::Look(Look::Select(fixture::label("@pypi//:numpy"))));
    window.run_steps(3);
    press(&mut window, Modifiers::NONE, Key::Delete);
    assert_eq!(plan(&window), ["pip_deps=@pypi//:fastapi", "internal_libs=//libs/http:http"]);
    press(&mut window, Modifiers::COMMAND, Key::Z);
    assert_eq!(plan(&window)[0], "pip_deps=@pypi//:numpy,@pypi//:fastapi");
}

#[test]
fn an_unapplied_plan_is_kept_or_left_by_keyboard() {
    let mut state = fixture::state();
    update(
        &mut state,
        Action::Edit(crate::layers::operations::Operation::AddGroup {
            name: "one_more".to_owned(),
            position: 0,
            targets: Vec::new(),
        }),
    );
    let mut window = harness(state, 1280.0, 800.0);
    press(&mut window, Modifiers::COMMAND, Key::Q);
    assert!(matches!(window.state().state.dialog, Some(Dialog::Discard { .. })));
    press(&mut window, Modifiers::NONE, Key::Escape);
    assert!(window.state().state.dialog.is_none());
    assert_eq!(plan(&window).len(), 3);
}

#[test]
fn f6_goes_from_the_contents_to_the_graph_to_the_image() {
    let mut window = harness(fixture::state(), 1280.0, 800.0);
    let focused = |window: &Window| {
        let root = window.root();
        root.children_recursive().find(|node| node.accesskit_node().is_focused()).map(|node| described(&node))
    };
    let mut parts = Vec::new();
    press(&mut window, Modifiers::COMMAND, Key::F);
    for _ in 0..4 {
        parts.extend(focused(&window));
        press(&mut window, Modifiers::NONE, Key::F6);
    }
    assert_eq!(
        parts,
        [
            "TextInput Search targets and packages",
            "Canvas Dependency graph",
            "Button Layer app",
            "TextInput Search targets and packages"
        ]
    );
}
