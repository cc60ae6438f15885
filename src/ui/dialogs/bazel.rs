//! Asks before Bazel runs, with the command and its consequences.

use egui::{Frame, Stroke, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::bazel::BazelAction;
use crate::app::state::bazel::BazelDialog;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{MIDDLE, NARROW, set_width};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::query::query_arguments;

pub(super) fn show(ui: &mut Ui, state: &AppState, dialog: &BazelDialog, actions: &mut Vec<Action>) {
    match &dialog.found {
        None => looking(ui, actions),
        Some(Err(problem)) => missing(ui, problem, actions),
        Some(Ok(command)) => question(ui, state, command, dialog.remember, actions),
    }
}

fn looking(ui: &mut Ui, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich("Load the graph from Bazel", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.horizontal(|ui| {
        ui.spinner();
        ui.label(text::rich("Looking for Bazel", metrics::body(), palette.text_second));
    });
    foot::show(ui, |_| {}, |ui| foot::leave(ui, "Cancel", actions));
}

fn missing(ui: &mut Ui, problem: &str, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        text::icon(ui, Icon::Error, palette.bad);
        ui.label(text::rich("Couldn't run Bazel", metrics::heading(), palette.text));
    });
    ui.add_space(SPACE_S);
    let mut letters = problem.chars();
    let sentence: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    ui.add(egui::Label::new(text::rich(&sentence, metrics::body(), palette.text)).wrap());
    foot::close(ui, actions);
}

fn question(ui: &mut Ui, state: &AppState, command: &BazelCommand, remember: bool, actions: &mut Vec<Action>) {
    set_width(ui, MIDDLE);
    let palette = theme::palette(ui);
    ui.label(text::rich("Do you trust this workspace?", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    let why = "Bazel runs code from the repository: its rules, its extensions, and programs that they download. \
               Trust it only if you would build it. This only queries the targets; nothing is built, and your plan stays.";
    ui.add(egui::Label::new(text::rich(why, metrics::body(), palette.text_second)).wrap());
    ui.add_space(SPACE_M);
    if let Some(session) = &state.session {
        what(ui, "In", &session.workspace.root.display().to_string());
    }
    what(ui, &format!("Runs ({})", command.named_by.words()), &command.line(&query_arguments()));
    ui.add_space(SPACE_S);
    let mut remember = remember;
    let words = text::rich("Always trust this workspace", metrics::body(), palette.text);
    if ui.checkbox(&mut remember, words).changed() {
        actions.push(BazelAction::Remember(remember).into());
    }
    foot::show(
        ui,
        |_| {},
        |ui| {
            if button::primary(ui, "Trust and run Bazel", true).clicked() {
                actions.push(BazelAction::Trust.into());
            }
            foot::leave(ui, "Cancel", actions);
        },
    );
}

fn what(ui: &mut Ui, caption: &str, code: &str) {
    let palette = theme::palette(ui);
    ui.label(text::rich(caption, metrics::small(), palette.text_third));
    Frame::new()
        .fill(palette.field)
        .stroke(Stroke::new(metrics::HAIRLINE, palette.line))
        .corner_radius(metrics::RADIUS_S)
        .inner_margin(SPACE_S)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(egui::Label::new(text::rich(code, metrics::code(), palette.text)).wrap());
        });
    ui.add_space(SPACE_XS);
}
