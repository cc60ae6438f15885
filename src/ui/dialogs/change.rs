//! A change set to look at: its files, and the lines of one of them side by side.

use egui::{Button, Ui};

use crate::app::action::Action;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::diff::SideBySide;
use crate::ui::dialogs::{body_height, diff};
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Draws the heading with what is added and removed, the files, and the diff of the file that is shown.
pub(super) fn show(
    ui: &mut Ui,
    heading: &str,
    change: &ChangeSet,
    diffs: &[SideBySide],
    shown: usize,
    actions: &mut Vec<Action>,
) {
    let palette = theme::palette(ui);
    let (added, removed) =
        diffs.iter().fold((0, 0), |(added, removed), diff| (added + diff.added, removed + diff.removed));
    ui.horizontal(|ui| {
        ui.label(text::rich(heading, metrics::heading(), palette.text));
        ui.add_space(SPACE_S);
        let files = diffs.len();
        let what = format!("{files} {}", if files == 1 { "file" } else { "files" });
        ui.label(text::rich(&what, metrics::body(), palette.text_second));
        ui.label(text::rich(&format!("+{added}"), metrics::strong(), palette.good));
        ui.label(text::rich(&format!("-{removed}"), metrics::strong(), palette.bad));
    });
    ui.add_space(SPACE_S);
    ui.horizontal_wrapped(|ui| {
        for (index, file) in change.files.iter().enumerate() {
            let path = file.path.to_string_lossy();
            let is_new = if file.before.is_none() { " (new)" } else { "" };
            let words = text::rich(&format!("{path}{is_new}"), metrics::code(), palette.text);
            if ui.add(Button::selectable(index == shown, words)).clicked() {
                actions.push(Action::ShowDiff(index));
            }
        }
    });
    ui.add_space(SPACE_XS);
    if let Some(diff) = diffs.get(shown) {
        let height = body_height(ui, (diff.lines.len() as f32 * 17.0).clamp(160.0, 520.0));
        egui::Frame::new()
            .fill(palette.field)
            .stroke(egui::Stroke::new(metrics::HAIRLINE, palette.line))
            .corner_radius(metrics::RADIUS_S)
            .inner_margin(SPACE_XS)
            .show(ui, |ui| {
                diff::show(ui, diff, height, shown);
            });
    }
}
