//! A window without a display: the list, the image column and the bottom around an empty middle, for tests of gestures.

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::action::Action;
use crate::app::fixture;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::update::update;
use crate::engine::reports::units::UnitCache;
use crate::ui::bottom::{self, BottomMemory};
use crate::ui::drag::DragMemory;
use crate::ui::stack::{self, StackMemory};
use crate::ui::targets::{self, TargetsMemory};
use crate::ui::theme;

/// What the shell owns, as far as these views need it.
pub(crate) struct Window {
    pub state: AppState,
    units: UnitCache,
    drag: DragMemory,
    stack: StackMemory,
    targets: TargetsMemory,
    bottom: BottomMemory,
    /// Every action that was made, as text.
    pub log: Vec<String>,
}

impl Window {
    fn draw(&mut self, ui: &mut egui::Ui) {
        let mut actions = Vec::new();
        let panel = egui::Panel::bottom("bottom").exact_size(220.0).resizable(false).frame(egui::Frame::NONE);
        panel.show(ui, |ui| bottom::show(ui, &self.state, &mut self.bottom, &mut actions));
        let panel = egui::Panel::left("targets").exact_size(280.0).resizable(false).frame(egui::Frame::NONE);
        panel.show(ui, |ui| {
            targets::show(ui, &self.state, &mut self.targets, &mut self.units, &mut self.drag, &mut actions)
        });
        let panel = egui::Panel::right("image").exact_size(380.0).resizable(false).frame(egui::Frame::NONE);
        panel.show(ui, |ui| {
            stack::show(ui, &self.state, &mut self.stack, &mut self.units, &mut self.drag, &mut actions)
        });
        self.drag.finish(ui, &self.state, &mut actions);
        for action in actions {
            self.log.push(format!("{action:?}"));
            // What a gesture asks of the outside, such as the text of the BUILD file, is not answered here.
            drop(update(&mut self.state, action));
        }
    }

    fn design(&self) -> &Design {
        self.state.session.as_ref().unwrap().design.as_ref().unwrap()
    }
}

/// The window with ways to use it.
pub(crate) struct TestWindow {
    pub harness: Harness<'static, Window>,
}

/// Opens the window on the fixture's app.
pub(crate) fn open() -> TestWindow {
    open_with(fixture::state())
}

/// Opens the window on a state.
pub(crate) fn open_with(state: AppState) -> TestWindow {
    let window = Window {
        state,
        units: UnitCache::default(),
        drag: DragMemory::default(),
        stack: StackMemory::default(),
        targets: TargetsMemory::default(),
        bottom: BottomMemory::default(),
        log: Vec::new(),
    };
    let harness = Harness::builder()
        .with_size(egui::vec2(1200.0, 900.0))
        // As fast as a real window, so that two clicks are a double click.
        .with_step_dt(1.0 / 60.0)
        .with_context_setup(theme::install)
        .build_ui_state(|ui, window: &mut Window| window.draw(ui), window);
    let mut window = TestWindow { harness };
    window.harness.run_steps(2);
    window
}

impl TestWindow {
    pub(crate) fn state(&self) -> &AppState {
        &self.harness.state().state
    }

    /// `pip_deps=@pypi//:numpy,@pypi//:fastapi;internal_libs=//libs/http:http` from the bottom up.
    pub(crate) fn plan(&self) -> String {
        let group = |group: &crate::layers::plan::LayerGroup| {
            let targets: Vec<String> = group.targets.iter().map(ToString::to_string).collect();
            format!("{}={}", group.name, targets.join(","))
        };
        let design = self.harness.state().design();
        design.plan.present().groups.iter().map(group).collect::<Vec<_>>().join(";")
    }

    pub(crate) fn is_previewing(&self) -> bool {
        self.harness.state().design().preview.is_some()
    }

    /// How many actions changed the plan.
    pub(crate) fn edits(&self) -> usize {
        self.harness.state().log.iter().filter(|action| action.starts_with("Edit(")).count()
    }

    pub(crate) fn undo(&mut self) {
        update(&mut self.harness.state_mut().state, Action::Undo);
        self.harness.run_steps(1);
    }

    /// The middle of what has this name.
    pub(crate) fn at(&self, name: &str) -> Pos2 {
        self.harness.get_by_label(name).rect().center()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    /// Whether some text of the window has `part` in it.
    pub(crate) fn says(&self, part: &str) -> bool {
        self.harness.query_all_by_label_contains(part).next().is_some()
    }

    /// The number of rows of lists.
    pub(crate) fn rows(&self) -> usize {
        self.harness.query_all_by_role(Role::ListItem).count()
    }

    /// The space between a layer and the one below it.
    pub(crate) fn gap_below(&self, layer: &str) -> Pos2 {
        let rect = self.harness.get_by_label(&format!("Layer {layer}")).rect();
        pos2(rect.center().x, rect.bottom() + 2.0)
    }

    pub(crate) fn gap_above(&self, layer: &str) -> Pos2 {
        let rect = self.harness.get_by_label(&format!("Layer {layer}")).rect();
        pos2(rect.center().x, rect.top() - 2.0)
    }

    /// Presses at `from` and moves to `to`, without letting go.
    pub(crate) fn lift(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.harness.step();
        self.harness.drag_at(from);
        self.harness.step();
        for share in [0.1, 0.5, 0.9, 1.0] {
            self.harness.hover_at(from.lerp(to, share));
            self.harness.step();
        }
        // Once more, for the preview to be drawn.
        self.harness.run_steps(1);
    }

    /// Lets go at `place`.
    pub(crate) fn let_go(&mut self, place: Pos2) {
        self.harness.drop_at(place);
        self.harness.step();
        self.harness.run_steps(2);
    }

    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.lift(from, to);
        self.let_go(to);
    }

    pub(crate) fn click(&mut self, place: Pos2, modifiers: Modifiers) {
        self.harness.event_modifiers(Event::PointerMoved(place), modifiers);
        for pressed in [true, false] {
            let button = Event::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers };
            self.harness.event_modifiers(button, modifiers);
        }
        self.harness.step();
        self.harness.run_steps(2);
    }

    pub(crate) fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.step();
        self.harness.run_steps(2);
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.harness.step();
        self.harness.run_steps(1);
    }

    /// Whether the control with this name is selected.
    pub(crate) fn is_selected(&self, name: &str) -> bool {
        let node = self.harness.get_by_label(name);
        node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
    }
}
