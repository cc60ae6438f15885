//! Saves a picture; the path's ending selects the format.

use std::path::PathBuf;

use egui::{Key, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::dialogs::Dialog;
use crate::app::state::export::Exportable;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::theme::metrics::{SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

pub(super) fn show(
    ui: &mut Ui,
    path: &str,
    is_dark: bool,
    picture: &Exportable,
    just_opened: bool,
    actions: &mut Vec<Action>,
) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let mut changed = |path: String, is_dark: bool| {
        actions.push(Action::ShowDialog(Dialog::Export { path, is_dark, picture: picture.clone() }));
    };
    ui.label(text::rich(&format!("Export the {}", picture.name()), metrics::heading(), palette.text));
    ui.add_space(SPACE_M);
    let mut typed = path.to_owned();
    let name = ui.label(text::rich("File, ending in .svg or .png", metrics::small(), palette.text_third));
    let field = ui.add(TextEdit::singleline(&mut typed).desired_width(f32::INFINITY)).labelled_by(name.id);
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        changed(typed.clone(), is_dark);
    }
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(SPACE_S);
    let is_svg = typed.trim().to_lowercase().ends_with(".svg");
    ui.horizontal(|ui| {
        for (ending, label, is_chosen) in [("svg", "SVG", is_svg), ("png", "PNG", !is_svg)] {
            if ui.radio(is_chosen, label).clicked() && !is_chosen {
                changed(PathBuf::from(typed.trim()).with_extension(ending).display().to_string(), is_dark);
            }
        }
        ui.add_space(SPACE_M);
        let mut dark = is_dark;
        if ui.checkbox(&mut dark, "Dark background").changed() {
            changed(typed.clone(), dark);
        }
    });
    let has_path = !typed.trim().is_empty();
    let mut is_clicked = false;
    foot::show(
        ui,
        |_| {},
        |ui| {
            is_clicked = button::primary(ui, "Export", has_path).clicked();
            foot::leave(ui, "Cancel", actions);
        },
    );
    if (is_clicked || entered) && has_path {
        let path = PathBuf::from(typed.trim());
        actions.push(Action::Export { path, is_dark, picture: picture.clone() });
    }
}
