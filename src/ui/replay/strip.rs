//! Which layers each deploy replaces: one line per layer, one cell per deploy, below the plot and in step with it.

use egui::{Align2, Mesh, Rect, Shape, Ui, pos2};

use crate::engine::reports::replay_series::{HeatRow, ReplaySeries};
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Height of a layer's line: at its best, and the least at which it can be told from its neighbours.
const BEST: f32 = 14.0;
const LEAST: f32 = 4.0;
/// Names are left out below this height.
const NAMED: f32 = 11.0;
/// From this width on there is a hair of distance between two cells.
const APART: f32 = 6.0;

/// The best height of a line where the chart fills the window.
const BEST_LARGE: f32 = 24.0;

/// The height of the strip for `layers` lines in about `room`.
pub(super) fn height(layers: usize, room: f32, is_large: bool) -> f32 {
    if layers == 0 {
        return 0.0;
    }
    (room / layers as f32).clamp(LEAST, if is_large { BEST_LARGE } else { BEST }) * layers as f32
}

/// Paints the lines into `rect`, the app's on top; names stand left of it, from `names_left` on.
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
