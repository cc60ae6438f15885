//! The files of a change set, and the diff of one.

use egui::{Button, ScrollArea, Ui};

use crate::app::action::Action;
use crate::app::state::review::ReviewAction;
use crate::counted::counted;
use crate::engine::change::prepare::Prepared;
use crate::ui::dialogs::frame::rest_height;
use crate::ui::dialogs::review::diff;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

const REASONS: f32 = 84.0;

/// Returns the height of the lines, which are the flexible part of the dialog.
pub(super) fn show(ui: &mut Ui, heading: &str, prepared: &Prepared, shown: usize, actions: &mut Vec<Action>) -> f32 {
    let Prepared { change, diffs, .. } = prepared;
    let why = prepared.why.get(shown).map(Vec::as_slice).unwrap_or_default();
    let palette = theme::palette(ui);
    let (added, removed) =
        diffs.iter().fold((0, 0), |(added, removed), diff| (added + diff.added, removed + diff.removed));
    ui.horizontal(|ui| {
        ui.label(text::rich(heading, metrics::heading(), palette.text));
        ui.add_space(SPACE_S);
        let what = counted(diffs.len(), "file");
        ui.label(text::rich(&what, metrics::body(), palette.text_second));
        ui.label(text::rich(&format!("+{added}"), metrics::strong(), palette.good));
        ui.label(text::rich(&format!("−{removed}"), metrics::strong(), palette.bad));
    });
    ui.add_space(SPACE_S);
    ui.horizontal_wrapped(|ui| {
        for (index, file) in change.files.iter().enumerate() {
            let path = file.path.to_string_lossy();
            let is_new = if file.before.is_none() { " (new)" } else { "" };
            let words = text::rich(&format!("{path}{is_new}"), metrics::code(), palette.text);
            if ui.add(Button::selectable(index == shown, words)).clicked() {
                actions.push(Action::Review(ReviewAction::ShowFile(index)));
            }
        }
    });
    ui.add_space(SPACE_XS);
    ScrollArea::vertical().id_salt("reasons").max_height(REASONS).auto_shrink([false, true]).show(ui, |ui| {
        for sentence in why {
            let words = text::rich(sentence, metrics::body(), palette.text_second);
            ui.add(egui::Label::new(words).truncate()).on_hover_text(sentence);
        }
    });
    if !why.is_empty() {
        ui.add_space(SPACE_XS);
    }
    let Some(diff) = diffs.get(shown) else { return 0.0 };
    let height = rest_height(ui, heading, (diff.lines.len() as f32 * diff::LINE).clamp(160.0, 520.0));
    egui::Frame::new()
        .fill(palette.field)
        .stroke(egui::Stroke::new(metrics::HAIRLINE, palette.line))
        .corner_radius(metrics::RADIUS_S)
        .inner_margin(SPACE_XS)
        .show(ui, |ui| diff::show(ui, diff, height, shown));
    height
}
