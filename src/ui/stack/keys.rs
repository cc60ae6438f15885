//! Keys of the selected layer: F2 renames, Alt with arrows moves, Delete removes.

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::ui::commands::{Command, Subject};
use crate::ui::widgets::button::Enabled;

/// Unless something is being typed or a dialog is open.
pub(super) fn handle(ui: &Ui, state: &AppState, actions: &mut Vec<Action>) {
    if state.dialog.is_some() || state.view.renaming.is_some() || ui.ctx().text_edit_focused() {
        return;
    }
    let of = Subject::selected(state);
    for command in Command::ALL.iter().filter(|command| command.is_local() && command.enabled(&of) == Enabled::Yes) {
        let shortcut = command.shortcut();
        if shortcut.is_some_and(|shortcut| ui.input_mut(|input| input.consume_shortcut(&shortcut))) {
            actions.extend(command.action(&of));
        }
    }
}
