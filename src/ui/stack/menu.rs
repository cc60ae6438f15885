//! The menu of a group, by its button or right click.

use egui::{Id, Popup, Rect, Response, Role, Sense, Ui, WidgetInfo};

use crate::app::action::Action;
use crate::layers::plan::LayerId;
use crate::ui::commands::{Command, Subject, entry};
use crate::ui::icons::Icon;
use crate::ui::stack::view::{View, paint_icon};
use crate::ui::theme;
use crate::ui::theme::metrics::RADIUS_S;

/// Of the longest entry with its shortcut.
const WIDTH: f32 = 220.0;

pub(super) fn show(ui: &Ui, view: &View<'_>, id: LayerId, header: &Response, slot: Rect, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let response = ui.interact(slot, Id::unique(("layer menu", id)), Sense::click());
    let name = format!("Change {}", view.contents.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let is_lit = response.hovered() || response.has_focus();
    if is_lit {
        ui.painter().rect_filled(slot, RADIUS_S, palette.text.gamma_multiply(0.08));
    }
    if ui.is_rect_visible(slot) {
        paint_icon(ui, slot, Icon::More, if is_lit { palette.text } else { palette.text_third });
    }
    Popup::menu(&response).show(|ui| entries(ui, view, id, actions));
    Popup::context_menu(header).show(|ui| entries(ui, view, id, actions));
}

fn entries(ui: &mut Ui, view: &View<'_>, id: LayerId, actions: &mut Vec<Action>) {
    ui.set_min_width(WIDTH);
    let of = Subject::layer(view.state, id);
    entry(ui, &of, Command::Rename, actions);
    ui.separator();
    for command in [Command::Up, Command::Down, Command::Merge, Command::Split] {
        entry(ui, &of, command, actions);
    }
    ui.separator();
    entry(ui, &of, Command::LayerCommits, actions);
    ui.separator();
    entry(ui, &of, Command::Remove, actions);
}
