//! Every shortcut and every gesture in one list.

use egui::{Grid, ScrollArea, Ui, vec2};

use crate::app::action::Action;
use crate::ui::commands::Command;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{body_height, set_width};
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// What belongs to a view and has no command of its own.
const IN_VIEWS: [(&str, &[(&str, &str)]); 5] = [
    (
        "Mouse",
        &[
            ("Drag", "A target, package or layer onto a layer, or between two"),
            ("Click", "Select; with Ctrl one more, with Shift all up to it"),
            ("Double-click", "A row: show it in the graph. A group: open it"),
            ("", "The name of a layer: rename it"),
            ("Right-click", "What can be done with it, without dragging"),
            ("Shift+drag", "Select what a rectangle of the graph touches"),
            ("Wheel, drag", "Zoom the graph, move it"),
        ],
    ),
    (
        "Contents",
        &[
            ("Down", "From the search field into the list"),
            ("Up, Down", "From row to row; with Shift select them all"),
            ("Enter", "In the search field: to the next match in the graph"),
        ],
    ),
    (
        "Graph",
        &[
            ("Arrows", "Along the edges, and to what stands beside"),
            ("Enter", "Open or close the group"),
            ("F, +, -", "Everything at once, larger, smaller"),
        ],
    ),
    (
        "Image",
        &[
            ("Enter", "Show what the layer holds"),
            ("Tab", "From layer to layer; F2 and Alt+Up are for the one reached"),
        ],
    ),
    (
        "Replay",
        &[
            ("Left, Right", "From deploy to deploy; Home and End to the first and last"),
            ("Space", "Play, in the whole window"),
        ],
    ),
];

/// Draws the list.
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
                row(ui, "Escape", "End a drag, close a dialog, select nothing");
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
