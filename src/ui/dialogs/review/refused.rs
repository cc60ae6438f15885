//! A refused change set: reason, place, ways out.

use egui::{Label, ScrollArea, Ui};

use crate::app::action::Action;
use crate::app::state::review::{Review, ReviewAction, Reviewed};
use crate::engine::change::rules::RulesError;
use crate::rewrite::refusal::RefusalCode;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::review::options;
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

const MESSAGE: f32 = 320.0;

pub(super) fn show(ui: &mut Ui, review: &Review, error: &RulesError, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let refusal = match error {
        RulesError::Refused(refusal) => Some(refusal),
        RulesError::Read(_) | RulesError::Program(_) => None,
    };
    let asks = refusal.is_some_and(|refusal| refusal.code == RefusalCode::WouldDropComments);
    let (icon, ink, heading) = match &review.of {
        _ if asks => (Icon::Warning, palette.warning, "This change removes comments"),
        Reviewed::Plan(_) => (Icon::Error, palette.bad, "This plan can't be applied"),
        Reviewed::Rules { .. } => (Icon::Error, palette.bad, "The layer rules can't be installed"),
    };
    ui.horizontal(|ui| {
        text::icon(ui, icon, ink);
        ui.label(text::rich(heading, metrics::heading(), palette.text));
    });
    ui.add_space(SPACE_S);
    let message = match refusal {
        Some(refusal) => {
            ui.label(text::rich(&refusal.place(), metrics::code(), palette.text_second));
            ui.add_space(SPACE_XS);
            refusal.message_alone().to_owned()
        }
        None => error.to_string(),
    };
    ScrollArea::vertical().max_height(MESSAGE).auto_shrink([false, true]).show(ui, |ui| {
        ui.add(Label::new(text::marked(&message, palette.text)).wrap());
    });
    ui.add_space(SPACE_XS);
    let code = refusal.map_or_else(String::new, |refusal| format!(" Code: {}", refusal.code.as_str()));
    ui.label(text::rich(&format!("No files were changed.{code}"), metrics::small(), palette.text_third));
    if let Reviewed::Rules { request, folder } = &review.of {
        ui.add_space(SPACE_S);
        options::folder(ui, request, folder, actions);
    }
    let chosen = foot(ui, review, refusal.map(|refusal| refusal.code), actions);
    actions.extend(chosen.map(Action::Review));
}

fn foot(ui: &mut Ui, review: &Review, code: Option<RefusalCode>, actions: &mut Vec<Action>) -> Option<ReviewAction> {
    let mut chosen = None;
    foot::show(
        ui,
        |ui| {
            match &review.of {
                Reviewed::Plan(agreed) => {
                    if agreed.buildifier.is_some() && button::secondary(ui, "Don't format").clicked() {
                        chosen = Some(ReviewAction::Format(None));
                    }
                    if !agreed.remove_libraries.is_empty() && button::secondary(ui, "Keep the libraries").clicked() {
                        chosen = Some(ReviewAction::Plan);
                    }
                }
                Reviewed::Rules { request, .. } => {
                    if code == Some(RefusalCode::UnknownShape)
                        && !request.files_only
                        && button::secondary(ui, "Install the rules only")
                            .on_hover_text("Leaves your macro as it is, for you to edit")
                            .clicked()
                    {
                        chosen = Some(ReviewAction::FilesOnly);
                    }
                }
            }
            if code == Some(RefusalCode::WouldDropComments) && button::secondary(ui, "Remove the comments").clicked() {
                chosen = Some(ReviewAction::DropComments);
            }
        },
        |ui| foot::leave(ui, "Close", actions),
    );
    chosen
}
