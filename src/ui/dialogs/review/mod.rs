//! The review of a change set, or the reason why there is none.

mod diff;
mod files;
mod options;
mod refused;

use egui::{Event, Key, Modifiers, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::pull_request::description;
use crate::app::state::review::{Review, ReviewAction, Reviewed};
use crate::engine::change::prepare::Prepared;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::ui::commands::Command;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{MIDDLE, NARROW, WIDE, remember_others, set_width};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::SPACE_S;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

pub(super) fn show(ui: &mut Ui, state: &AppState, review: &Review, actions: &mut Vec<Action>) {
    match &review.prepared {
        None => waiting(ui, &review.of, actions),
        Some(Err(error)) => {
            set_width(ui, MIDDLE);
            refused::show(ui, review, error, actions);
        }
        Some(Ok(prepared)) if prepared.change.is_empty() && prepared.left.is_empty() => {
            nothing(ui, review, prepared, actions);
        }
        Some(Ok(prepared)) => changes(ui, state, review, prepared, actions),
    }
}

fn waiting(ui: &mut Ui, of: &Reviewed, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich("Preparing the change", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.horizontal(|ui| {
        ui.spinner();
        let words = match of {
            Reviewed::Plan(_) => "Editing the BUILD files in memory and verifying the result",
            Reviewed::Rules { .. } => "Adding the rules in memory and evaluating the workspace with them",
        };
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

fn nothing(ui: &mut Ui, review: &Review, prepared: &Prepared, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let (heading, words) = match &review.of {
        Reviewed::Plan(_) => ("Nothing to change", Some("The BUILD files already match the plan.")),
        Reviewed::Rules { .. } => ("Nothing to install", None),
    };
    ui.label(text::rich(heading, metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    if let Some(words) = words {
        ui.label(text::rich(words, metrics::body(), palette.text_second));
    }
    notes(ui, &prepared.notes);
    foot::close(ui, actions);
}

fn changes(ui: &mut Ui, state: &AppState, review: &Review, prepared: &Prepared, actions: &mut Vec<Action>) {
    set_width(ui, WIDE);
    let heading = match &review.of {
        Reviewed::Plan(_) => "Review changes",
        Reviewed::Rules { .. } => "Install layer rules",
    };
    let lines = files::show(ui, heading, prepared, review.file, actions);
    match &review.of {
        Reviewed::Plan(agreed) => {
            options::of_plan(ui, state, agreed, prepared, actions);
            verdict(ui, state);
        }
        Reviewed::Rules { request, folder } => {
            ui.add_space(SPACE_S);
            options::folder(ui, request, folder, actions);
        }
    }
    notes(ui, &prepared.notes);
    if let Some(bazel) = &prepared.bazel {
        ui.add_space(SPACE_S);
        options::bazel(ui, state, review.asks_bazel, bazel, actions);
    }
    ui.add_space(SPACE_S);
    options::verified(ui, &review.of);
    let (mut copies, mut confirms) = (false, false);
    let is_plan = matches!(review.of, Reviewed::Plan(_));
    foot::show(
        ui,
        |ui| {
            copies = is_plan
                && button::quiet(ui, Icon::Copy, "Copy description")
                    .on_hover_text("Copies a pull request description with the numbers, as Markdown")
                    .clicked();
        },
        |ui| {
            let can = !state.work.is_active() && review.ready().is_some();
            let button = button::primary(ui, if is_plan { "Apply" } else { "Install" }, can)
                .on_hover_text(format!("Write the files ({})", keys(ui)))
                .on_disabled_hover_text("Show the change for this folder first");
            confirms = button.clicked() || (can && is_confirmed(ui));
            foot::leave(ui, "Cancel", actions);
        },
    );
    remember_others(ui, heading, lines);
    if confirms {
        actions.push(Action::Review(ReviewAction::Confirm));
    }
    if copies {
        copy_description(ui, state, prepared, actions);
    }
}

fn notes(ui: &mut Ui, notes: &[String]) {
    let palette = theme::palette(ui);
    for note in notes {
        ui.add_space(SPACE_S);
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Info, palette.text_second);
            ui.add(egui::Label::new(text::marked(note, palette.text)).wrap());
        });
    }
}

/// Warns that the macro in use would not build the plan's layers.
fn verdict(ui: &mut Ui, state: &AppState) {
    let palette = theme::palette(ui);
    let design = state.session.as_ref().and_then(|session| session.design.as_ref());
    let verdict = design.map(|design| &design.model.verdict);
    if let Some(verdict) = verdict.filter(|verdict| verdict.class != MacroClass::Partitions) {
        ui.add_space(SPACE_S);
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Warning, palette.warning);
            ui.add(egui::Label::new(text::marked(&verdict.sentence, palette.text)).wrap());
        });
    }
}

/// The keys that opened the review confirm it.
fn is_confirmed(ui: &Ui) -> bool {
    let is_press = |event: &Event| matches!(event, Event::Key { key: Key::Enter, pressed: true, repeat: false, modifiers, .. } if modifiers.command);
    // Consumed, so that a focused button is not pressed too.
    ui.input_mut(|input| input.events.iter().any(is_press) && input.consume_key(Modifiers::COMMAND, Key::Enter))
}

fn keys(ui: &Ui) -> String {
    let shortcut = Command::Apply.shortcut();
    shortcut.map(|shortcut| ui.ctx().format_shortcut(&shortcut)).unwrap_or_default()
}

fn copy_description(ui: &Ui, state: &AppState, prepared: &Prepared, actions: &mut Vec<Action>) {
    let Some(session) = &state.session else { return };
    let Some(design) = &session.design else { return };
    ui.ctx().copy_text(description(design, prepared, &session.history, &state.choices));
    actions.push(Action::Say("Description copied".to_owned()));
}
