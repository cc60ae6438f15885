//! Text in the type scale.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Painter, Rect, Response, RichText, Sense, TextFormat, Ui, Vec2};

use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{self, ICON};

#[must_use]
pub(crate) fn rich(text: &str, font: FontId, colour: Color32) -> RichText {
    RichText::new(text).font(font).color(colour)
}

/// Text in backticks becomes code.
#[must_use]
pub(crate) fn marked(sentence: &str, colour: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (index, part) in sentence.split('`').enumerate() {
        let font = if index % 2 == 1 { metrics::code() } else { metrics::body() };
        job.append(part, 0.0, TextFormat::simple(font, colour));
    }
    job
}

pub(crate) fn icon(ui: &mut Ui, icon: Icon, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(ICON), Sense::hover());
    icons::paint(ui.painter(), rect, icon, colour);
    response
}

/// Cut with an ellipsis.
#[must_use]
pub(crate) fn line(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, colour));
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    painter.layout_job(job)
}

/// Paints one line that loses its first folders if too long, because labels and paths differ at their ends. Paints
/// nothing if not even the last folder fits.
pub(crate) fn paint_end(painter: &Painter, rect: Rect, text: &str, font: FontId, colour: Color32) -> Rect {
    let fits = |text: &str| line(painter, text, font.clone(), colour, f32::INFINITY).size().x <= rect.width();
    let shown = if fits(text) {
        text.to_owned()
    } else {
        let starts: Vec<usize> = text.match_indices('/').map(|(at, _)| at).filter(|at| *at > 1).collect();
        let tail = |start: &usize| format!("…{}", text.get(*start..).unwrap_or_default());
        // The first start that fits keeps the most text.
        let first = starts.partition_point(|start| !fits(&tail(start)));
        starts.get(first).map_or_else(String::new, tail)
    };
    paint(painter, rect, Align2::LEFT_CENTER, &shown, font, colour).0
}

/// Returns the text's rectangle, and `true` if it was cut.
pub(crate) fn paint(
    painter: &Painter,
    rect: Rect,
    align: Align2,
    text: &str,
    font: FontId,
    colour: Color32,
) -> (Rect, bool) {
    let galley = line(painter, text, font, colour, rect.width());
    let place = align.align_size_within_rect(galley.size(), rect);
    let is_cut = galley.elided;
    painter.galley(place.min, galley, colour);
    (place, is_cut)
}
