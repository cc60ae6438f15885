//! Choices in a review, and the checks that passed.

use egui::{Button, Checkbox, Label, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::review::{ReviewAction, Reviewed};
use crate::engine::change::prepare::{Agreed, Prepared};
use crate::engine::change::rules::RulesRequest;
use crate::rule_sets::dep_layers::left_library::LeftLibrary;
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;
use crate::workspace::bazel::command::BazelCommand;

/// Libraries to remove, and formatting.
pub(super) fn of_plan(ui: &mut Ui, state: &AppState, agreed: &Agreed, prepared: &Prepared, actions: &mut Vec<Action>) {
    for library in &prepared.left {
        ui.add_space(SPACE_S);
        left_library(ui, state, agreed, library, actions);
    }
    let Some(buildifier) = &prepared.buildifier else { return };
    ui.add_space(SPACE_S);
    let why = format!("Also reformats lines that the plan doesn't touch. Runs {}", buildifier.display());
    let was = agreed.buildifier.is_some();
    if let Some(formats) = choice(ui, state, was, "Format the changed files with buildifier", &why) {
        actions.push(Action::Review(ReviewAction::Format(formats.then(|| buildifier.clone()))));
    }
}

/// In a trusted workspace.
pub(super) fn bazel(ui: &mut Ui, state: &AppState, asks: bool, bazel: &BazelCommand, actions: &mut Vec<Action>) {
    let why = format!("If Bazel can't load them, the change is undone. Runs {bazel} query");
    if let Some(asks) = choice(ui, state, asks, "Check the changed packages with Bazel", &why) {
        actions.push(Action::Review(ReviewAction::AskBazel(asks)));
    }
}

/// Another folder needs another change set.
pub(super) fn folder(ui: &mut Ui, request: &RulesRequest, folder: &str, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        let label = ui.label(text::rich("Folder", metrics::body(), palette.text));
        let mut typed = folder.to_owned();
        let field = ui.add(TextEdit::singleline(&mut typed).desired_width(260.0)).labelled_by(label.id);
        if field.changed() {
            actions.push(Action::Review(ReviewAction::Folder(typed)));
        }
        let is_done = field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let is_other = folder != request.folder;
        if ui.add_enabled(is_other, Button::new("Show changes")).clicked() || (is_done && is_other) {
            actions.push(Action::Review(ReviewAction::Prepare));
        }
    });
}

pub(super) fn verified(ui: &mut Ui, of: &Reviewed) {
    let palette = theme::palette(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = SPACE_XS;
        ui.label(text::rich("Verified:", metrics::body(), palette.text_third));
        for (is_kept, words) in checks(of) {
            let (icon, ink) = if *is_kept { (Icon::Ok, palette.good) } else { (Icon::Info, palette.warning) };
            text::icon(ui, icon, ink);
            ui.label(text::rich(words, metrics::body(), palette.text_second));
            ui.add_space(SPACE_XS);
        }
    });
}

/// The checks, and what the user agreed to lose instead.
fn checks(of: &Reviewed) -> &'static [(bool, &'static str)] {
    match of {
        Reviewed::Plan(agreed) if agreed.drop_comments => &[
            (true, "valid syntax"),
            (true, "matches plan"),
            (true, "nothing else changed"),
            (false, "removes the comments you agreed to"),
            (true, "idempotent"),
        ],
        Reviewed::Plan(_) => &[
            (true, "valid syntax"),
            (true, "matches plan"),
            (true, "nothing else changed"),
            (true, "comments kept"),
            (true, "idempotent"),
        ],
        Reviewed::Rules { .. } => &[(true, "evaluates"), (true, "only layers changed")],
    }
}

/// Returns the new value if it was changed.
fn choice(ui: &mut Ui, state: &AppState, mut value: bool, question: &str, why: &str) -> Option<bool> {
    let palette = theme::palette(ui);
    let checkbox = Checkbox::new(&mut value, text::rich(question, metrics::body(), palette.text));
    let changed = ui.add_enabled(!state.work.is_active(), checkbox).changed();
    ui.indent(question, |ui| ui.label(text::rich(why, metrics::small(), palette.text_second)));
    changed.then_some(value)
}

/// A choice if nothing else uses the library, else why it stays.
fn left_library(ui: &mut Ui, state: &AppState, agreed: &Agreed, library: &LeftLibrary, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let place = format!("{}:{}", library.path.display(), library.line);
    if let Some(reason) = &library.stays_because {
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Info, palette.text_second);
            let words = format!("No layer uses {} ({place}) any more. It stays: {reason}", library.label);
            ui.add(Label::new(text::rich(&words, metrics::body(), palette.text_second)).wrap());
        });
        return;
    }
    let question = format!("Also remove {} ({place})", library.label);
    let why = if library.is_public {
        "Unused in this workspace after the change. It is public: other repositories may use it"
    } else {
        "Unused in this workspace after the change"
    };
    let was = agreed.remove_libraries.contains(&library.label);
    if let Some(goes) = choice(ui, state, was, &question, why) {
        actions.push(Action::Review(ReviewAction::RemoveLibrary(library.label.clone(), goes)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_that_go_are_not_said_to_be_kept() {
        let says = |drop_comments: bool, words: &str| {
            let of = Reviewed::Plan(Agreed { drop_comments, ..Agreed::default() });
            checks(&of).iter().any(|(_, said)| said.contains(words))
        };
        assert!(says(false, "comments kept") && !says(false, "you agreed to"));
        assert!(says(true, "you agreed to") && !says(true, "comments kept"));
    }
}
