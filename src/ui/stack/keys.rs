//! The keyboard for the selected layer: F2 renames, Alt with the arrows moves, Delete removes.

use egui::{Key, Modifiers, Ui};

use crate::app::action::Action;
use crate::app::state::{AppState, Design};
use crate::layers::operations::Operation;

/// Takes the keys of the selected layer, unless something is being typed or lies over the window.
pub(super) fn handle(ui: &Ui, state: &AppState, design: &Design, actions: &mut Vec<Action>) {
    let Some(layer) = state.view.selected_layer else { return };
    let plan = design.plan.present();
    let Some(position) = plan.position(layer) else { return };
    if state.dialog.is_some() || state.view.renaming.is_some() || ui.ctx().text_edit_focused() {
        return;
    }
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    if pressed(Modifiers::ALT, Key::ArrowUp) && position + 1 < plan.groups.len() {
        actions.push(Action::Edit(Operation::Reorder { layer, position: position + 1 }));
    }
    if pressed(Modifiers::ALT, Key::ArrowDown) && position > 0 {
        actions.push(Action::Edit(Operation::Reorder { layer, position: position - 1 }));
    }
    if pressed(Modifiers::NONE, Key::F2) {
        actions.extend(super::start_rename(design, layer));
    }
    if pressed(Modifiers::NONE, Key::Delete) {
        actions.push(Action::Edit(Operation::Remove { layer }));
    }
}
