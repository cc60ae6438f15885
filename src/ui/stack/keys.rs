//! The keyboard for the selected layer: F2 renames, Alt with the arrows moves, Delete removes.

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::ui::selected::Selected;
use crate::ui::widgets::button::Enabled;

/// Takes the keys of the selected layer, unless something is being typed or lies over the window.
pub(super) fn handle(ui: &Ui, state: &AppState, actions: &mut Vec<Action>) {
    if state.dialog.is_some() || state.view.renaming.is_some() || ui.ctx().text_edit_focused() {
        return;
    }
    for command in Selected::OF_LAYER {
        let Some(shortcut) = command.shortcut().filter(|_| command.enabled(state) == Enabled::Yes) else { continue };
        if ui.input_mut(|input| input.consume_shortcut(&shortcut)) {
            actions.extend(command.action(state));
        }
    }
}
