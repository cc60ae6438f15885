//! What can be done with a group: the menu at its right edge, and the same on a right click.

use egui::{Button, Id, Popup, Rect, Response, Role, Sense, Ui, WidgetInfo};

use crate::app::action::Action;
use crate::app::state::dialogs::Dialog;
use crate::engine::reports::evidence::Subject;
use crate::label::Label;
use crate::layers::operations::Operation;
use crate::layers::plan::LayerId;
use crate::ui::icons::Icon;
use crate::ui::selected;
use crate::ui::stack::view::{View, paint_icon};
use crate::ui::theme;
use crate::ui::theme::metrics::RADIUS_S;

/// Width of the menu: its longest entry with its shortcut.
const WIDTH: f32 = 220.0;

/// The button in `slot`, and both menus.
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
    let plan = view.design.plan.present();
    let position = plan.position(id).unwrap_or(0);
    let has_above = position + 1 < plan.groups.len();
    if entry(ui, "Rename…", "F2", None) {
        actions.extend(selected::rename(view.design, id));
    }
    ui.separator();
    if entry(ui, "Move up", "Alt+Up", (!has_above).then_some("It is the topmost group already")) {
        actions.push(Action::Edit(Operation::Reorder { layer: id, position: position + 1 }));
    }
    if entry(ui, "Move down", "Alt+Down", (position == 0).then_some("It is the lowest group already")) {
        actions.push(Action::Edit(Operation::Reorder { layer: id, position: position.saturating_sub(1) }));
    }
    if let Some(below) = position.checked_sub(1).and_then(|below| plan.groups.get(below))
        && entry(ui, &format!("Merge into {}", below.name), "", None)
    {
        actions.push(Action::Edit(Operation::Merge { into: below.id, from: id }));
    }
    let group = plan.group(id);
    let named = group.map(|group| group.targets.as_slice()).unwrap_or_default();
    let selected: Vec<Label> =
        named.iter().filter(|label| view.state.view.selection.contains(label)).cloned().collect();
    let why_not = match (selected.len(), named.len()) {
        (0, _) => Some("Select some of the targets that this layer names first"),
        (some, all) if some == all => Some("All that this layer names is selected: leave something in it"),
        _ => None,
    };
    if entry(ui, "Split the selected off", "", why_not) {
        let name = group.map(|group| format!("{}_split", group.name)).unwrap_or_default();
        actions.push(Action::Edit(Operation::Split { layer: id, targets: selected, name }));
    }
    ui.separator();
    if entry(ui, "Commits that changed it…", "", None) {
        let subject = Subject::Layer(view.contents.name.clone());
        actions.push(Action::ShowDialog(Dialog::Reasons(subject)));
    }
    ui.separator();
    if entry(ui, "Remove", "Del", None) {
        actions.push(Action::Edit(Operation::Remove { layer: id }));
    }
}

/// One entry; where it can't be chosen, the reason stands on hover.
fn entry(ui: &mut Ui, label: &str, shortcut: &str, why_not: Option<&str>) -> bool {
    let mut button = Button::new(label).min_size(egui::vec2(WIDTH, 0.0)).frame_when_inactive(false);
    if !shortcut.is_empty() {
        button = button.shortcut_text(shortcut);
    }
    let response = ui.add_enabled(why_not.is_none(), button);
    match why_not {
        Some(reason) => {
            response.on_disabled_hover_text(reason);
            false
        }
        None => response.clicked(),
    }
}
