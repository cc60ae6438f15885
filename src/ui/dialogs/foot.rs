//! The foot of dialogs: the main action at the right end, the way out beside it, others at the left.

use egui::{Align, Layout, Ui, vec2};

use crate::app::action::Action;
use crate::ui::theme::metrics::{CONTROL, SPACE_L};
use crate::ui::widgets::button;

/// `right` is laid out from the right end.
pub(super) fn show(ui: &mut Ui, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    ui.add_space(SPACE_L);
    let size = vec2(ui.available_width(), CONTROL);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        right(ui);
        ui.with_layout(Layout::left_to_right(Align::Center), left);
    });
}

pub(super) fn close(ui: &mut Ui, actions: &mut Vec<Action>) {
    show(ui, |_| {}, |ui| leave(ui, "Close", actions));
}

pub(super) fn leave(ui: &mut Ui, words: &str, actions: &mut Vec<Action>) {
    if button::secondary(ui, words).clicked() {
        actions.push(Action::CloseDialog);
    }
}
