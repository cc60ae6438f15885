//! Every shortcut in one list.

use egui::{Grid, ScrollArea, Ui, vec2};

use crate::app::action::Action;
use crate::ui::commands::Command;
use crate::ui::dialogs::{NARROW, body_height, foot, set_width};
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Shortcuts that belong to a view and have no command of their own.
const IN_VIEWS: [(&str, &str); 6] = [
    ("F2", "Rename the selected layer"),
    ("Alt+Up, Alt+Down", "Move the selected layer"),
    ("Delete", "Remove the selected layer"),
    ("Arrows, Enter", "Travel along the graph, open a group"),
    ("F", "Fit the graph"),
    ("Escape", "Cancel a drag, close a dialog"),
];

/// Draws the list.
pub(super) fn show(ui: &mut Ui, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich("Keyboard shortcuts", metrics::heading(), palette.text));
    ui.add_space(SPACE_M);
    ScrollArea::vertical().max_height(body_height(ui, 560.0)).show(ui, |ui| {
        Grid::new("shortcuts").num_columns(2).spacing(vec2(SPACE_L, SPACE_XS)).show(ui, |ui| {
            let mut row = |keys: &str, words: &str| {
                ui.label(text::rich(keys, metrics::code(), palette.text_second));
                ui.label(text::rich(words, metrics::body(), palette.text));
                ui.end_row();
            };
            for command in Command::ALL {
                if let Some(shortcut) = command.shortcut() {
                    row(&shortcut.format(&egui::ModifierNames::NAMES, false), command.text().0);
                }
            }
            IN_VIEWS.iter().for_each(|(keys, words)| row(keys, words));
        });
    });
    foot::close(ui, actions);
}
