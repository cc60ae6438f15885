//! The plan compared with a built image, layer by layer.

use egui::{Button, Grid, Key, Layout, ProgressBar, TextEdit, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::image::ImageAction;
use crate::app::state::image::ImageDialog;
use crate::app::state::work::Work;
use crate::byte_count::ByteCount;
use crate::engine::image::against_image::{Against, AgainstRow, error_permille};
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{MIDDLE, body_height, set_width};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Set by the widest caption.
const COLUMN: f32 = 94.0;

pub(super) fn show(ui: &mut Ui, state: &AppState, dialog: &ImageDialog, just_opened: bool, actions: &mut Vec<Action>) {
    set_width(ui, MIDDLE + 160.0);
    let palette = theme::palette(ui);
    ui.label(text::rich("Compare with a built image", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    name(ui, state, dialog, just_opened, actions);
    ui.add_space(SPACE_M);
    match (state.work.get(), &dialog.found) {
        (Some(work), _) => waiting(ui, work, actions),
        (None, None) => {
            let words = "Compares estimated with real sizes, for the platform and compression of the image";
            ui.add(egui::Label::new(text::rich(words, metrics::body(), palette.text_second)).wrap());
        }
        (None, Some(Err(problem))) => {
            ui.horizontal_top(|ui| {
                text::icon(ui, Icon::Error, palette.bad);
                ui.add(egui::Label::new(text::marked(problem, palette.text)).wrap());
            });
        }
        (None, Some(Ok(against))) => table(ui, against),
    }
    let mut leaves = Vec::new();
    foot::close(ui, &mut leaves);
    if state.work.is_active() && !leaves.is_empty() {
        actions.push(Action::CancelWork);
    }
    actions.extend(leaves);
}

fn name(ui: &mut Ui, state: &AppState, dialog: &ImageDialog, just_opened: bool, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let words = "OCI layout (a folder or tar), a tar of docker save, or registry/name:tag";
    let caption = ui.label(text::rich(words, metrics::small(), palette.text_third));
    let mut typed = dialog.name.clone();
    let field = ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY)).labelled_by(caption.id);
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        actions.push(Action::Image(ImageAction::Type(typed.clone())));
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(SPACE_XS);
    ui.horizontal(|ui| {
        let can = !typed.trim().is_empty() && !state.work.is_active();
        if ui.add_enabled(can, Button::new("Compare")).clicked() || (entered && can) {
            actions.push(Action::Image(ImageAction::Compare));
        }
        for (words, is_file) in [("Browse folders…", false), ("Browse files…", true)] {
            if ui.button(words).clicked() {
                actions.push(Action::Image(ImageAction::Pick { is_file }));
            }
        }
    });
}

fn waiting(ui: &mut Ui, work: &Work, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.spinner();
        let words = if work.progress.message.is_empty() { &work.title } else { &work.progress.message };
        ui.add(egui::Label::new(text::rich(words, metrics::body(), palette.text_second)).truncate());
    });
    if work.progress.total > 0 {
        let share = work.progress.done as f32 / work.progress.total as f32;
        ui.add(ProgressBar::new(share.clamp(0.0, 1.0)).desired_height(SPACE_XS));
    }
    ui.add_space(SPACE_XS);
    if ui.add_enabled(work.can_cancel, Button::new("Stop")).clicked() {
        actions.push(Action::CancelWork);
    }
}

/// Topmost first.
fn table(ui: &mut Ui, against: &Against) {
    let palette = theme::palette(ui);
    egui::ScrollArea::both().max_height(body_height(ui, 420.0)).show(ui, |ui| {
        Grid::new("against an image").num_columns(7).spacing(vec2(SPACE_L, SPACE_XS)).show(ui, |ui| {
            ui.label(text::rich("Layer", metrics::small(), palette.text_third));
            for caption in ["Stored: planned", "built", "off by", "As a tar: planned", "built", "off by"] {
                cell(ui, caption, metrics::small(), palette.text_third);
            }
            ui.end_row();
            for row in against.rows.iter().rev() {
                ui.label(text::rich(&row.planned.name, metrics::strong(), palette.text));
                figures(ui, row);
                ui.end_row();
            }
        });
    });
    ui.add_space(SPACE_S);
    let others = match against.unmatched.len() {
        0 => None,
        1 => Some("1 layer of the image is not in the plan: from the base image, or from another plan".to_owned()),
        count => {
            Some(format!("{count} layers of the image are not in the plan: from the base image, or from another plan"))
        }
    };
    for note in others.iter().chain(&against.notes) {
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Info, palette.text_second);
            ui.add(egui::Label::new(text::marked(note, palette.text_second)).wrap());
        });
    }
}

fn figures(ui: &mut Ui, row: &AgainstRow) {
    let size = &row.planned.size;
    let built = row.built;
    pair(ui, size.compressed_bytes, built.and_then(|built| built.compressed_bytes));
    pair(ui, size.tar_bytes, built.and_then(|built| built.tar_bytes));
}

fn pair(ui: &mut Ui, planned: ByteCount, built: Option<ByteCount>) {
    let palette = theme::palette(ui);
    let off = built.and_then(|built| error_permille(planned, built));
    let off = off.map_or_else(|| "–".to_owned(), |permille| format!("{:+.1} %", permille as f64 / 10.0));
    cell(ui, &planned.to_string(), metrics::body(), palette.text);
    cell(ui, &built.map_or_else(|| "–".to_owned(), |built| built.to_string()), metrics::body(), palette.text);
    cell(ui, &off, metrics::body(), palette.text_second);
}

/// Right-aligned; the last column would take the rest of the dialog otherwise.
fn cell(ui: &mut Ui, words: &str, font: egui::FontId, ink: egui::Color32) {
    let layout = Layout::right_to_left(egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(COLUMN, metrics::ROW), layout, |ui| ui.label(text::rich(words, font, ink)));
}
