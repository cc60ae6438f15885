use egui::{Grid, ScrollArea, Ui, vec2};

use crate::app::action::Action;
use crate::ui::commands::Command;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{body_height, set_width};
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Gestures and keys without a command.
const IN_VIEWS: [(&str, &[(&str, &str)]); 5] = [
    (
        "Mouse",
        &[
            ("Drag", "Move a target, package or layer onto a layer, or between two"),
            ("Click", "Select; with Ctrl add, with Shift extend"),
            ("Double-click", "Row: show in graph. Group: open"),
            ("", "Layer name: rename"),
            ("Right-click", "Menu"),
            ("Shift+drag", "Select nodes with a rectangle"),
            ("Wheel, drag", "Zoom and pan the graph"),
        ],
    ),
    (
        "Contents",
        &[
            ("Down", "From the search field into the list"),
            ("Up, Down", "Previous or next row; with Shift extend the selection"),
            ("Enter", "In the search field: next match in the graph"),
        ],
    ),
    (
        "Graph",
        &[
            ("Arrows", "Follow edges, or go to the node beside"),
            ("Enter", "Expand or collapse the group"),
            ("F, +, -", "Fit, zoom in, zoom out"),
        ],
    ),
    ("Image", &[("Enter", "Show the contents of the layer"), ("Tab", "Next layer; F2 and Alt+Up act on it")]),
    (
        "Replay",
        &[("Left, Right", "Previous or next deploy; Home and End: first and last"), ("Space", "Play, when presenting")],
    ),
];

pub(super) fn show(ui: &mut Ui, actions: &mut Vec<Action>) {
    set_width(ui, 940.0);
    let palette = theme::palette(ui);
    ui.label(text::rich("Keyboard shortcuts and gestures", metrics::heading(), palette.text));
    ui.add_space(SPACE_M);
    ScrollArea::vertical().max_height(body_height(ui, 640.0)).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0 * SPACE_L;
            Grid::new("shortcuts").num_columns(2).spacing(vec2(SPACE_L, SPACE_XS)).show(ui, |ui| {
                for command in Command::ALL {
                    if let Some(shortcut) = command.shortcut() {
                        row(ui, &shortcut.format(&egui::ModifierNames::NAMES, false), command.name());
                    }
                }
                row(ui, "Escape", "Cancel a drag, close a dialog, clear the selection");
            });
            ui.vertical(|ui| {
                for (view, gestures) in IN_VIEWS {
                    ui.label(text::rich(view, metrics::small_strong(), palette.text_third));
                    Grid::new(("gestures", view)).num_columns(2).spacing(vec2(SPACE_L, SPACE_XS)).show(ui, |ui| {
                        gestures.iter().for_each(|(keys, words)| row(ui, keys, words));
                    });
                    ui.add_space(SPACE_M);
                }
            });
        });
    });
    foot::close(ui, actions);
}

fn row(ui: &mut Ui, keys: &str, words: &str) {
    let palette = theme::palette(ui);
    ui.label(text::rich(keys, metrics::code(), palette.text_second));
    ui.label(text::rich(words, metrics::body(), palette.text));
    ui.end_row();
}
