use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::DiscardNext;
use crate::ui::commands::{Command, WindowCommand};
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::theme::metrics::SPACE_S;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

pub(super) fn show(
    ui: &mut Ui,
    state: &AppState,
    next: &DiscardNext,
    actions: &mut Vec<Action>,
    window: &mut Vec<WindowCommand>,
) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let (what, yes) = match next {
        DiscardNext::Open(_) => ("Opening another workspace", "Open"),
        DiscardNext::ChooseApp(_) => ("Switching to another app", "Switch"),
        DiscardNext::Quit => ("Quitting", "Quit"),
    };
    ui.label(text::rich("Discard your plan?", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.label(text::rich(
        &format!("{what} discards the changes of your plan. Apply it or save it to a file to keep it."),
        metrics::body(),
        palette.text_second,
    ));
    let mut saves = false;
    foot::show(
        ui,
        |ui| saves = button::secondary(ui, "Save plan…").clicked(),
        |ui| {
            // The safe choice is highlighted.
            if button::primary(ui, "Cancel", true).clicked() {
                actions.push(Action::CloseDialog);
            }
            if button::secondary(ui, yes).clicked() {
                actions.push(Action::ConfirmDiscard);
            }
        },
    );
    if saves {
        Command::SavePlan.run(state, actions, window);
    }
}
