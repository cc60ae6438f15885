//! Figures, with the answer to "how is it known?". What is typical has a `~` and a quieter colour, what is unknown is hatched.

use egui::{Align2, Color32, FontId, Painter, Rect, Response, Stroke, Ui, pos2, vec2};

use crate::byte_count::ByteCount;
pub(crate) use crate::engine::reports::figures::{how_known, percent};
use crate::history::saving::Saving;
use crate::picture::scale::hatching;
use crate::size::known_bytes::KnownBytes;
use crate::size::model::Size;
use crate::ui::theme::metrics::SPACE_XS;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::text;

/// What stands in the place of a figure that is unknown, and beside one in which something is missing; a share of the
/// type's size.
const UNKNOWN: f32 = 3.0;
const MISSING: f32 = 1.0;

/// What stands behind a size: both counts of bytes, how they are known, how far they may be off, what is missing.
#[must_use]
pub(crate) fn size_summary(size: &Size) -> String {
    if size.is_unknown() {
        return format!("{}\n{}", size.unknown, how_known(size.provenance));
    }
    let with_range = |of: KnownBytes| match of.range_words() {
        Some(range) => format!("{of} ({range})"),
        None => of.to_string(),
    };
    let missing = if size.unknown.is_empty() { String::new() } else { format!("\n+ {}", size.unknown) };
    format!(
        "{} compressed, in the registry\n{} unpacked{missing}\n{}",
        with_range(size.stored()),
        with_range(size.tar()),
        how_known(size.provenance)
    )
}

/// What stands behind one figure.
#[must_use]
pub(crate) fn known_story(of: &KnownBytes) -> String {
    let range = of.range_words().map(|range| format!(" ({range})")).unwrap_or_default();
    format!("{}{range}\n{}", of.with_missing(), how_known(of.provenance))
}

/// The ink of a figure: quieter where it is typical.
#[must_use]
pub(crate) fn ink(palette: &Palette, of: &KnownBytes, ink: Color32) -> Color32 {
    match of.is_typical() {
        true if ink == palette.text => palette.text_second,
        true if ink == palette.text_second => palette.text_third,
        _ => ink,
    }
}

/// Shows a figure as a label with its story on hover.
pub(crate) fn show(ui: &mut Ui, of: &KnownBytes, font: FontId, colour: Color32) -> Response {
    let words = text::rich(&of.to_string(), font, ink(theme::palette(ui), of, colour));
    ui.label(words).on_hover_text(known_story(of))
}

/// Paints a figure right-aligned, so that the figures of a column stand below each other; returns what it takes.
pub(crate) fn paint(
    painter: &Painter,
    palette: &Palette,
    rect: Rect,
    of: &KnownBytes,
    font: FontId,
    colour: Color32,
) -> Rect {
    let size = font.size;
    let mark = |right: f32, width: f32| {
        let mark = Rect::from_center_size(pos2(right - width / 2.0, rect.center().y), vec2(width, size * 0.6));
        hatch(painter, mark, palette.text_third);
        mark
    };
    if of.is_unknown() {
        return mark(rect.right(), UNKNOWN * size);
    }
    let (figure, _) = text::paint(painter, rect, Align2::RIGHT_CENTER, &of.to_string(), font, ink(palette, of, colour));
    match of.unknown.is_empty() {
        true => figure,
        false => figure.union(mark(figure.left() - SPACE_XS, MISSING * size)),
    }
}

/// Returns how wide a figure is painted.
pub(crate) fn width(painter: &Painter, of: &KnownBytes, font: FontId) -> f32 {
    let size = font.size;
    if of.is_unknown() {
        return UNKNOWN * size;
    }
    let figure = text::line(painter, &of.to_string(), font, Color32::WHITE, f32::INFINITY).size().x;
    if of.unknown.is_empty() { figure } else { figure + SPACE_XS + MISSING * size }
}

/// Fills `rect` with slanted strokes: what is of unknown size.
pub(crate) fn hatch(painter: &Painter, rect: Rect, colour: Color32) {
    for [from, to] in hatching([rect.left(), rect.top(), rect.width(), rect.height()]) {
        painter.line_segment([pos2(from.0, from.1), pos2(to.0, to.1)], Stroke::new(1.0, colour));
    }
}

/// Returns the figure with what is missing in it, or `not known`.
#[must_use]
pub(crate) fn known(of: Option<&KnownBytes>) -> String {
    of.map_or_else(|| "not known".to_owned(), KnownBytes::with_missing)
}

/// `+1.20 MB`, `−340 kB`; `None` without a difference.
#[must_use]
pub(crate) fn difference(before: ByteCount, after: ByteCount) -> Option<String> {
    match after.cmp(&before) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(format!("+{}", after - before)),
        std::cmp::Ordering::Less => Some(format!("−{}", before - after)),
    }
}

/// The ink of a saving: of one that is sure, of more bytes that are sure, else neither.
#[must_use]
pub(crate) fn saving_ink(palette: &Palette, saving: &Saving) -> Color32 {
    match *saving {
        Saving::Known { least: 1.., .. } => palette.good,
        Saving::Known { most: ..=-1, .. } => palette.bad,
        Saving::Known { .. } | Saving::CouldTurn(_) | Saving::NothingFetched => palette.text_second,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_a_sign_or_is_not_there() {
        assert_eq!(difference(ByteCount(10), ByteCount(10)), None);
        assert_eq!(difference(ByteCount(0), ByteCount(1_200_000)).as_deref(), Some("+1.20 MB"));
        assert_eq!(difference(ByteCount(340_000), ByteCount(0)).as_deref(), Some("−340 kB"));
    }
}
