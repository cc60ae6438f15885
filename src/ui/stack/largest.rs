//! The largest units of a tall layer, below its figures.

use egui::{Align2, Rect, Ui, pos2};

use crate::engine::reports::units::UnitRow;
use crate::ui::theme::metrics::SPACE_S;
use crate::ui::theme::{Palette, metrics};
use crate::ui::widgets::{figure, text, unit_row};

const LINE: f32 = 18.0;
const LEAST: usize = 2;
const MOST: usize = 16;

pub(super) fn paint(ui: &Ui, rect: Rect, units: &[UnitRow], palette: &Palette) {
    let lines = ((rect.height() / LINE).floor().max(0.0) as usize).min(MOST);
    if lines < LEAST || units.len() < LEAST {
        return;
    }
    // The last line counts the rest.
    let shown = if units.len() <= lines { units.len() } else { lines - 1 };
    let line = |index: usize| {
        let top = rect.top() + index as f32 * LINE;
        Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), top + LINE))
    };
    for (index, unit) in units.iter().take(shown).enumerate() {
        let line = line(index);
        let stored = unit.size.stored();
        let bytes = figure::paint(ui.painter(), palette, line, &stored, metrics::small(), palette.text_second);
        let (name, _) = unit_row::words(&unit.label, &unit.kind);
        let room = line.with_max_x(bytes.left() - SPACE_S);
        text::paint(ui.painter(), room, Align2::LEFT_CENTER, &name, metrics::small(), palette.text_second);
    }
    if units.len() > shown {
        let words = format!("and {} more", units.len() - shown);
        text::paint(ui.painter(), line(shown), Align2::LEFT_CENTER, &words, metrics::small(), palette.text_second);
    }
}
