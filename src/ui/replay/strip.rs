//! The layers that each deploy replaces: a line per layer, aligned with the plot.

use egui::{Align2, Mesh, Rect, Shape, Ui, pos2};

use crate::engine::reports::replay_series::{HeatRow, ReplaySeries};
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Preferred and minimum height of a line.
const BEST: f32 = 14.0;
const LEAST: f32 = 4.0;
/// Below this height names are left out.
const NAMED: f32 = 11.0;
/// From this width cells are separated.
const APART: f32 = 6.0;

const BEST_LARGE: f32 = 24.0;

/// For `layers` lines in about `room`.
pub(super) fn height(layers: usize, room: f32, is_large: bool) -> f32 {
    if layers == 0 {
        return 0.0;
    }
    (room / layers as f32).clamp(LEAST, if is_large { BEST_LARGE } else { BEST }) * layers as f32
}

/// The app's line on top; names start at `names_left`.
pub(super) fn paint(ui: &Ui, rect: Rect, names_left: f32, series: &ReplaySeries) {
    let palette = theme::palette(ui);
    let (layers, deploys) = (series.heat.len(), series.commits.len());
    if layers == 0 || deploys == 0 {
        return;
    }
    let line = rect.height() / layers as f32;
    let cell = rect.width() / deploys as f32;
    let inset = if cell > APART { 1.0 } else { 0.0 };
    let mut mesh = Mesh::default();
    for (index, layer) in series.heat.iter().rev().enumerate() {
        let top = rect.top() + index as f32 * line;
        let bottom = top + line - 1.0;
        mesh.add_colored_rect(Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), bottom)), palette.raised);
        let colour = palette.layer(layer.kind).solid;
        for deploy in layer.changed.ones().filter(|deploy| *deploy < deploys) {
            let left = rect.left() + deploy as f32 * cell;
            let right = left + (cell - inset).max(1.0);
            mesh.add_colored_rect(Rect::from_min_max(pos2(left, top), pos2(right, bottom)), colour);
        }
        if line >= NAMED {
            let place = Rect::from_min_max(pos2(names_left + SPACE_XS, top), pos2(rect.left() - SPACE_S, bottom));
            name(ui, place, layer);
        }
    }
    ui.painter().add(Shape::mesh(mesh));
}

fn name(ui: &Ui, rect: Rect, layer: &HeatRow) {
    let palette = theme::palette(ui);
    text::paint(ui.painter(), rect, Align2::RIGHT_CENTER, &layer.name, metrics::small(), palette.text_second);
}
