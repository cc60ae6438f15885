use egui::{Color32, CornerRadius, Painter, Rect, vec2};

pub(crate) const BAR_HEIGHT: f32 = 4.0;

/// Least width of a part that is not empty.
const LEAST: f32 = 2.0;

/// `share` is from 0 to 1.
pub(crate) fn paint(painter: &Painter, rect: Rect, share: f32, colour: Color32, track: Color32) {
    let radius = CornerRadius::same(2);
    painter.rect_filled(rect, radius, track);
    if share > 0.0 {
        let width = (rect.width() * share.min(1.0)).max(LEAST);
        painter.rect_filled(Rect::from_min_size(rect.min, vec2(width, rect.height())), radius, colour);
    }
}

/// From 0 to 1; 0 of nothing.
#[must_use]
pub(crate) fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).clamp(0.0, 1.0) as f32 }
}
