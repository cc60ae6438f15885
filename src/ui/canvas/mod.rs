//! The graph: a canvas with pan and zoom. Nodes are selected, opened, and dragged to layers. Camera, hover and gesture
//! are in [`CanvasMemory`].

mod appearance;
mod camera;
mod card;
mod detail;
mod edges;
mod export;
mod figures;
mod highlight;
mod hover_card;
mod input;
mod legend;
mod line_mesh;
mod matches;
mod memory;
mod menu;
mod minimap;
mod paint;
mod pick;
mod scene;
mod search;
mod toolbar;

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Align2, Id, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::graph::view::ViewRequest;
use crate::layers::partition::LayerKind;
use crate::ui::canvas::appearance::{Appearance, Marks, spoken};
use crate::ui::canvas::detail::Detail;
use crate::ui::canvas::edges::EdgesOf;
use crate::ui::canvas::highlight::{Highlight, Subject};
use crate::ui::canvas::memory::Gesture;
use crate::ui::canvas::paint::Drawn;
use crate::ui::canvas::scene::Scene;
use crate::ui::drag;
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::{empty, text};

pub use memory::{CanvasMemory, CanvasRequest};

/// Duration of dimming.
const FADE_SECONDS: f32 = 0.12;
/// Delay, so that a passing pointer dims nothing.
const LOOK_SECONDS: f64 = 0.15;
/// A slower drawing shows a message.
const LONG_SECONDS: f64 = 0.2;
/// With more nodes, seen from far away, none has a name for screen readers.
const MOST_NAMED: usize = 600;
/// With more selected nodes their edges are not highlighted.
const MOST_FOLLOWED: usize = 6;
/// A selection dims less than the pointer.
const SELECTION_FADE: f32 = 0.55;

#[must_use]
pub(crate) fn id() -> Id {
    Id::unique("graph canvas")
}

pub fn show(ui: &mut Ui, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.painter().rect_filled(ui.available_rect_before_wrap(), 0, palette.ground);
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else {
        nothing(ui, state);
        return;
    };
    toolbar::show(ui, state, memory, actions);
    let canvas = ui.available_rect_before_wrap();
    if canvas.width() < 40.0 || canvas.height() < 40.0 {
        return;
    }
    ui.allocate_rect(canvas, Sense::hover());
    let now = ui.input(|input| input.time);
    memory.update(ui.ctx(), &design.model, &request(state, memory), canvas, now);
    memory.update_layers(&design.shown().partition);
    memory.update_matches(&state.view.search);

    let id = id();
    input::take_keys_that_click(ui, id, memory, state, actions);
    let response = ui.interact(canvas, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Dependency graph"));
    input::take(ui, &response, canvas, state, memory, actions);
    search::arrive(memory, actions, now);
    if memory.camera.advance(now) {
        ui.request_repaint();
    }
    draw(ui, canvas, state, design, memory, now);
    search::show(ui, canvas, memory);
    response.context_menu(|ui| menu::show(ui, state, design, memory, actions));
}

fn request(state: &AppState, memory: &CanvasMemory) -> ViewRequest {
    ViewRequest {
        expanded: state.view.expanded.clone(),
        show_files: state.view.show_files,
        hidden: state.view.hidden.clone(),
        focus: state.view.focus.clone().map(|label| (label, memory.hops.0)),
    }
}

fn nothing(ui: &mut Ui, state: &AppState) {
    let (title, sentence) = match (&state.session, state.work.get()) {
        (_, Some(work)) => (work.title.clone(), "The graph appears here when it is loaded."),
        (None, None) => {
            ("No workspace is open".to_owned(), "Open a folder with MODULE.bazel or WORKSPACE, or the demo.")
        }
        (Some(session), None) => match &session.app_problem {
            Some((label, problem)) => (format!("{label} can't be shown"), problem.as_str()),
            None => ("No app is chosen".to_owned(), "Choose an app above to see what it depends on."),
        },
    };
    empty::show(ui, &title, sentence);
}

fn draw(ui: &mut Ui, canvas: Rect, state: &AppState, design: &Design, memory: &mut CanvasMemory, now: f64) {
    let palette = theme::palette(ui);
    let offsets = memory.on_the_way(now);
    if offsets.is_some() {
        ui.request_repaint();
    }
    let is_busy = memory.is_busy();
    let camera = memory.camera;
    if let Some(reason) = memory.problem() {
        problem(ui, palette, canvas, reason);
    }
    let Some(scene) = &memory.scene else {
        progress(ui, palette, canvas, now);
        wait(ui, canvas, memory, now);
        return;
    };
    let none = Vec::new();
    let layers = memory.layers.as_ref().map_or(&none, |(_, layers)| layers);
    let appearance = Appearance::new(palette, state.view.colour_by, design, layers);
    let drawn = Drawn::new(scene, &camera, canvas, offsets);
    let visible = drawn.visible();
    let matches = memory.matches.as_ref().map_or(&[][..], |matches| matches.nodes.as_slice());
    let hovered = memory.hovered.as_ref().and_then(|(key, since)| Some((scene.view.find(key)?, *since)));
    let rested = hovered.filter(|(_, since)| now - since >= LOOK_SECONDS || memory.is_looking).map(|(at, _)| at);
    if hovered.is_some() && rested.is_none() {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(LOOK_SECONDS));
    }
    let subject = subject(scene, state, layers, design, matches, rested);
    let highlight = Highlight::new(&scene.view, &scene.neighbours, &subject);
    let wanted = match subject {
        Subject::Nothing => 0.0,
        _ if rested.is_some() => 1.0,
        Subject::Nodes(_) => SELECTION_FADE,
        Subject::Only(_) if state.view.search.trim().is_empty() && !state.view.selection.is_empty() => SELECTION_FADE,
        Subject::Between(..) | Subject::Only(_) => 1.0,
    };
    let fade = ui.animate_value_with_time(Id::unique("graph fade"), wanted, FADE_SECONDS);

    let painter = ui.painter().with_clip_rect(canvas.intersect(ui.clip_rect()));
    let rim = 1.0 / ui.pixels_per_point();
    let edges = || edges::mesh(palette, &drawn, &highlight, fade, painter.clip_rect(), rim);
    let lines = match drawn.offsets {
        Some(_) => Arc::new(edges()),
        None => {
            let made_from = EdgesOf {
                drawing: memory.drawing,
                view: camera.view(),
                clip: painter.clip_rect(),
                is_dark: palette.is_dark,
                rim,
                highlight: highlight.clone(),
                fade,
            };
            memory.edges.get(made_from, edges)
        }
    };
    painter.add(Shape::mesh(lines));
    let holders = partly_selected(scene, state);
    let card = |at: usize| {
        let node = scene.view.nodes.get(at)?;
        let labels = &scene.figures.get(at)?.labels;
        let marks = Marks {
            is_selected: input::is_selected(labels, &state.view.selection),
            is_hovered: hovered.is_some_and(|(over, _)| over == at),
            is_current: memory.current.as_ref() == Some(&node.key),
            is_match: matches.binary_search(&at).is_ok() || holders.binary_search(&at).is_ok(),
        };
        appearance.card(scene, at, marks)
    };
    let colour = |at: usize| appearance.colour(scene, at);
    if drawn.detail == Detail::Overview {
        let strong = |at: usize| {
            let figures = scene.figures.get(at);
            figures.is_some_and(|figures| input::is_selected(&figures.labels, &state.view.selection))
        };
        paint::overview(&painter, palette, &visible, (&highlight, fade), colour, strong);
    }
    if drawn.detail != Detail::Overview || visible.len() <= MOST_NAMED {
        let cards: Vec<_> = visible.iter().filter_map(|&(at, rect)| Some((at, rect, card(at)?))).collect();
        if drawn.detail != Detail::Overview {
            paint::cards(&painter, palette, &drawn, &cards, (&highlight, fade));
        }
        for &(at, rect, ref card) in &cards {
            name(ui, canvas, scene, at, rect, card);
        }
    }
    band(ui, &painter, palette, memory.gesture, &drawn);
    if is_busy {
        progress(ui, palette, canvas, now);
    }
    legend::paint(&painter, palette, canvas, design, state.view.colour_by);
    if let Some((at, since)) = hovered
        && !drag::is_dragging(ui.ctx())
        // The card would cover the menu.
        && !egui::Popup::is_any_open(ui.ctx())
        && let Some(rect) = drawn.rect(at)
    {
        let rests = now - since;
        if rests >= hover_card::REST_SECONDS {
            hover_card::show(ui.ctx(), &appearance, scene, at, rect, canvas);
        } else {
            ui.request_repaint_after(std::time::Duration::from_secs_f64(hover_card::REST_SECONDS - rests));
        }
    }
    let asked = minimap::place(canvas, scene.bounds, &camera).and_then(|rect| minimap::show(ui, rect, &drawn, colour));
    if is_busy {
        wait(ui, canvas, memory, now);
    }
    memory.is_looking = rested.is_some();
    if let Some(view) = asked {
        memory.camera.set(view);
    }
}

/// The hovered node, else matches, the selection, or the selected layer's content.
fn subject(
    scene: &Scene,
    state: &AppState,
    layers: &[figures::NodeLayers],
    design: &Design,
    matches: &[usize],
    hovered: Option<usize>,
) -> Subject {
    if let Some(at) = hovered {
        return Subject::Nodes(vec![at]);
    }
    if !state.view.search.trim().is_empty() {
        return Subject::Only(matches.to_vec());
    }
    let is_selected = |at: &usize| {
        scene.figures.get(*at).is_some_and(|figures| input::is_selected(&figures.labels, &state.view.selection))
    };
    let selected: Vec<usize> = (0..scene.view.nodes.len()).filter(is_selected).collect();
    match (selected.as_slice(), state.view.selected_layer) {
        (&[one, other], _) => Subject::Between(one, other),
        ([], Some(layer)) => {
            let kind = LayerKind::Dependency(layer);
            let index = design.shown().partition.layers.iter().position(|layer| layer.kind == kind);
            let is_held =
                |at: &usize| layers.get(*at).is_some_and(|held| held.iter().any(|&(of, _)| Some(of) == index));
            Subject::Only((0..scene.view.nodes.len()).filter(is_held).collect())
        }
        ([], None) => match partly_selected(scene, state) {
            nodes if nodes.is_empty() => Subject::Nothing,
            nodes => Subject::Nodes(nodes),
        },
        // Edges of many nodes say nothing.
        (many, _) if many.len() > MOST_FOLLOWED => Subject::Only(selected),
        _ => Subject::Nodes(selected),
    }
}

/// Groups with selected members.
fn partly_selected(scene: &Scene, state: &AppState) -> Vec<usize> {
    let holders: BTreeSet<usize> = state.view.selection.iter().filter_map(|label| scene.showing(label)).collect();
    holders.into_iter().collect()
}

/// For screen readers and tests.
fn name(ui: &Ui, canvas: Rect, scene: &Scene, at: usize, rect: Rect, card: &card::Card<'_>) {
    let Some(node) = scene.view.nodes.get(at) else { return };
    let response = ui.interact(rect.intersect(canvas), Id::unique(("graph node", &node.key)), Sense::hover());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, card.is_selected, spoken(node, card)));
}

fn band(ui: &Ui, painter: &egui::Painter, palette: &Palette, gesture: Gesture, drawn: &Drawn<'_>) {
    let Gesture::Band(from) = gesture else { return };
    let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else { return };
    let rect = Rect::from_two_pos(drawn.camera.to_screen(drawn.canvas, from), pointer);
    let fill = palette.accent.gamma_multiply(0.08);
    painter.rect(rect, 2, fill, Stroke::new(1.0, palette.accent), StrokeKind::Inside);
}

fn problem(ui: &Ui, palette: &Palette, canvas: Rect, reason: &str) {
    let line = canvas.shrink(metrics::SPACE_S);
    let words = format!("Couldn't lay out the graph: {reason}");
    text::paint(ui.painter(), line, Align2::CENTER_TOP, &words, metrics::body(), palette.bad);
}

/// A moving line while the next drawing is made.
fn progress(ui: &Ui, palette: &Palette, canvas: Rect, now: f64) {
    const SECONDS: f64 = 1.2;
    let along = ((now / SECONDS) % 1.0) as f32;
    let width = canvas.width() * 0.25;
    let left = canvas.left() - width + (canvas.width() + width) * along;
    let line = Rect::from_min_size(pos2(left, canvas.top()), vec2(width, 2.0)).intersect(canvas);
    ui.painter().rect_filled(line, 0, palette.accent);
    ui.request_repaint();
}

/// After a while, what is awaited and a button to stop.
fn wait(ui: &mut Ui, canvas: Rect, memory: &mut CanvasMemory, now: f64) {
    const SIZE: egui::Vec2 = vec2(236.0, metrics::CONTROL + metrics::SPACE_S);
    if memory.waited(now).is_none_or(|waited| waited < LONG_SECONDS) {
        return;
    }
    let palette = theme::palette(ui);
    let rect = Align2::CENTER_TOP.align_size_within_rect(SIZE, canvas.shrink(metrics::SPACE_S));
    ui.painter().rect(
        rect,
        metrics::RADIUS_M,
        palette.surface,
        Stroke::new(metrics::HAIRLINE, palette.outline),
        StrokeKind::Inside,
    );
    let inner = rect.shrink2(vec2(metrics::SPACE_S, metrics::SPACE_XS));
    text::paint(ui.painter(), inner, Align2::LEFT_CENTER, "Laying out the graph", metrics::body(), palette.text);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    ui.scope_builder(egui::UiBuilder::new().max_rect(inner).layout(layout), |ui| {
        if ui.button("Stop").clicked() {
            memory.stop();
        }
        ui.spinner();
    });
}

#[cfg(test)]
mod tests;
