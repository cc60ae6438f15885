use egui::{Button, Response, Ui, vec2};

use crate::app::action::Action;
use crate::ui::commands::subject::Subject;
use crate::ui::commands::table::Command;
use crate::ui::widgets::button::Enabled;

/// A disabled entry explains itself on hover.
pub(crate) fn entry(ui: &mut Ui, of: &Subject<'_>, command: Command, actions: &mut Vec<Action>) {
    let width = ui.available_width();
    let button = Button::new(command.name()).min_size(vec2(width, 0.0)).frame_when_inactive(false);
    if show(ui, of, command, button).clicked() {
        actions.extend(command.action(of));
    }
}

/// Adds `button` with the command's shortcut and help.
pub(crate) fn show(ui: &mut Ui, of: &Subject<'_>, command: Command, mut button: Button<'_>) -> Response {
    if let Some(shortcut) = command.shortcut() {
        button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
    }
    let enabled = command.enabled(of);
    let response = ui.add_enabled(enabled == Enabled::Yes, button);
    match enabled {
        Enabled::Yes => response.on_hover_text(command.help()),
        Enabled::No(reason) => response.on_disabled_hover_text(reason),
    }
}
