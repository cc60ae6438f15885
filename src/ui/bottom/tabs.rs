//! The tabs of the bottom panel. A click on the open one folds it away.

use egui::{Align, Align2, Layout, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::view::BottomTab;
use crate::app::state::view::Look;
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{HEADER, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::{pill, text};

pub(super) const SIDE: f32 = SPACE_M;
const UNDERLINE: f32 = 2.0;

/// Returns the remaining room.
pub(super) fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) -> Rect {
    let palette = theme::palette(ui);
    let design = state.session.as_ref().and_then(|session| session.design.as_ref());
    // The list's length without notes on provenance.
    let unread = state.session.as_ref().map_or(0, |session| session.workspace.findings.len());
    let of_plan = design.map_or(0, |design| design.evaluation.findings.len() + usize::from(design.refusal.is_some()));
    let findings = unread + of_plan;
    let tabs = [
        (BottomTab::Replay, "Replay", Command::ShowReplay),
        (BottomTab::Findings, "Findings", Command::ShowFindings),
        (BottomTab::Advice, "Advice", Command::ShowAdvice),
        (BottomTab::Source, "BUILD file", Command::ShowSource),
    ];
    let line = vec2(ui.available_width(), HEADER);
    let drawn = ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
        let row = ui.max_rect();
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(SPACE_XS);
        for (tab, label, command) in tabs {
            let count = if tab == BottomTab::Findings && findings > 0 { Some(findings) } else { None };
            if one(ui, label, count, state.view.bottom == Some(tab)) {
                actions.extend(command.action(&Subject::selected(state)));
            }
        }
        let left = ui.cursor().left() + SPACE_M;
        let right = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(SPACE_S);
            let (icon, name, next) = match state.view.bottom {
                Some(_) => (Icon::ChevronDown, "Collapse", None),
                None => (Icon::ChevronUp, "Expand", Some(BottomTab::default())),
            };
            if button::icon(ui, icon, name, &Enabled::Yes).clicked() {
                actions.push(Action::Look(Look::Bottom(next)));
            }
            let is_sample = state.session.as_ref().is_some_and(|session| session.history.is_sample);
            if is_sample && state.view.bottom == Some(BottomTab::Replay) {
                ui.add_space(SPACE_XS);
                pill::show(ui, "Sample history", palette.warning, palette.warning_ground).on_hover_text(
                    "Made up for the demo, so the figures show how the replay reads, \
                     not what you would save",
                );
            }
            ui.cursor().right() - SPACE_M
        });
        Rect::from_min_max(pos2(left, row.top()), pos2(right.inner, row.bottom()))
    });
    drawn.inner
}

/// Returns `true` if clicked.
fn one(ui: &mut Ui, label: &str, count: Option<usize>, is_chosen: bool) -> bool {
    let palette = theme::palette(ui);
    let font = if is_chosen { metrics::strong() } else { metrics::body() };
    let width_of =
        |ui: &Ui, words: &str, font| text::line(ui.painter(), words, font, palette.text, f32::INFINITY).size().x;
    let count = count.map(|count| count.to_string());
    // As wide as bold text, so that nothing moves when the choice changes.
    let mut width = width_of(ui, label, metrics::strong());
    if let Some(count) = &count {
        width += SPACE_XS + 2.0 + width_of(ui, count, metrics::small_strong());
    }
    let (rect, response) = ui.allocate_exact_size(vec2(width + 2.0 * SPACE_S, HEADER), Sense::click());
    let name = count.as_ref().map_or_else(|| label.to_owned(), |count| format!("{label}, {count}"));
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, &name));
    let is_lit = is_chosen || response.hovered() || response.has_focus();
    let ink = if is_lit { palette.text } else { palette.text_second };
    let words = rect.shrink2(vec2(SPACE_S, 0.0));
    text::paint(ui.painter(), words, Align2::LEFT_CENTER, label, font, ink);
    if let Some(count) = count {
        text::paint(ui.painter(), words, Align2::RIGHT_CENTER, &count, metrics::small_strong(), palette.warning);
    }
    if is_chosen {
        let line = Rect::from_min_max(pos2(words.left(), rect.bottom() - UNDERLINE), words.right_bottom());
        ui.painter().rect_filled(line, 1.0, palette.accent);
    }
    response.clicked()
}
