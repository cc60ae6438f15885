//! What is shown while no workspace is open: where to start, and what went wrong.

use egui::{Button, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::{AppState, Dialog, WorkspaceSource};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CONTROL, SPACE_M, SPACE_S, SPACE_XL};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * 0.22);
        let (rect, _) = ui.allocate_exact_size(vec2(56.0, 56.0), egui::Sense::hover());
        icons::paint(ui.painter(), rect, Icon::Layers, palette.accent);
        ui.add_space(SPACE_M);
        ui.label(text::rich("Layerwright", metrics::title(), palette.text));
        ui.label(text::rich(
            "Design the layers of your Python images, and see what a deploy would pull",
            metrics::body(),
            palette.text_second,
        ));
        ui.add_space(SPACE_XL);
        if state.work.is_some() {
            return;
        }
        let open = Button::new(text::rich("Open a workspace…", metrics::strong(), palette.on_accent))
            .fill(palette.accent)
            .min_size(vec2(220.0, CONTROL));
        if ui.add(open).clicked() {
            actions.push(Action::ShowDialog(Dialog::Open { path: String::new() }));
        }
        ui.add_space(SPACE_S);
        if ui.add(Button::new("Open the demo").min_size(vec2(220.0, CONTROL))).clicked() {
            actions.push(Action::Open(WorkspaceSource::Demo));
        }
        ui.add_space(SPACE_S);
        ui.label(text::rich("or drop a folder here", metrics::small(), palette.text_third));
        if !state.settings.recent.is_empty() {
            ui.add_space(SPACE_XL);
            ui.label(text::rich("Recent", metrics::small(), palette.text_third));
            for recent in &state.settings.recent {
                let entry =
                    Button::new(text::rich(&recent.display().to_string(), metrics::body(), palette.text_second))
                        .frame(false);
                if ui.add(entry).clicked() {
                    actions.push(Action::Open(WorkspaceSource::Folder(recent.clone())));
                }
            }
        }
    });
}
