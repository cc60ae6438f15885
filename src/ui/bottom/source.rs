//! The app's BUILD file, to read: with line numbers, scrolled to the app's call.

use egui::{Align, Align2, Layout, ScrollArea, Sense, Ui, pos2, vec2};

use crate::app::state::{AppState, SourceText};
use crate::ui::bottom::{BottomMemory, tabs};
use crate::ui::theme::metrics::{SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{empty, pill, text};

/// Height of a line of code.
const LINE: f32 = 18.0;
/// Height of the line above the code.
const CAPTION: f32 = 22.0;
/// Width of a figure of the code's typeface.
const FIGURE: f32 = 7.5;
/// Lines that stay visible above the call.
const ABOVE: usize = 4;

/// Draws the text.
pub(super) fn show(ui: &mut Ui, state: &AppState, memory: &mut BottomMemory) {
    let Some(source) = &state.source_text else {
        let design = state.session.as_ref().and_then(|session| session.design.as_ref());
        let place = design.map(|design| format!("{}, line {}", design.model.app.path.display(), design.model.app.line));
        empty::show(ui, "No text to show", place.as_deref().unwrap_or("Choose an app to see its BUILD file"));
        return;
    };
    caption(ui, source);
    let lines: Vec<&str> = source.text.lines().collect();
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut area = ScrollArea::both().id_salt("source").auto_shrink(false);
    // What the plan changes comes first; without a change it is the app's call.
    let line = source.changed_lines.first().copied().unwrap_or(source.line);
    let place = (source.path.clone(), line);
    if memory.scrolled_to.as_ref() != Some(&place) {
        area = area.vertical_scroll_offset(line.saturating_sub(ABOVE) as f32 * LINE);
        memory.scrolled_to = Some(place);
    }
    let digits = lines.len().to_string().len();
    let gutter = digits as f32 * FIGURE + tabs::SIDE;
    area.show_rows(ui, LINE, lines.len(), |ui, range| {
        for (index, line) in lines.iter().enumerate().take(range.end).skip(range.start) {
            let mark = if source.changed_lines.contains(&(index + 1)) {
                Mark::Changed
            } else if index + 1 == source.line {
                Mark::Call
            } else {
                Mark::None
            };
            code_line(ui, index + 1, line, gutter, mark);
        }
    });
}

/// What is special about a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    /// The app's call begins here.
    Call,
    /// The plan adds or changes it.
    Changed,
}

fn code_line(ui: &mut Ui, number: usize, line: &str, gutter: f32, mark: Mark) {
    let palette = theme::palette(ui);
    let galley = text::line(ui.painter(), line, metrics::code(), palette.text, f32::INFINITY);
    let width = (gutter + SPACE_M + galley.size().x + SPACE_M).max(ui.available_width());
    let (rect, _) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
    match mark {
        Mark::None => {}
        Mark::Call => {
            ui.painter().rect_filled(rect, 0.0, palette.selected);
        }
        Mark::Changed => {
            ui.painter().rect_filled(rect, 0.0, palette.good_ground);
        }
    }
    let figures = rect.with_max_x(rect.left() + gutter);
    let ink = if mark == Mark::None { palette.text_third } else { palette.text_second };
    text::paint(ui.painter(), figures, Align2::RIGHT_CENTER, &number.to_string(), metrics::code(), ink);
    let at = pos2(figures.right() + SPACE_M, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, palette.text);
}

fn caption(ui: &mut Ui, source: &SourceText) {
    let palette = theme::palette(ui);
    let size = vec2(ui.available_width(), CAPTION);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(tabs::SIDE);
        ui.spacing_mut().item_spacing.x = SPACE_S;
        ui.label(text::rich(&source.path, metrics::code(), palette.text_second));
        if source.is_planned {
            pill::show(ui, "As the plan would make it", palette.accent, palette.selected);
        }
    });
}
