//! What is shown while no app is open: where to start, and what of the workspace could not be read.

use egui::{Align, Button, Label, Layout, ScrollArea, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::{AppState, Dialog, WorkspaceSource};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CONTROL, SPACE_M, SPACE_S, SPACE_XL};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;
use crate::workspace::model::ReadFinding;

/// Width of the list of what could not be read.
const LIST: f32 = 720.0;

/// Draws the page.
pub fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let findings = state.session.as_ref().map(|session| session.workspace.findings.as_slice()).unwrap_or_default();
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * if findings.is_empty() { 0.22 } else { 0.08 });
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
        if !findings.is_empty() {
            unread(ui, findings);
        }
    });
}

/// What could not be read, or only in part, each with its place.
fn unread(ui: &mut Ui, findings: &[ReadFinding]) {
    let palette = theme::palette(ui);
    ui.add_space(SPACE_XL);
    let title = match findings.len() {
        1 => "1 place of this workspace could not be read whole".to_owned(),
        count => format!("{count} places of this workspace could not be read whole"),
    };
    ui.label(text::rich(&title, metrics::strong(), palette.text));
    ui.add_space(SPACE_S);
    let width = LIST.min(ui.available_width() - SPACE_XL);
    let size = vec2(width, (ui.available_height() - SPACE_M).max(0.0));
    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical().auto_shrink([false, true]).show(ui, |ui| {
            for finding in findings {
                let path = finding.path.display();
                let place = finding.line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"));
                let message = format!("{place}: {}", finding.message);
                ui.add(Label::new(text::rich(&message, metrics::body(), palette.text_second)).wrap());
                ui.add_space(SPACE_S);
            }
        });
    });
}
