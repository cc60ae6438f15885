//! A word in a rounded box: a state, not a control.

use egui::{Align2, Color32, Response, Role, Sense, Ui, WidgetInfo, vec2};

use crate::ui::theme::metrics::{self, RADIUS_S, SPACE_XS};
use crate::ui::widgets::text;

const HEIGHT: f32 = 18.0;

pub(crate) fn show(ui: &mut Ui, word: &str, ink: Color32, ground: Color32) -> Response {
    let galley = text::line(ui.painter(), word, metrics::small(), ink, f32::INFINITY);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 3.0 * SPACE_XS, HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, word));
    ui.painter().rect_filled(rect, RADIUS_S, ground);
    let place = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(place.min, galley, ink);
    response
}
