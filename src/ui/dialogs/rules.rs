//! The layer rules before they are installed: where they go, every file that changes, or the reason why none can.

use egui::{Button, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::rules::ReviewedRules;
use crate::app::state::rules::RulesAction;
use crate::app::state::rules::RulesDialog;
use crate::engine::change::rules::RulesError;
use crate::rewrite::refusal::RefusalCode;
use crate::ui::dialogs::apply::asking;
use crate::ui::dialogs::change::Reviewed;
use crate::ui::dialogs::frame::{MIDDLE, WIDE, remember_others, set_width};
use crate::ui::dialogs::{change, foot};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

/// The heading of the review.
const REVIEW: &str = "Review the layer rules";

/// Draws the dialog.
pub(super) fn show(ui: &mut Ui, state: &AppState, dialog: &RulesDialog, actions: &mut Vec<Action>) {
    let is_review = matches!(dialog.prepared, Some(Ok(_)));
    let has_lines = matches!(&dialog.prepared, Some(Ok(reviewed)) if !reviewed.prepared.change.is_empty());
    set_width(ui, if has_lines { WIDE } else { MIDDLE });
    let palette = theme::palette(ui);
    if !is_review {
        ui.label(text::rich("Install layer rules", metrics::heading(), palette.text));
        ui.add_space(SPACE_XS);
        let words =
            "Rules that put each file into one layer only, and your own macro wired to them. You see every line first.";
        ui.add(egui::Label::new(text::rich(words, metrics::body(), palette.text_second)).wrap());
        ui.add_space(SPACE_S);
    }
    match &dialog.prepared {
        Some(Ok(reviewed)) => review(ui, state, dialog, reviewed, actions),
        Some(Err(error)) => {
            folder(ui, dialog, actions);
            refused(ui, dialog, error, actions);
        }
        None => {
            ui.horizontal(|ui| {
                ui.spinner();
                let words = "Making the change in memory, and reading the workspace as it would be";
                ui.label(text::rich(words, metrics::body(), palette.text_second));
            });
            foot::show(
                ui,
                |_| {},
                |ui| {
                    if button::secondary(ui, "Cancel").clicked() {
                        actions.push(Action::CancelWork);
                    }
                },
            );
        }
    }
}

/// The folder for the rules. A change of it asks for the change set again.
fn folder(ui: &mut Ui, dialog: &RulesDialog, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        let label = ui.label(text::rich("Folder for the rules", metrics::body(), palette.text));
        let mut typed = dialog.folder.clone();
        let field = ui.add(TextEdit::singleline(&mut typed).desired_width(260.0)).labelled_by(label.id);
        if field.changed() {
            actions.push(Action::Rules(RulesAction::Folder(typed)));
        }
        let is_done = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let is_other = !dialog.is_of_folder();
        if ui.add_enabled(is_other, Button::new("Show the change")).clicked() || (is_done && is_other) {
            actions.push(Action::Rules(RulesAction::Prepare));
        }
    });
}

fn refused(ui: &mut Ui, dialog: &RulesDialog, error: &RulesError, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.add_space(SPACE_S);
    let RulesError::Refused(refusal) = error else {
        ui.add(egui::Label::new(text::rich(&error.to_string(), metrics::body(), palette.text)).wrap());
        foot::close(ui, actions);
        return;
    };
    let asks = refusal.code == RefusalCode::WouldDropComments;
    ui.horizontal(|ui| {
        let (icon, ink) = if asks { (Icon::Warning, palette.warning) } else { (Icon::Error, palette.bad) };
        text::icon(ui, icon, ink);
        ui.label(text::rich(&refusal.place(), metrics::code(), palette.text_second));
    });
    ui.add_space(SPACE_XS);
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        ui.add(egui::Label::new(text::marked(refusal.message_alone(), palette.text)).wrap());
    });
    ui.add_space(SPACE_XS);
    let words = format!("No file was touched. Code: {}", refusal.code.as_str());
    ui.label(text::rich(&words, metrics::small(), palette.text_third));
    let is_strange = refusal.code == RefusalCode::UnknownShape && !dialog.request.files_only;
    let (mut agrees, mut leaves_macro) = (false, false);
    foot::show(
        ui,
        |ui| {
            agrees = asks && button::secondary(ui, "Remove these comments too").clicked();
            leaves_macro = is_strange
                && button::secondary(ui, "Install the rules alone")
                    .on_hover_text("No macro is changed: you wire yours by hand")
                    .clicked();
        },
        |ui| foot::leave(ui, "Close", actions),
    );
    if agrees {
        actions.push(Action::Rules(RulesAction::ConfirmDropComments));
    }
    if leaves_macro {
        actions.push(Action::Rules(RulesAction::FilesOnly));
    }
}

fn review(ui: &mut Ui, state: &AppState, dialog: &RulesDialog, reviewed: &ReviewedRules, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let is_empty = reviewed.prepared.change.is_empty();
    let mut lines = 0.0;
    if is_empty {
        ui.label(text::rich("Nothing to install", metrics::heading(), palette.text));
    } else {
        let change = &reviewed.prepared.change;
        let shown = Reviewed { change, diffs: &reviewed.diffs, shown: dialog.file, why: &[] };
        lines = change::show(ui, REVIEW, &shown, actions);
        ui.add_space(SPACE_S);
        folder(ui, dialog, actions);
    }
    for note in &reviewed.prepared.notes {
        ui.add_space(SPACE_XS);
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Info, palette.text_second);
            ui.add(egui::Label::new(text::marked(note, palette.text)).wrap());
        });
    }
    if is_empty {
        foot::close(ui, actions);
        return;
    }
    if let Some(bazel) = &reviewed.prepared.bazel {
        ui.add_space(SPACE_S);
        let answer = asking(ui, state, dialog.asks_bazel, bazel);
        actions.extend(answer.map(|asks| Action::Rules(RulesAction::AskBazel(asks))));
    }
    ui.add_space(SPACE_S);
    ui.horizontal(|ui| {
        text::icon(ui, Icon::Ok, palette.good);
        let checked = "Checked: the workspace was read as it would be, and nothing but layers changes";
        ui.label(text::rich(checked, metrics::body(), palette.text_second));
    });
    foot::show(
        ui,
        |_| {},
        |ui| {
            let install = button::primary(ui, "Install", !state.work.is_active() && dialog.is_of_folder());
            if install.on_disabled_hover_text("Show the change for this folder first").clicked() {
                actions.push(Action::Rules(RulesAction::Confirm));
            }
            foot::leave(ui, "Cancel", actions);
        },
    );
    remember_others(ui, REVIEW, lines);
}
