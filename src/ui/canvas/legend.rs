//! The legend of node colours.

use egui::{Align2, Color32, Painter, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

use crate::app::state::design::Design;
use crate::app::state::view::ColourBy;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::ui::canvas::appearance::size_colour;
use crate::ui::theme::metrics::{CHIP, HAIRLINE, RADIUS_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{Palette, metrics};
use crate::ui::widgets::text;

const ROW: f32 = 18.0;
const WIDTH: f32 = 148.0;
/// With less height it would cover the graph; the image column names the colours too.
const ROOM: f32 = 260.0;
/// On a narrower canvas it would cover the graph.
const LEAST_CANVAS: f32 = 480.0;
/// More layers are counted, not listed.
const MOST_ROWS: usize = 9;

/// In the lower left corner.
pub(crate) fn paint(painter: &Painter, palette: &Palette, canvas: Rect, design: &Design, colour_by: ColourBy) {
    let lines = lines(palette, design, colour_by);
    let height = match colour_by {
        ColourBy::Layer => lines.len() as f32 * ROW + 2.0 * SPACE_XS,
        ColourBy::Churn | ColourBy::Size => 2.0 * ROW + 2.0 * SPACE_XS,
    };
    // A single layer needs no legend.
    if colour_by == ColourBy::Layer && lines.len() < 2 {
        return;
    }
    let word = |line: &(String, Color32)| {
        text::line(painter, &line.0, metrics::small(), palette.text_second, WIDTH).size().x.ceil()
    };
    let width = match colour_by {
        ColourBy::Layer => lines.iter().map(word).fold(0.0, f32::max) + CHIP + 3.0 * SPACE_S,
        ColourBy::Churn | ColourBy::Size => WIDTH,
    };
    let size = vec2(width.min(WIDTH), height);
    if canvas.width() < LEAST_CANVAS || canvas.height() < height + ROOM || lines.is_empty() {
        return;
    }
    let rect = Rect::from_min_size(pos2(canvas.left() + SPACE_S, canvas.bottom() - SPACE_S - size.y), size);
    painter.rect(rect, RADIUS_M, palette.surface, Stroke::new(HAIRLINE, palette.line), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(SPACE_S, SPACE_XS));
    match colour_by {
        ColourBy::Layer => {
            for (row, (name, colour)) in lines.iter().enumerate() {
                let row = Rect::from_min_size(inner.min + vec2(0.0, row as f32 * ROW), vec2(inner.width(), ROW));
                let chip = Rect::from_center_size(row.left_center() + vec2(CHIP / 2.0, 0.0), Vec2::splat(CHIP));
                painter.rect_filled(chip, 2, *colour);
                let words = row.with_min_x(chip.right() + SPACE_S);
                text::paint(painter, words, Align2::LEFT_CENTER, name, metrics::small(), palette.text_second);
            }
        }
        ColourBy::Churn => {
            let ends = ("never", "each deploy");
            scale(painter, palette, inner, |share| palette.churn(share), ends);
        }
        ColourBy::Size => {
            scale(painter, palette, inner, |share| size_colour(palette, share), ("nothing", "whole image"));
        }
    }
}

/// Layers from top to bottom as in the image, or one line for a scale.
pub(crate) fn lines(palette: &Palette, design: &Design, colour_by: ColourBy) -> Vec<(String, Color32)> {
    if colour_by != ColourBy::Layer {
        return vec![(String::new(), palette.fixed)];
    }
    // The interpreter is no node of the graph.
    let is_drawn = |layer: &&LayerContents| !matches!(layer.kind, LayerKind::Interpreter | LayerKind::Other(_));
    let layers: Vec<&LayerContents> = design.shown().partition.layers.iter().filter(is_drawn).collect();
    let line = |layer: &LayerContents| (layer.name.clone(), palette.layer(layer.kind).solid);
    let mut lines: Vec<_> = layers.iter().rev().copied().map(line).take(MOST_ROWS).collect();
    if layers.len() > MOST_ROWS {
        lines.push((format!("and {} more layers", layers.len() - MOST_ROWS), palette.fixed));
    }
    lines
}

fn scale(painter: &Painter, palette: &Palette, rect: Rect, colour: impl Fn(f32) -> Color32, ends: (&str, &str)) {
    const STEPS: u8 = 24;
    let bar = Rect::from_min_size(rect.min + vec2(0.0, 5.0), vec2(rect.width(), CHIP));
    for step in 0..STEPS {
        let at = |step: u8| bar.left() + bar.width() * f32::from(step) / f32::from(STEPS);
        let piece = Rect::from_min_max(pos2(at(step), bar.top()), pos2(at(step + 1), bar.bottom()));
        painter.rect_filled(piece, 0, colour(f32::from(step) / f32::from(STEPS - 1)));
    }
    let words = Rect::from_min_max(pos2(rect.left(), bar.bottom()), rect.max);
    text::paint(painter, words, Align2::LEFT_CENTER, ends.0, metrics::small(), palette.text_second);
    text::paint(painter, words, Align2::RIGHT_CENTER, ends.1, metrics::small(), palette.text_second);
}
