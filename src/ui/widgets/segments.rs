//! A choice of a few visible options.

use egui::{Align2, CornerRadius, Id, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::metrics::{CONTROL, HAIRLINE, RADIUS_S, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Between the track's edge and the chosen segment.
const INSET: f32 = 2.0;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a, T> {
    pub choice: T,
    pub word: &'a str,
    /// For hover.
    pub hint: &'a str,
}

#[must_use]
pub(crate) fn width<T>(ui: &Ui, segments: &[Segment<'_, T>]) -> f32 {
    segments.iter().map(|segment| segment_width(ui, segment.word)).sum::<f32>() + 2.0 * INSET
}

/// As wide as bold text, so that nothing moves when the choice changes.
fn segment_width(ui: &Ui, word: &str) -> f32 {
    let ink = theme::palette(ui).text;
    text::line(ui.painter(), word, metrics::strong(), ink, f32::INFINITY).size().x.ceil() + 2.0 * SPACE_S
}

/// Returns a new choice.
pub(crate) fn show<T: Copy + PartialEq>(ui: &mut Ui, salt: &str, chosen: T, segments: &[Segment<'_, T>]) -> Option<T> {
    let palette = theme::palette(ui);
    let size = vec2(width(ui, segments), CONTROL - SPACE_XS);
    let (track, _) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(track, RADIUS_S, palette.raised);
    let mut left = track.left() + INSET;
    let mut made = None;
    for segment in segments {
        let right = left + segment_width(ui, segment.word);
        let rect = Rect::from_min_max(pos2(left, track.top()), pos2(right, track.bottom()));
        left = right;
        let is_chosen = segment.choice == chosen;
        let response = ui.interact(rect, Id::unique((salt, segment.word)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, segment.word));
        let inner = rect.shrink2(vec2(0.0, INSET));
        let corners = CornerRadius::same(RADIUS_S - 1);
        if is_chosen {
            let edge = Stroke::new(HAIRLINE, palette.outline);
            ui.painter().rect(inner, corners, palette.surface, edge, StrokeKind::Inside);
        } else if response.hovered() {
            ui.painter().rect_filled(inner, corners, palette.hover);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(inner, corners, Stroke::new(1.5, palette.accent), StrokeKind::Inside);
        }
        let (font, ink) = match is_chosen {
            true => (metrics::strong(), palette.text),
            false if response.hovered() => (metrics::body(), palette.text),
            false => (metrics::body(), palette.text_second),
        };
        text::paint(ui.painter(), rect, Align2::CENTER_CENTER, segment.word, font, ink);
        if response.on_hover_text(segment.hint).clicked() && !is_chosen {
            made = Some(segment.choice);
        }
    }
    made
}
