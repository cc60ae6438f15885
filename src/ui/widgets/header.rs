//! A panel's header.

use egui::{Align, Layout, Ui, vec2};

use crate::ui::theme::metrics::{HEADER, SPACE_M};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// `right` is laid out from the right edge.
pub(crate) fn show(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui)) {
    let palette = theme::palette(ui);
    ui.allocate_ui_with_layout(vec2(ui.available_width(), HEADER), Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(SPACE_M);
        ui.label(text::rich(title, metrics::strong(), palette.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(SPACE_M - 4.0);
            right(ui);
        });
    });
}
