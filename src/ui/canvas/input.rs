//! Input on the canvas: pan, zoom, select, drag, open groups, keyboard. The whole canvas is one area, and the pressed
//! node is looked up at the place of the press: egui uses the latest position of the pointer.

use std::collections::BTreeSet;

use egui::{
    Event, EventFilter, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, Rect, Response, Ui, Vec2,
};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::drop::Payload;
use crate::app::state::view::Look;
use crate::label::Label;
use crate::ui::canvas::camera::{View, fit};
use crate::ui::canvas::memory::{CanvasMemory, CanvasRequest, Gesture};
use crate::ui::canvas::pick::{self, Part, Step, node_at, nodes_in};
use crate::ui::canvas::scene::Scene;
use crate::ui::canvas::search;
use crate::ui::drag;

/// Wheel points for a factor of e.
const WHEEL_SCALE: f32 = 320.0;
/// One press of plus or minus.
const ZOOM_STEP: f32 = 1.25;

pub(crate) fn take(
    ui: &Ui,
    response: &Response,
    canvas: Rect,
    state: &AppState,
    memory: &mut CanvasMemory,
    actions: &mut Vec<Action>,
) {
    let now = ui.input(|input| input.time);
    wheel(ui, response, canvas, memory);
    start(ui, response, canvas, state, memory);
    go_on(ui, response, canvas, state, memory, actions);
    click(ui, response, canvas, state, memory, actions);
    hover(ui, response, canvas, memory, now);
    if response.has_focus() {
        ui.memory_mut(|egui| {
            let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
            egui.set_focus_lock_filter(response.id, filter);
        });
        keys(ui, canvas, state, memory, actions, now);
    }
    requests(canvas, memory, now);
}

/// Before the canvas is interacted with: keys that egui would take for a click.
pub(crate) fn take_keys_that_click(
    ui: &Ui,
    id: egui::Id,
    memory: &mut CanvasMemory,
    state: &AppState,
    actions: &mut Vec<Action>,
) {
    if !ui.memory(|egui| egui.has_focus(id)) {
        return;
    }
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Space));
    if !ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
        return;
    }
    if !state.view.search.trim().is_empty() {
        memory.request(CanvasRequest::Match(1));
        return;
    }
    let Some(scene) = &memory.scene else { return };
    let node = memory.current.as_deref().and_then(|key| scene.view.nodes.get(scene.view.find(key)?));
    if let Some(key) = node.and_then(|node| if node.kind.is_group() { Some(&node.key) } else { node.group.as_ref() }) {
        actions.push(Action::Look(Look::ToggleGroup(key.clone())));
    }
}

fn wheel(ui: &Ui, response: &Response, canvas: Rect, memory: &mut CanvasMemory) {
    let Some(pointer) = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.contains_pointer()) else {
        return;
    };
    let (delta, zoom, source, unit) = ui.input(|input| {
        let unit = input.events.iter().rev().find_map(|event| match event {
            Event::MouseWheel { unit, modifiers, .. } => Some((*unit, modifiers.shift)),
            _ => None,
        });
        (input.smooth_scroll_delta(), input.zoom_delta(), input.scroll_source(), unit)
    });
    match (source, unit) {
        (Some(MouseWheelSource::Wheel), _) => memory.wheel_pans = false,
        (Some(MouseWheelSource::Trackpad | MouseWheelSource::Momentum), _) => memory.wheel_pans = true,
        // Without information by the platform: a wheel counts lines, a touchpad points. Shift scrolls sideways.
        (_, Some((unit, is_shift))) => memory.wheel_pans = unit == MouseWheelUnit::Point || is_shift,
        (_, None) => {}
    }
    if (zoom - 1.0).abs() > f32::EPSILON {
        memory.camera.zoom_at(canvas, pointer, zoom);
    }
    if delta == Vec2::ZERO {
        return;
    }
    if memory.wheel_pans {
        memory.camera.pan(delta);
    } else {
        memory.camera.zoom_at(canvas, pointer, (delta.y / WHEEL_SCALE).exp());
    }
}

/// Decides the gesture by what was pressed and how.
fn start(ui: &Ui, response: &Response, canvas: Rect, state: &AppState, memory: &mut CanvasMemory) {
    let Some(origin) = ui.input(|input| input.pointer.press_origin()) else { return };
    let is_thrown = !response.contains_pointer() && canvas.contains(origin) && drag::is_thrown(ui);
    if !response.drag_started() && !is_thrown {
        return;
    }
    let (is_shift, is_space) = ui.input(|input| (input.modifiers.shift, input.key_down(Key::Space)));
    let Some(scene) = &memory.scene else { return };
    let pan = Gesture::Pan(memory.camera.view());
    let is_primary = is_thrown || response.drag_started_by(PointerButton::Primary);
    memory.gesture = if !is_primary || is_space {
        pan
    } else if is_shift {
        Gesture::Band(memory.camera.to_drawing(canvas, origin))
    } else {
        match node_at(scene, &memory.camera, canvas, origin) {
            Some((at, _)) => {
                if let Some((payload, title)) = payload(scene, at, state) {
                    drag::begin(ui.ctx(), payload, title);
                }
                Gesture::Drag
            }
            None => pan,
        }
    };
}

/// The selection if the node is selected, else the node.
fn payload(scene: &Scene, at: usize, state: &AppState) -> Option<(Payload, String)> {
    let (node, figures) = (scene.view.nodes.get(at)?, scene.figures.get(at)?);
    let selection = &state.view.selection;
    if is_selected(&figures.labels, selection) {
        let labels: Vec<Label> = selection.iter().cloned().collect();
        let title = if labels.len() == figures.labels.len() { title(node, &labels) } else { drag::title_of(&labels) };
        return Some((Payload::Targets(labels), title));
    }
    let title = title(node, &figures.labels);
    (!figures.labels.is_empty()).then(|| (Payload::Targets(figures.labels.clone()), title))
}

fn title(node: &crate::graph::view::ViewNode, labels: &[Label]) -> String {
    match (&node.label, labels) {
        (None, [_, _, ..]) => format!("{}: {}", node.key.trim_end_matches("+more"), drag::title_of(labels)),
        _ => drag::title_of(labels),
    }
}

#[must_use]
pub(crate) fn is_selected(labels: &[Label], selection: &BTreeSet<Label>) -> bool {
    !labels.is_empty() && labels.iter().all(|label| selection.contains(label))
}

fn go_on(
    ui: &Ui,
    response: &Response,
    canvas: Rect,
    state: &AppState,
    memory: &mut CanvasMemory,
    actions: &mut Vec<Action>,
) {
    let (origin, pointer) = ui.input(|input| (input.pointer.press_origin(), input.pointer.latest_pos()));
    match (memory.gesture, origin.zip(pointer)) {
        (Gesture::Pan(from), Some((origin, pointer))) if response.dragged() => {
            // From the press on, so that a slow frame loses nothing.
            memory.camera.set(from);
            memory.camera.pan(pointer - origin);
        }
        (Gesture::Band(from), _) if response.drag_stopped() => {
            if let (Some(pointer), Some(scene)) = (pointer, &memory.scene) {
                let to = memory.camera.to_drawing(canvas, pointer);
                let add = ui.input(|input| input.modifiers.command);
                actions.push(select_in(scene, Rect::from_two_pos(from, to), add, &state.view.selection));
            }
        }
        _ => {}
    }
    if response.drag_stopped() || !ui.input(|input| input.pointer.any_down()) {
        memory.gesture = Gesture::None;
    }
}

fn select_in(scene: &Scene, area: Rect, add: bool, selection: &BTreeSet<Label>) -> Action {
    let mut labels: BTreeSet<Label> = if add { selection.clone() } else { BTreeSet::new() };
    let inside = nodes_in(scene, area).into_iter().filter_map(|at| scene.figures.get(at));
    labels.extend(inside.flat_map(|figures| figures.labels.iter().cloned()));
    Action::Look(Look::SelectAll(labels.into_iter().collect()))
}

fn click(
    ui: &Ui,
    response: &Response,
    canvas: Rect,
    state: &AppState,
    memory: &mut CanvasMemory,
    actions: &mut Vec<Action>,
) {
    let Some(position) = response.interact_pointer_pos() else { return };
    let Some(scene) = &memory.scene else { return };
    let hit = node_at(scene, &memory.camera, canvas, position);
    let node = hit.and_then(|(at, part)| Some((scene.view.nodes.get(at)?, scene.figures.get(at)?, part)));
    if response.secondary_clicked() {
        memory.menu_for = node.map(|(node, _, _)| node.key.clone());
        return;
    }
    if !response.clicked() {
        return;
    }
    response.request_focus();
    let Some((node, figures, part)) = node else {
        memory.current = None;
        if !state.view.selection.is_empty() || state.view.selected_layer.is_some() {
            actions.push(Action::Look(Look::ClearSelection));
        }
        return;
    };
    memory.current = Some(node.key.clone());
    let group = if node.kind.is_group() { Some(&node.key) } else { node.group.as_ref() };
    if part == Part::Toggle || response.double_clicked() {
        if let Some(group) = group {
            actions.push(Action::Look(Look::ToggleGroup(group.clone())));
        }
        return;
    }
    let adds = ui.input(|input| input.modifiers.command || input.modifiers.shift);
    actions.push(Action::Look(select(&figures.labels, adds, &state.view.selection)));
}

/// With the command key toggles.
fn select(labels: &[Label], toggles: bool, selection: &BTreeSet<Label>) -> Look {
    match (labels, toggles) {
        ([only], false) => Look::Select(only.clone()),
        ([only], true) => Look::ToggleSelect(only.clone()),
        (several, false) => Look::SelectAll(several.to_vec()),
        (several, true) => {
            let mut labels = selection.clone();
            if is_selected(several, selection) {
                labels.retain(|label| !several.contains(label));
            } else {
                labels.extend(several.iter().cloned());
            }
            Look::SelectAll(labels.into_iter().collect())
        }
    }
}

fn hover(ui: &Ui, response: &Response, canvas: Rect, memory: &mut CanvasMemory, now: f64) {
    let position: Option<Pos2> = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.contains_pointer());
    let is_free = memory.gesture == Gesture::None && !drag::is_dragging(ui.ctx());
    let hit = position.filter(|_| is_free).and_then(|position| {
        let scene = memory.scene.as_ref()?;
        let (at, _) = node_at(scene, &memory.camera, canvas, position)?;
        Some(scene.view.nodes.get(at)?.key.clone())
    });
    let since = memory.hovered.take();
    memory.hovered = hit.map(|key| match since {
        Some((old, since)) if old == key => (old, since),
        _ => (key, now),
    });
}

fn keys(ui: &Ui, canvas: Rect, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>, now: f64) {
    let pressed = |key: Key| ui.input(|input| input.modifiers.is_none() && input.key_pressed(key));
    if pressed(Key::F) {
        memory.request(CanvasRequest::Fit);
    }
    if pressed(Key::Plus) || pressed(Key::Equals) {
        memory.request(CanvasRequest::Zoom(1));
    }
    if pressed(Key::Minus) {
        memory.request(CanvasRequest::Zoom(-1));
    }
    let steps = [
        (Key::ArrowLeft, Step::Left),
        (Key::ArrowRight, Step::Right),
        (Key::ArrowUp, Step::Up),
        (Key::ArrowDown, Step::Down),
    ];
    for (_, step) in steps.into_iter().filter(|(key, _)| pressed(*key)) {
        travel(canvas, state, memory, actions, step, now);
    }
}

/// Selects the node that one step reaches, and shows it.
fn travel(canvas: Rect, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>, step: Step, now: f64) {
    let Some(scene) = &memory.scene else { return };
    let root = || scene.showing(&binary(scene)?);
    let here = memory.current.as_deref().and_then(|key| scene.view.find(key));
    let next = match here {
        // Without an edge, the focus stays.
        Some(here) => pick::step(scene, here, step).or(Some(here)),
        None => root(),
    };
    let Some((node, figures, place)) =
        next.and_then(|at| Some((scene.view.nodes.get(at)?, scene.figures.get(at)?, scene.places.get(at)?)))
    else {
        return;
    };
    memory.current = Some(node.key.clone());
    actions.push(Action::Look(select(&figures.labels, false, &state.view.selection)));
    if !canvas.shrink(8.0).contains_rect(memory.camera.rect_to_screen(canvas, *place)) {
        let zoom = memory.camera.zoom();
        memory.camera.fly(View { centre: place.center(), zoom }, now);
    }
}

fn binary(scene: &Scene) -> Option<Label> {
    let graph = &scene.request.model.graph;
    graph.node(graph.root()).map(|node| node.label.clone())
}

fn requests(canvas: Rect, memory: &mut CanvasMemory, now: f64) {
    for request in std::mem::take(&mut memory.requests) {
        let Some(scene) = &memory.scene else { continue };
        match request {
            CanvasRequest::Fit => memory.camera.fly(fit(canvas, scene.bounds), now),
            CanvasRequest::Zoom(steps) => {
                memory.camera.zoom_at(canvas, canvas.center(), ZOOM_STEP.powi(i32::from(steps)))
            }
            CanvasRequest::Match(steps) => search::go(steps, memory),
        }
    }
}
