//! The BUILD file of the selection or the app after Apply. A click on a line selects its target.

use std::ops::RangeInclusive;

use egui::{Align, Align2, Layout, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::view::Look;
use crate::engine::change::planned_text::SourceText;
use crate::label::Label;
use crate::ui::bottom::tabs;
use crate::ui::theme::metrics::{SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{empty, pill, text};

const LINE: f32 = 18.0;
const CAPTION: f32 = 22.0;
const FIGURE: f32 = 7.5;
const EDGE: f32 = 3.0;
/// Visible lines above the call.
const ABOVE: usize = 4;

#[derive(Debug, Default)]
pub(super) struct SourceMemory {
    /// File and line of the last scroll, so that it happens once.
    scrolled_to: Option<(String, usize)>,
}

pub(super) fn show(ui: &mut Ui, state: &AppState, memory: &mut SourceMemory, actions: &mut Vec<Action>) {
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
    // The selection comes first, then changed lines, then the app's call.
    let selected: Vec<RangeInclusive<usize>> =
        state.view.selection.iter().filter_map(|label| statement(source, &lines, label)).collect();
    let first = selected.first().map(|range| *range.start());
    let line = first.or(source.changed_lines.first().copied()).unwrap_or(source.line);
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
            } else if selected.iter().any(|range| range.contains(&(index + 1))) {
                Mark::Selected
            } else if index + 1 == source.line {
                Mark::Call
            } else {
                Mark::None
            };
            let target = source.target_at(index + 1);
            let is_first = target.is_some_and(|target| source.line_of(target) == Some(index + 1));
            if code_line(ui, index + 1, line, gutter, mark, (target, is_first))
                && let Some(target) = target
            {
                // The pane does not scroll under the pointer.
                memory.scrolled_to = source.line_of(target).map(|line| (source.path.clone(), line));
                actions.push(Action::Look(Look::Select(target.clone())));
            }
        }
    });
}

/// Up to the next statement, without blank lines and comments before it.
fn statement(source: &SourceText, lines: &[&str], label: &Label) -> Option<RangeInclusive<usize>> {
    let start = source.line_of(label)?;
    let next = source.targets.iter().map(|(line, _)| *line).find(|line| *line > start).unwrap_or(lines.len() + 1);
    // Indented comments are inside the statement; others belong to the next.
    let is_inside = |line: &usize| {
        let text = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        !text.trim().is_empty() && !text.starts_with('#')
    };
    let end = (start..next).rev().find(is_inside).unwrap_or(start);
    Some(start..=end)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Call,
    Selected,
    Changed,
}

/// Returns `true` if clicked.
fn code_line(
    ui: &mut Ui,
    number: usize,
    line: &str,
    gutter: f32,
    mark: Mark,
    (target, is_first): (Option<&Label>, bool),
) -> bool {
    let palette = theme::palette(ui);
    let galley = text::line(ui.painter(), line, metrics::code(), palette.text, f32::INFINITY);
    let width = (gutter + SPACE_M + galley.size().x + SPACE_M).max(ui.available_width());
    // Tab goes from target to target; every line can be clicked.
    let sense = match target {
        Some(_) if is_first => Sense::click(),
        Some(_) => Sense::CLICK,
        None => Sense::hover(),
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, LINE), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("Line {number}: {}", line.trim())));
    match mark {
        Mark::None if target.is_some() && response.hovered() => {
            ui.painter().rect_filled(rect, 0.0, palette.hover);
        }
        Mark::None => {}
        Mark::Call | Mark::Selected => {
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
    if mark == Mark::Selected {
        let edge = rect.with_max_x(rect.left() + EDGE);
        ui.painter().rect_filled(edge, 0.0, palette.accent);
    }
    let is_clicked = response.clicked();
    if let Some(target) = target {
        response.on_hover_text_at_pointer(target.to_string());
    }
    is_clicked
}

fn caption(ui: &mut Ui, source: &SourceText) {
    let palette = theme::palette(ui);
    let size = vec2(ui.available_width(), CAPTION);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(tabs::SIDE);
        ui.spacing_mut().item_spacing.x = SPACE_S;
        ui.label(text::rich(&source.path, metrics::code(), palette.text_second));
        if source.is_planned {
            pill::show(ui, "With the plan", palette.accent, palette.selected);
        }
    });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use egui::Modifiers;

    use crate::app::fixture::{self, label};
    use crate::app::state::view::BottomTab;
    use crate::engine::change::planned_text::SourceText;
    use crate::ui::test_window::open_with;

    #[test]
    fn a_click_on_a_line_selects_its_target() {
        let mut state = fixture::state();
        state.view.bottom = Some(BottomTab::Source);
        state.source_text = Some(SourceText {
            path: "libs/http/BUILD.bazel".to_owned(),
            text: "load(\"x\", \"y\")\n\npy_library(\n    name = \"http\",\n)\n".into(),
            line: 1,
            is_planned: false,
            changed_lines: BTreeSet::new(),
            targets: vec![(3, label("//libs/http:http"))],
        });
        let mut window = open_with(state);
        let place = window.at("Line 4: name = \"http\",");
        window.click(place, Modifiers::NONE);
        assert_eq!(window.state().view.selection, BTreeSet::from([label("//libs/http:http")]));
        // What stands above every target belongs to none.
        let place = window.at("Line 1: load(\"x\", \"y\")");
        window.click(place, Modifiers::NONE);
        assert_eq!(window.state().view.selection, BTreeSet::from([label("//libs/http:http")]));
    }
}
