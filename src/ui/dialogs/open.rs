//! Opens a workspace by path, platform dialog, recent list, or demo.

use std::path::PathBuf;

use egui::{Button, Key, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::session::WorkspaceSource;
use crate::ui::commands::{Command, Subject};
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::theme::metrics::SPACE_M;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

pub(super) fn show(ui: &mut Ui, state: &AppState, path: &str, just_opened: bool, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich("Open workspace", metrics::heading(), palette.text));
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
    recent(ui, state, actions);
    let has_path = !typed.trim().is_empty();
    let mut chosen = Vec::new();
    foot::show(
        ui,
        |ui| {
            if button::secondary(ui, "Browse…").clicked() {
                chosen.push(Action::PickFolder);
            }
            if button::secondary(ui, Command::OpenDemo.name()).clicked() {
                chosen.push(Action::CloseDialog);
                chosen.extend(Command::OpenDemo.action(&Subject::selected(state)));
            }
        },
        |ui| {
            if (button::primary(ui, "Open", has_path).clicked() || entered) && has_path {
                let folder = WorkspaceSource::Folder(PathBuf::from(typed.trim()));
                actions.extend([Action::CloseDialog, Action::Open(folder)]);
            }
            foot::leave(ui, "Cancel", actions);
        },
    );
    actions.append(&mut chosen);
}

fn recent(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    if state.settings.recent.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    ui.add_space(SPACE_M);
    ui.label(text::rich("Recent", metrics::small(), palette.text_third));
    for recent in &state.settings.recent {
        let entry = Button::new(text::rich(&recent.display().to_string(), metrics::body(), palette.text))
            .frame_when_inactive(false)
            .truncate();
        if ui.add(entry).clicked() {
            actions.push(Action::CloseDialog);
            actions.push(Action::Open(WorkspaceSource::Folder(recent.clone())));
        }
    }
}
