//! Search in the whole graph, with closed and hidden nodes, and flights from match to match.

use egui::{Align2, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2};

use crate::app::action::Action;
use crate::app::state::view::Look;
use crate::ui::canvas::camera::View;
use crate::ui::canvas::memory::{CanvasMemory, CanvasRequest};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{CONTROL, HAIRLINE, RADIUS_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::text;

/// Least zoom after a flight.
const READABLE_ZOOM: f32 = 0.9;
const WIDTH: f32 = 232.0;

pub(crate) fn go(steps: i8, memory: &mut CanvasMemory) {
    let Some(matches) = &memory.matches else { return };
    let count = matches.labels.len();
    if count == 0 {
        return;
    }
    let next = match &memory.found {
        Some((of, at)) if *of == matches.search => (if steps < 0 { at + count - 1 } else { at + 1 }) % count,
        _ if steps < 0 => count - 1,
        _ => 0,
    };
    memory.awaited = matches.labels.get(next).cloned();
    memory.found = Some((matches.search.clone(), next));
}

/// Flies to the awaited label; first opens its group, or leaves the neighbourhood.
pub(crate) fn arrive(memory: &mut CanvasMemory, actions: &mut Vec<Action>, now: f64) {
    let (Some(label), Some(scene)) = (memory.awaited.clone(), &memory.scene) else { return };
    if memory.is_busy() {
        return;
    }
    let Some(at) = scene.showing(&label) else {
        if scene.request.view.focus.is_some() {
            actions.push(Action::Look(Look::Focus(None)));
        } else {
            memory.awaited = None;
        }
        return;
    };
    let (Some(node), Some(place)) = (scene.view.nodes.get(at), scene.places.get(at)) else { return };
    if node.kind.is_group() {
        // The scene with the open group comes in a later frame.
        if !scene.request.view.expanded.contains(&node.key) {
            actions.push(Action::Look(Look::OpenGroups(vec![node.key.clone()])));
        }
        return;
    }
    let zoom = memory.camera.zoom().max(READABLE_ZOOM);
    memory.current = Some(node.key.clone());
    actions.push(Action::Look(Look::Select(label)));
    memory.camera.fly(View { centre: place.center(), zoom }, now);
    memory.awaited = None;
}

/// Number of matches, and buttons, at the bottom.
pub(crate) fn show(ui: &mut Ui, canvas: Rect, memory: &mut CanvasMemory) {
    let Some(matches) = memory.matches.as_ref().filter(|_| canvas.width() >= WIDTH + 4.0 * SPACE_S) else { return };
    let palette = theme::palette(ui);
    let count = matches.labels.len();
    let size = vec2(WIDTH, CONTROL + SPACE_S);
    let rect = Align2::CENTER_BOTTOM.align_size_within_rect(size, canvas.shrink(SPACE_S));
    let ground = ui.interact(rect, Id::unique("graph matches"), Sense::click());
    let words = match (count, &memory.found) {
        (0, _) => "No matches in this app".to_owned(),
        (_, Some((of, at))) if *of == matches.search => format!("Match {} of {count}", at + 1),
        (1, _) => "1 match".to_owned(),
        _ => format!("{count} matches"),
    };
    ground.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    ui.painter().rect(rect, RADIUS_M, palette.surface, Stroke::new(HAIRLINE, palette.outline), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(SPACE_S, SPACE_S / 2.0));
    text::paint(ui.painter(), inner, Align2::LEFT_CENTER, &words, metrics::body(), palette.text);
    let enabled = if count == 0 { Enabled::No("No matches in this app".to_owned()) } else { Enabled::Yes };
    let builder = UiBuilder::new().max_rect(inner).layout(egui::Layout::right_to_left(egui::Align::Center));
    ui.scope_builder(builder, |ui| {
        if button::icon(ui, Icon::ChevronDown, "Next match (Enter)", &enabled).clicked() {
            memory.request(CanvasRequest::Match(1));
        }
        if button::icon(ui, Icon::ChevronUp, "Previous match", &enabled).clicked() {
            memory.request(CanvasRequest::Match(-1));
        }
    });
}
