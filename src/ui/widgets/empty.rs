//! An empty state: what is missing, and what to do.

use egui::Ui;

use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

const WIDTH: f32 = 360.0;

/// Centred in the rest of `ui`.
pub(crate) fn show(ui: &mut Ui, title: &str, sentence: &str) {
    let palette = theme::palette(ui);
    ui.vertical_centered(|ui| {
        let room = ui.available_height();
        ui.add_space(((room - 60.0) / 2.0).clamp(SPACE_L, 160.0));
        ui.set_max_width(WIDTH.min(ui.available_width() - 2.0 * SPACE_M));
        ui.label(text::rich(title, metrics::strong(), palette.text));
        ui.add_space(SPACE_XS);
        ui.add(egui::Label::new(text::marked(sentence, palette.text_second)).wrap());
    });
}
