//! Saves or loads a plan file.

use std::path::PathBuf;

use egui::{Key, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::dialogs::Dialog;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::theme::metrics::SPACE_M;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

pub(super) fn show(ui: &mut Ui, path: &str, load: bool, just_opened: bool, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let (title, verb) = if load { ("Load plan", "Load") } else { ("Save plan", "Save") };
    ui.label(text::rich(title, metrics::heading(), palette.text));
    ui.add_space(SPACE_M);
    let mut typed = path.to_owned();
    let name = ui.label(text::rich("Plan file (TOML)", metrics::small(), palette.text_third));
    let field = ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY)).labelled_by(name.id);
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        actions.push(Action::ShowDialog(Dialog::PlanFile { path: typed.clone(), load }));
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let has_path = !typed.trim().is_empty();
    let mut is_clicked = false;
    foot::show(
        ui,
        |_| {},
        |ui| {
            is_clicked = button::primary(ui, verb, has_path).clicked();
            foot::leave(ui, "Cancel", actions);
        },
    );
    if (is_clicked || entered) && has_path {
        let path = PathBuf::from(typed.trim());
        actions.push(if load { Action::LoadPlan(path) } else { Action::SavePlan(path) });
    }
}
