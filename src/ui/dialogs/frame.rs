//! Sizes of dialogs.

use egui::{Id, Ui};

use crate::ui::theme::metrics::{SPACE_L, SPACE_XL};

/// Of a question, a list, a change set.
pub(super) const NARROW: f32 = 480.0;
pub(super) const MIDDLE: f32 = 640.0;
pub(super) const WIDE: f32 = 1_120.0;

const DIALOG_TOP: f32 = 72.0;
const LOW: f32 = 720.0;
/// Least height of the flexible part, and approximate height of the others.
const LEAST_REST: f32 = 96.0;
const OTHERS: f32 = 320.0;

/// Within the window.
pub(super) fn set_width(ui: &mut Ui, wanted: f32) {
    let available = ui.ctx().content_rect().width() - 4.0 * SPACE_L;
    ui.set_width(wanted.min(available));
}

/// Height of the flexible part: what the window leaves beside the others, as measured in the last frame.
pub(super) fn rest_height(ui: &Ui, key: &str, wanted: f32) -> f32 {
    let others = ui.data(|data| data.get_temp(Id::unique(("beside", key)))).unwrap_or(OTHERS);
    let window = ui.ctx().content_rect().height();
    (window - top(window) - 3.0 * SPACE_L - others).min(wanted).max(LEAST_REST)
}

/// To be called at the end of the dialog, for [`rest_height`].
pub(super) fn remember_others(ui: &Ui, key: &str, rest: f32) {
    let id = Id::unique(("beside", key));
    let others = (ui.min_rect().height() - rest).max(0.0);
    if ui.data(|data| data.get_temp::<f32>(id)).is_none_or(|before| (before - others).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, others));
        ui.request_repaint();
    }
}

pub(super) fn top(window: f32) -> f32 {
    if window < LOW { SPACE_XL } else { DIALOG_TOP }
}

pub(super) fn body_height(ui: &Ui, wanted: f32) -> f32 {
    let available = ui.ctx().content_rect().height() - 220.0;
    wanted.min(available).max(120.0)
}
