//! A bar to scale.

use egui::{Color32, CornerRadius, Painter, Rect, vec2};

/// Height of a bar beside text.
pub(crate) const BAR_HEIGHT: f32 = 4.0;

/// A part that is there at all is at least this wide.
const LEAST: f32 = 2.0;

/// Paints a track over the whole of `rect` and a bar over `share` (0 to 1) of it.
pub(crate) fn paint(painter: &Painter, rect: Rect, share: f32, colour: Color32, track: Color32) {
    let radius = CornerRadius::same(2);
    painter.rect_filled(rect, radius, track);
    if share > 0.0 {
        let width = (rect.width() * share.min(1.0)).max(LEAST);
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(width, rect.height())), radius, colour);
    }
}

/// `part / whole` as a share between 0 and 1; nothing of nothing is nothing.
#[must_use]
pub(crate) fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).clamp(0.0, 1.0) as f32 }
}
