//! Opening a workspace: a path, the platform's dialog, what was open before, or the demo.

use std::path::PathBuf;

use egui::{Button, Key, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::{AppState, Dialog, WorkspaceSource};
use crate::ui::dialogs::set_width;
use crate::ui::theme::metrics::{SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Draws the dialog.
pub(super) fn show(ui: &mut Ui, state: &AppState, path: &str, just_opened: bool, actions: &mut Vec<Action>) {
    set_width(ui, 520.0);
    let palette = theme::palette(ui);
    ui.label(text::rich("Open a workspace", metrics::heading(), palette.text));
    ui.add_space(SPACE_M);
    let mut typed = path.to_owned();
    let name = ui.label(text::rich(
        "Folder with MODULE.bazel or WORKSPACE, or any folder in it",
        metrics::small(),
        palette.text_third,
    ));
    let field = ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY)).labelled_by(name.id);
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        actions.push(Action::ShowDialog(Dialog::Open { path: typed.clone() }));
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(SPACE_S);
    ui.horizontal(|ui| {
        let is_clicked = ui.add_enabled(!typed.trim().is_empty(), Button::new("Open")).clicked();
        if (is_clicked || entered) && !typed.trim().is_empty() {
            actions.push(Action::CloseDialog);
            actions.push(Action::Open(WorkspaceSource::Folder(PathBuf::from(typed.trim()))));
        }
        if ui.button("Browse…").clicked() {
            actions.push(Action::PickFolder);
        }
        if ui.button("Open the demo").clicked() {
            actions.push(Action::CloseDialog);
            actions.push(Action::Open(WorkspaceSource::Demo));
        }
        if ui.button("Cancel").clicked() {
            actions.push(Action::CloseDialog);
        }
    });
    if state.settings.recent.is_empty() {
        return;
    }
    ui.add_space(SPACE_M);
    ui.label(text::rich("Recent", metrics::small(), palette.text_third));
    for recent in &state.settings.recent {
        let entry = Button::new(text::rich(&recent.display().to_string(), metrics::body(), palette.text))
            .frame(false)
            .truncate();
        if ui.add(entry).clicked() {
            actions.push(Action::CloseDialog);
            actions.push(Action::Open(WorkspaceSource::Folder(recent.clone())));
        }
    }
}
