//! A bar to scale, quieter where its figure is typical, hatched where something is of unknown size.
use egui::{Color32, CornerRadius, Painter, Rect, pos2, vec2};

use crate::size::known_bytes::KnownBytes;
use crate::ui::theme::Palette;
use crate::ui::widgets::figure;

pub(crate) const BAR_HEIGHT: f32 = 4.0;

/// Least width of a part that is not empty.
const LEAST: f32 = 2.0;

/// Width of the part for what is of unknown size.
const UNKNOWN: f32 = 24.0;

/// Paints how far something is, from 0 to 1.
pub(crate) fn progress(painter: &Painter, rect: Rect, share: f32, colour: Color32, track: Color32) {
    let radius = CornerRadius::same(2);
    painter.rect_filled(rect, radius, track);
    let width = (rect.width() * share.clamp(0.0, 1.0)).max(LEAST);
    painter.rect_filled(Rect::from_min_size(rect.min, vec2(width, rect.height())), radius, colour);
}

/// Paints a track over the whole of `rect` and a bar over the share of `whole` that the figure is of it.
pub(crate) fn paint(painter: &Painter, palette: &Palette, rect: Rect, of: &KnownBytes, whole: u64, colour: Color32) {
    let radius = CornerRadius::same(2);
    painter.rect_filled(rect, radius, palette.text.gamma_multiply(0.08));
    let share = share(of.bytes.0, whole);
    let width = if share > 0.0 { (rect.width() * share).max(LEAST) } else { 0.0 };
    let colour = if of.is_typical() { colour.gamma_multiply(0.6) } else { colour };
    painter.rect_filled(Rect::from_min_size(rect.min, vec2(width, rect.height())), radius, colour);
    if !of.unknown.is_empty() {
        let left = rect.left() + width.min(rect.width() - UNKNOWN);
        let part = Rect::from_min_size(pos2(left, rect.top()), vec2(UNKNOWN, rect.height()));
        painter.rect_filled(part, 0.0, palette.surface);
        figure::hatch(painter, part, palette.text_second);
    }
}

/// From 0 to 1; 0 of nothing.
#[must_use]
pub(crate) fn share(part: u64, whole: u64) -> f32 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64).clamp(0.0, 1.0) as f32 }
}
