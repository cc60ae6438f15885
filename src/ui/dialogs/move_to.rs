//! Moves the selection to a layer by keyboard.

use egui::{Button, Key, ScrollArea, TextEdit, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::drop::Payload;
use crate::label::Label;
use crate::ui::dialogs::frame::{NARROW, body_height, set_width};
use crate::ui::dialogs::{foot, palette};
use crate::ui::drag::{describe, title_of};
use crate::ui::moves::{self, Move};
use crate::ui::theme::metrics::{CONTROL, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

pub(super) fn show(
    ui: &mut Ui,
    state: &AppState,
    search: &str,
    just_opened: bool,
    row: &mut usize,
    actions: &mut Vec<Action>,
) {
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else { return };
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let labels: Vec<Label> = state.view.selection.iter().cloned().collect();
    ui.label(text::rich("Move to layer", metrics::heading(), palette.text));
    ui.add(egui::Label::new(text::rich(&title_of(&labels), metrics::body(), palette.text_second)).truncate());
    ui.add_space(SPACE_S);
    let mut typed = search.to_owned();
    let field = ui.add(TextEdit::singleline(&mut typed).hint_text("Find a layer").desired_width(f32::INFINITY));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find a layer"));
    if just_opened {
        field.request_focus();
    }
    let places = moves::places(design, &Payload::Targets(labels));
    let found: Vec<&Move> =
        places.iter().filter(|place| place.name.to_lowercase().contains(&typed.trim().to_lowercase())).collect();
    if field.changed() {
        *row = 0;
        actions.push(Action::ShowDialog(Dialog::Move { search: typed.clone() }));
    }
    if just_opened || field.changed() {
        // Most of the others are where it comes from.
        *row = found.iter().position(|place| place.outcome.is_ok()).unwrap_or(0);
    }
    palette::move_row(ui, row, found.len());
    let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let marked = found.get(*row);
    let mut choice = marked.filter(|_| is_entered).and_then(|place| place.outcome.as_ref().ok());
    if is_entered && choice.is_none() {
        field.request_focus();
    }
    ui.add_space(SPACE_XS);
    let said = marked.map(|place| match &place.outcome {
        Ok(operation) => (describe(operation, design), palette.text_second),
        Err(reason) => (reason.clone(), palette.bad),
    });
    ScrollArea::vertical().max_height(body_height(ui, 320.0)).auto_shrink([false, true]).show(ui, |ui| {
        let width = ui.available_width();
        for (index, place) in found.iter().enumerate() {
            let entry = Button::selectable(index == *row, &place.name).min_size(vec2(width, CONTROL));
            let response = ui.add_enabled(place.outcome.is_ok(), entry);
            if index == *row {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                choice = place.outcome.as_ref().ok();
            }
        }
    });
    ui.add_space(SPACE_XS);
    let (words, ink) = said.unwrap_or_else(|| ("No matching layers".to_owned(), palette.text_third));
    ui.add(egui::Label::new(text::rich(&words, metrics::small(), ink)).wrap());
    foot::show(ui, |_| {}, |ui| foot::leave(ui, "Cancel", actions));
    if let Some(operation) = choice {
        actions.push(Action::CloseDialog);
        actions.push(Action::Edit(operation.clone()));
    }
}
