//! The review before anything is written: every file that changes, side by side, or the reason why none can.

use std::path::Path;

use egui::{Event, Key, Modifiers, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::ApplyDialog;
use crate::app::state::pull_request::description;
use crate::engine::change::prepare::Prepared;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rule_sets::dep_layers::left_library::LeftLibrary;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::ui::commands::Command;
use crate::ui::dialogs::change::Reviewed;
use crate::ui::dialogs::frame::{MIDDLE, NARROW, WIDE, remember_others, set_width};
use crate::ui::dialogs::{change, foot};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};
use crate::workspace::bazel::command::BazelCommand;

/// The heading of the review.
const REVIEW: &str = "Review the change";

/// Draws the review.
pub(super) fn show(ui: &mut Ui, state: &AppState, dialog: &ApplyDialog, actions: &mut Vec<Action>) {
    match &dialog.prepared {
        None => waiting(ui, actions),
        Some(Err(refusal)) => refused(ui, dialog, refusal, actions),
        Some(Ok(prepared)) if prepared.change.is_empty() && prepared.left.is_empty() => nothing(ui, actions),
        Some(Ok(prepared)) => review(ui, state, dialog, prepared, actions),
    }
}

fn waiting(ui: &mut Ui, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich("Making the change", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(text::rich(
            "Editing the BUILD files in memory and checking the result",
            metrics::body(),
            palette.text_second,
        ));
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

fn nothing(ui: &mut Ui, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich("Nothing to change", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.label(text::rich("The BUILD files say what the plan says.", metrics::body(), palette.text_second));
    foot::close(ui, actions);
}

fn refused(ui: &mut Ui, dialog: &ApplyDialog, refusal: &Refusal, actions: &mut Vec<Action>) {
    set_width(ui, MIDDLE);
    let palette = theme::palette(ui);
    let asks = refusal.code == RefusalCode::WouldDropComments;
    let (icon, ink, heading) = if asks {
        (Icon::Warning, palette.warning, "Comments would go with this change")
    } else {
        (Icon::Error, palette.bad, "This can't be written honestly")
    };
    ui.horizontal(|ui| {
        text::icon(ui, icon, ink);
        ui.label(text::rich(heading, metrics::heading(), palette.text));
    });
    ui.add_space(SPACE_S);
    ui.label(text::rich(&refusal.place(), metrics::code(), palette.text_second));
    ui.add_space(SPACE_XS);
    ui.add(egui::Label::new(text::marked(refusal.message_alone(), palette.text)).wrap());
    ui.add_space(SPACE_XS);
    ui.label(text::rich(
        &format!("No file was touched. Code: {}", refusal.code.as_str()),
        metrics::small(),
        palette.text_third,
    ));
    let mut chosen = Vec::new();
    foot::show(
        ui,
        |ui| {
            if dialog.agreed.buildifier.is_some() && button::secondary(ui, "Without formatting").clicked() {
                chosen.push(Action::Format(None));
            }
            if !dialog.agreed.remove_libraries.is_empty() && button::secondary(ui, "Keep the libraries").clicked() {
                chosen.push(Action::ReviewApply);
            }
            if asks && button::secondary(ui, "Remove these comments too").clicked() {
                chosen.push(Action::ConfirmDropComments);
            }
        },
        |ui| foot::leave(ui, "Close", actions),
    );
    actions.append(&mut chosen);
}

fn review(ui: &mut Ui, state: &AppState, dialog: &ApplyDialog, prepared: &Prepared, actions: &mut Vec<Action>) {
    set_width(ui, WIDE);
    let palette = theme::palette(ui);
    let why = prepared.why.get(dialog.file).map(Vec::as_slice).unwrap_or_default();
    let reviewed = Reviewed { change: &prepared.change, diffs: &prepared.diffs, shown: dialog.file, why };
    let lines = change::show(ui, REVIEW, &reviewed, actions);
    for library in &prepared.left {
        ui.add_space(SPACE_S);
        left_library(ui, state, dialog, library, actions);
    }
    if let Some(buildifier) = &prepared.buildifier {
        ui.add_space(SPACE_S);
        formatting(ui, state, dialog, buildifier, actions);
    }
    if let Some(bazel) = &prepared.bazel {
        ui.add_space(SPACE_S);
        actions.extend(asking(ui, state, dialog.agreed.ask_bazel, bazel).map(Action::AskBazel));
    }
    let design = state.session.as_ref().and_then(|session| session.design.as_ref());
    if let Some(verdict) =
        design.map(|design| &design.model.verdict).filter(|verdict| verdict.class != MacroClass::Partitions)
    {
        ui.add_space(SPACE_S);
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Warning, palette.warning);
            ui.add(egui::Label::new(text::marked(&verdict.sentence, palette.text)).wrap());
        });
    }
    ui.add_space(SPACE_S);
    checks(ui, dialog);
    let (mut copies, mut applies) = (false, false);
    foot::show(
        ui,
        |ui| {
            copies = button::quiet(ui, Icon::Copy, "Copy description")
                .on_hover_text("A pull request's description with the figures, as Markdown, to the clipboard")
                .clicked();
        },
        |ui| {
            let is_free = !state.work.is_active();
            let button = button::primary(ui, "Apply", is_free).on_hover_text(format!("Write the files ({})", keys(ui)));
            applies = button.clicked() || (is_free && is_confirmed(ui));
            foot::leave(ui, "Cancel", actions);
        },
    );
    remember_others(ui, REVIEW, lines);
    if applies {
        actions.push(Action::ConfirmApply);
    }
    if copies {
        copy_description(ui, state, prepared, actions);
    }
}

/// The keys that opened the review write what it shows, when they are pressed once more.
fn is_confirmed(ui: &Ui) -> bool {
    let is_press = |event: &Event| matches!(event, Event::Key { key: Key::Enter, pressed: true, repeat: false, modifiers, .. } if modifiers.command);
    // Taken away, so that a button with the focus is not pressed as well.
    ui.input_mut(|input| input.events.iter().any(is_press) && input.consume_key(Modifiers::COMMAND, Key::Enter))
}

fn keys(ui: &Ui) -> String {
    let shortcut = Command::Apply.shortcut();
    shortcut.map(|shortcut| ui.ctx().format_shortcut(&shortcut)).unwrap_or_default()
}

/// The offer to format whole files, for those whose repository asks for it.
fn formatting(ui: &mut Ui, state: &AppState, dialog: &ApplyDialog, buildifier: &Path, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let mut formats = dialog.agreed.buildifier.is_some();
    let question = text::rich("Format the changed files with buildifier", metrics::body(), palette.text);
    if ui.add_enabled(!state.work.is_active(), egui::Checkbox::new(&mut formats, question)).changed() {
        actions.push(Action::Format(formats.then(|| buildifier.to_owned())));
    }
    let why = format!("Also changes lines that the plan does not touch. Runs {}", buildifier.display());
    ui.indent("buildifier", |ui| ui.label(text::rich(&why, metrics::small(), palette.text_second)));
}

fn copy_description(ui: &Ui, state: &AppState, prepared: &Prepared, actions: &mut Vec<Action>) {
    let Some(session) = &state.session else { return };
    let Some(design) = &session.design else { return };
    ui.ctx().copy_text(description(design, prepared, &session.history, &state.choices));
    actions.push(Action::Say("The description is on the clipboard".to_owned()));
}

/// What was checked of the result before anything is written.
fn checks(ui: &mut Ui, dialog: &ApplyDialog) {
    let palette = theme::palette(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = SPACE_XS;
        ui.label(text::rich("Checked in memory:", metrics::body(), palette.text_third));
        for (is_kept, words) in checked(dialog) {
            let (icon, ink) = if is_kept { (Icon::Ok, palette.good) } else { (Icon::Info, palette.warning) };
            text::icon(ui, icon, ink);
            ui.label(text::rich(words, metrics::body(), palette.text_second));
            ui.add_space(SPACE_XS);
        }
    });
}

/// What holds of the result, and what does not because the user agreed. Nothing is said to be kept that goes.
fn checked(dialog: &ApplyDialog) -> [(bool, &'static str); 5] {
    let comments = if dialog.agreed.drop_comments {
        (false, "the comments that you agreed to go")
    } else {
        (true, "every comment is kept")
    };
    [
        (true, "it parses"),
        (true, "says what the plan says"),
        (true, "every other value is as before"),
        comments,
        (true, "made again, it changes nothing"),
    ]
}

/// The offer to have Bazel load the result, in a workspace that the user trusts; the answer, once it is given.
pub(super) fn asking(ui: &mut Ui, state: &AppState, mut asks: bool, bazel: &BazelCommand) -> Option<bool> {
    let palette = theme::palette(ui);
    let question = text::rich("Have Bazel load the changed packages", metrics::body(), palette.text);
    let answer = ui.add_enabled(!state.work.is_active(), egui::Checkbox::new(&mut asks, question)).changed();
    let why = format!("If it can't, the change is taken back. Runs {bazel} query");
    ui.indent("bazel", |ui| ui.label(text::rich(&why, metrics::small(), palette.text_second)));
    answer.then_some(asks)
}

/// A library that lost its layer: a choice where nothing else uses it, else why it stays.
fn left_library(ui: &mut Ui, state: &AppState, dialog: &ApplyDialog, library: &LeftLibrary, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let place = format!("{}:{}", library.path.display(), library.line);
    if let Some(reason) = &library.stays_because {
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Info, palette.text_second);
            let words = format!("{} ({place}) has no layer any more and stays: {reason}", library.label);
            ui.add(egui::Label::new(text::rich(&words, metrics::body(), palette.text_second)).wrap());
        });
        return;
    }
    let mut goes = dialog.agreed.remove_libraries.contains(&library.label);
    let question = format!("Also remove {} ({place})", library.label);
    let checkbox = egui::Checkbox::new(&mut goes, text::rich(&question, metrics::body(), palette.text));
    if ui.add_enabled(!state.work.is_active(), checkbox).changed() {
        actions.push(Action::RemoveLibrary(library.label.clone(), goes));
    }
    let why = if library.is_public {
        "No layer needs it any more, and nothing in this workspace uses it otherwise. It is public: other repositories could use it"
    } else {
        "No layer needs it any more, and nothing in this workspace uses it otherwise"
    };
    ui.indent(("why", library.label.to_string()), |ui| {
        ui.label(text::rich(why, metrics::small(), palette.text_second))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::change::prepare::Agreed;

    #[test]
    fn comments_that_go_are_not_said_to_be_kept() {
        let dialog = |drop_comments| ApplyDialog {
            prepared: None,
            file: 0,
            agreed: Agreed { drop_comments, ..Agreed::default() },
        };
        let says = |drop_comments: bool, words: &str| {
            checked(&dialog(drop_comments)).iter().any(|(_, said)| said.contains(words))
        };
        assert!(says(false, "every comment is kept") && !says(false, "agreed to go"));
        assert!(says(true, "agreed to go") && !says(true, "every comment is kept"));
    }
}
