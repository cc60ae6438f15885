//! The visible rows of the list.

use egui::{Align2, Id, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::drop::{DropTarget, Payload};
use crate::app::state::view::ListOrder;
use crate::app::state::view::Look;
use crate::engine::reports::units::Units;
use crate::label::Label;
use crate::layers::partition::LayerKind;
use crate::ui::drag::{self, DragMemory, Hovered, Sources};
use crate::ui::icons::{self, Icon};
use crate::ui::moves;
use crate::ui::selection;
use crate::ui::targets::cursor;
use crate::ui::targets::memory::TargetsMemory;
use crate::ui::targets::order::{Entry, Header, HeaderOf};
use crate::ui::theme::metrics::{CHIP, ICON, RADIUS_S, ROW, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::unit_row::{self, RowLook};
use crate::ui::widgets::{figure, text};

#[expect(clippy::too_many_arguments, reason = "a view's parts, each used once")]
pub(super) fn show(
    ui: &mut Ui,
    state: &AppState,
    design: &Design,
    units: &Units,
    entries: &[Entry],
    memory: &mut TargetsMemory,
    drag_memory: &mut DragMemory,
    actions: &mut Vec<Action>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut sources: Sources<Label> = Sources::default();
    let mut clicked = None;
    let mut area = ScrollArea::vertical().id_salt("contents").auto_shrink(false);
    let step = memory.cursor.keys(ui, entries, units);
    if let Some(offset) = step.and_then(|step| scrolled_to(memory, step.entry)) {
        area = area.vertical_scroll_offset(offset);
    }
    let reached = memory.cursor.entry(entries, units);
    let output = area.show_rows(ui, ROW, entries.len(), |ui, range| {
        let first = range.start;
        memory.cursor.in_view.0 = first;
        for (position, entry) in entries.get(range).unwrap_or_default().iter().enumerate() {
            let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
            let rect = rect.shrink2(vec2(SPACE_S, 0.0));
            match entry {
                Entry::Header(header) => {
                    if let HeaderOf::Layer(kind) = header.of {
                        drag_memory.register(ui, rect, DropTarget::Layer(kind));
                    }
                    show_header(ui, rect, design, header, memory, drag_memory.hovered());
                }
                Entry::Unit(index) => {
                    let Some(unit) = units.rows.get(*index) else { continue };
                    let chip = match state.view.list_order {
                        ListOrder::Layer => None,
                        ListOrder::Package => Some(theme::palette(ui).layer(unit.layer).solid),
                    };
                    let name = unit.label.to_string();
                    let look = RowLook {
                        unit,
                        name: &name,
                        is_selected: state.view.selection.contains(&unit.label),
                        chip,
                        indent: SPACE_M,
                        takes_focus: reached == Some(first + position),
                    };
                    let id = cursor::id(unit);
                    let numbers = &design.evaluation.numbers;
                    let response = unit_row::show(ui, rect, id, &look, numbers, design.model.measures.commits);
                    memory.cursor.focus(ui, unit);
                    if response.double_clicked() {
                        memory.shown = Some(unit.label.clone());
                    } else if response.clicked() {
                        clicked = Some(unit.label.clone());
                        memory.cursor.put(unit);
                    }
                    response
                        .context_menu(|ui| moves::of_row(ui, state, design, &unit.label, &mut memory.shown, actions));
                    sources.add(ui, &response, unit.label.clone());
                }
            }
        }
        if let Some(label) = sources.started(ui) {
            let labels = selection::dragged_with(state, &label);
            let title = drag::title_of(&labels);
            drag::begin(ui.ctx(), Payload::Targets(labels), title);
        }
    });
    memory.cursor.in_view.1 = (output.inner_rect.height() / ROW) as usize;
    let at_step = step.filter(|step| !step.modifiers.command || step.modifiers.shift);
    let stepped =
        at_step.and_then(|step| Some((cursor::row(entries.get(step.entry)?, units)?.label.clone(), step.modifiers)));
    let modifiers = ui.input(|input| input.modifiers);
    if let Some((label, modifiers)) = clicked.map(|label| (label, modifiers)).or(stepped) {
        let labels = entries.iter().filter_map(|entry| match entry {
            Entry::Unit(index) => units.rows.get(*index).map(|row| &row.label),
            Entry::Header(_) => None,
        });
        actions.push(Action::Look(selection::click(modifiers, &label, labels, &mut memory.anchor)));
    }
    if state.dialog.is_none() && !state.view.selection.is_empty() && !drag::is_dragging(ui.ctx()) {
        let is_escaped = !ui.ctx().text_edit_focused() && ui.input(|input| input.key_pressed(egui::Key::Escape));
        if is_escaped && state.view.renaming.is_none() {
            actions.push(Action::Look(Look::ClearSelection));
        }
    }
}

/// Scroll offset that shows an entry; `None` if it is visible.
fn scrolled_to(memory: &TargetsMemory, entry: usize) -> Option<f32> {
    let (first, count) = memory.cursor.in_view;
    // The first entry may be cut, and the header above the first row is shown with it.
    if entry <= first {
        return Some(entry.saturating_sub(1) as f32 * ROW);
    }
    (entry >= first + count).then(|| (entry + 1).saturating_sub(count) as f32 * ROW)
}

fn show_header(
    ui: &Ui,
    rect: Rect,
    design: &Design,
    header: &Header,
    memory: &mut TargetsMemory,
    hovered: Option<Hovered>,
) {
    let palette = theme::palette(ui);
    let is_folded = memory.folded.contains(&header.key) && !is_searched(header, memory);
    let (title, chip) = match &header.of {
        HeaderOf::Layer(kind) => (layer_name(design, *kind), Some(palette.layer(*kind).solid)),
        HeaderOf::Package(path) => (path.as_str(), None),
        HeaderOf::Hub(name) => (name.as_str(), None),
    };
    let response = ui.interact(rect, Id::unique(("contents header", &header.key)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{title}, {} rows", header.count)));
    unit_row::ground(ui, rect, &response, false);
    let is_place = |hovered: Hovered| matches!((&header.of, hovered.place), (HeaderOf::Layer(kind), DropTarget::Layer(place)) if *kind == place);
    if hovered.is_some_and(|hovered| hovered.accepts && is_place(hovered)) {
        ui.painter().rect_stroke(rect, RADIUS_S, Stroke::new(2.0, palette.accent), StrokeKind::Inside);
    }
    let painter = ui.painter();
    let mut left = rect.left() + SPACE_XS;
    let icon = if is_folded { Icon::ChevronRight } else { Icon::ChevronDown };
    let icon_rect = Rect::from_center_size(pos2(left + ICON / 2.0 - 2.0, rect.center().y), Vec2::splat(ICON - 2.0));
    icons::paint(painter, icon_rect, icon, palette.text_third);
    left += ICON;
    if let Some(colour) = chip {
        let chip = Rect::from_center_size(pos2(left + CHIP / 2.0, rect.center().y), Vec2::splat(CHIP));
        painter.rect_filled(chip, 2.0, colour);
        left += CHIP + SPACE_XS + 2.0;
    }
    let right = rect.with_max_x(rect.right() - SPACE_XS);
    let bytes = figure::paint(painter, palette, right, &header.stored, metrics::small(), palette.text_third);
    let figure_response = ui.interact(bytes, Id::unique(("contents header bytes", &header.key)), Sense::hover());
    figure_response.on_hover_text(figure::known_story(&header.stored));
    let name = Rect::from_min_max(pos2(left, rect.top()), pos2(bytes.left() - 40.0, rect.bottom()));
    let (name, _) =
        text::paint(painter, name, Align2::LEFT_CENTER, title, metrics::small_strong(), palette.text_second);
    let count = rect.with_min_x(name.right() + SPACE_S).with_max_x(bytes.left());
    text::paint(painter, count, Align2::LEFT_CENTER, &header.count.to_string(), metrics::small(), palette.text_third);
    if response.clicked() && !memory.folded.remove(&header.key) {
        memory.folded.insert(header.key.clone());
    }
}

/// A search shows the rows of folded headers.
fn is_searched(header: &Header, memory: &TargetsMemory) -> bool {
    let searched = memory.ordered.as_ref().is_some_and(|(by, _)| !by.search.trim().is_empty());
    searched && header.count > 0
}

/// As in the image column.
fn layer_name(design: &Design, kind: LayerKind) -> &str {
    let layers = &design.evaluation.partition.layers;
    layers.iter().find(|layer| layer.kind == kind).map_or("", |layer| layer.name.as_str())
}
