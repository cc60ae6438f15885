//! The list of everything in the image, by layer or package, with search.

mod cursor;
mod list;
mod memory;
mod order;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use egui::{Align, Key, Layout, Margin, TextEdit, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::view::ListOrder;
use crate::app::state::view::Look;
use crate::engine::reports::units::{UnitCache, Units};
use crate::ui::drag::DragMemory;
use crate::ui::icons::{self, Icon};
use crate::ui::targets::memory::{OrderedBy, search_id};
use crate::ui::theme::metrics::{CONTROL, ICON, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::segments::{self, Segment};
use crate::ui::widgets::{empty, header};

pub use memory::TargetsMemory;

pub fn show(
    ui: &mut Ui,
    state: &AppState,
    memory: &mut TargetsMemory,
    units: &mut UnitCache,
    drag: &mut DragMemory,
    actions: &mut Vec<Action>,
) {
    ui.take_available_space();
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else {
        header::show(ui, "Contents", |_| {});
        empty::show(ui, "Nothing to list yet", "The targets and packages of the app appear here");
        return;
    };
    header::show(ui, "Contents", |ui| order_switch(ui, state.view.list_order, actions));
    search_field(ui, state, memory, actions);
    ui.add_space(SPACE_S);
    let units = units.get(&design.model, &design.evaluation.partition);
    let entries = entries(memory, &units, state);
    if entries.is_empty() {
        if state.view.search.is_empty() {
            empty::show(ui, "The image is empty", "The binary has no files or packages");
        } else {
            let sentence = format!("No targets or packages match “{}”", state.view.search.trim());
            empty::show(ui, "Nothing found", &sentence);
        }
        return;
    }
    list::show(ui, state, design, &units, &entries, memory, drag, actions);
}

/// Computed only after a change.
fn entries(memory: &mut TargetsMemory, units: &Arc<Units>, state: &AppState) -> Arc<Vec<order::Entry>> {
    let is_same = |by: &OrderedBy| {
        Arc::ptr_eq(&by.units, units)
            && by.order == state.view.list_order
            && by.search == state.view.search
            && by.folded == memory.folded
    };
    if let Some((_, entries)) = memory.ordered.as_ref().filter(|(by, _)| is_same(by)) {
        return Arc::clone(entries);
    }
    let by = OrderedBy {
        units: Arc::clone(units),
        order: state.view.list_order,
        search: state.view.search.clone(),
        folded: memory.folded.clone(),
    };
    let entries = Arc::new(order::entries(units, by.order, &by.search, &by.folded));
    memory.ordered = Some((by, Arc::clone(&entries)));
    entries
}

fn order_switch(ui: &mut Ui, order: ListOrder, actions: &mut Vec<Action>) {
    let segments = [
        Segment { choice: ListOrder::Layer, word: "Layer", hint: "By layer, then by size" },
        Segment { choice: ListOrder::Package, word: "Package", hint: "By Bazel package and lock file, then by name" },
    ];
    let made = segments::show(ui, "list order", order, &segments);
    actions.extend(made.map(|order| Action::Look(Look::ListOrder(order))));
}

fn search_field(ui: &mut Ui, state: &AppState, memory: &mut TargetsMemory, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let mut search = state.view.search.clone();
    if std::mem::take(&mut memory.focus_search) {
        ui.memory_mut(|memory| memory.request_focus(search_id()));
    }
    ui.allocate_ui_with_layout(vec2(ui.available_width(), CONTROL), Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(SPACE_M);
        let width = ui.available_width() - SPACE_M;
        let margin = Margin { left: (SPACE_S + ICON + SPACE_XS) as i8, right: CONTROL as i8, top: 5, bottom: 5 };
        let edit = TextEdit::singleline(&mut search)
            .id(search_id())
            .hint_text("Search (Ctrl+F)")
            .margin(margin)
            .desired_width(width)
            .font(metrics::body());
        let response = ui.add_sized(vec2(width, CONTROL), edit).accessible_name("Search targets and packages");
        let icon = egui::Rect::from_center_size(
            response.rect.left_center() + vec2(SPACE_S + ICON / 2.0, 0.0),
            vec2(ICON, ICON),
        );
        icons::paint(ui.painter(), icon, Icon::Search, palette.text_third);
        let is_cleared = !search.is_empty() && clear_button(ui, response.rect);
        let is_escaped = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape));
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if is_entered && !search.trim().is_empty() {
            memory.go_to_match = true;
            // Keeps the focus, so that Enter goes from match to match.
            response.request_focus();
        }
        if response.has_focus() && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, Key::ArrowDown)) {
            memory.cursor.enter();
        }
        if is_cleared || (is_escaped && !search.is_empty()) {
            search.clear();
        }
        if search != state.view.search {
            actions.push(Action::Look(Look::Search(search)));
        }
    });
}

fn clear_button(ui: &mut Ui, field: egui::Rect) -> bool {
    let side = CONTROL - SPACE_S;
    let place = egui::Rect::from_center_size(field.right_center() - vec2(CONTROL / 2.0, 0.0), vec2(side, side));
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(place));
    button::sized_icon(&mut child, Icon::Close, "Clear search", &Enabled::Yes, side).clicked()
}
