//! A button with the app's label that opens a searchable list of apps.

use egui::{Button, Key, Popup, PopupCloseBehavior, Rect, ScrollArea, TextEdit, Ui, Vec2, vec2};

use crate::app::action::Action;
use crate::app::state::session::Session;
use crate::engine::find_app::near_labels;
use crate::label::Label;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CONTROL, ICON, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;
use crate::workspace::model::App;

const LIST: f32 = 440.0;

#[derive(Debug, Default)]
pub struct AppChooser {
    search: String,
    row: usize,
    is_open: bool,
}

pub(crate) fn show(ui: &mut Ui, session: &Session, width: f32, memory: &mut AppChooser, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let chosen = session.design.as_ref().map(|design| &design.model.app.label);
    let shown = chosen.or(session.app_problem.as_ref().map(|(label, _)| label));
    let title = shown.map_or_else(|| "Choose an app".to_owned(), ToString::to_string);
    // The space separates the text from the arrow.
    let button = Button::new(text::rich(&title, metrics::strong(), palette.text)).right_text("    ").truncate();
    let response = ui.add_sized(vec2(width, CONTROL), button);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("App: {title}")));
    let mark =
        Rect::from_center_size(response.rect.right_center() - vec2(SPACE_S + ICON / 2.0, 0.0), Vec2::splat(ICON));
    icons::paint(ui.painter(), mark, Icon::ChevronDown, palette.text_second);
    let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let was_open = std::mem::replace(&mut memory.is_open, false);
    popup.show(|ui| {
        memory.is_open = true;
        if !was_open {
            memory.search.clear();
            memory.row = 0;
        }
        list(ui, session, chosen, !was_open, memory, actions);
    });
    response.on_hover_text("The app that you plan for");
}

fn list(
    ui: &mut Ui,
    session: &Session,
    chosen: Option<&Label>,
    just_opened: bool,
    memory: &mut AppChooser,
    actions: &mut Vec<Action>,
) {
    let palette = theme::palette(ui);
    ui.set_width(LIST.min(ui.ctx().content_rect().width() - 4.0 * SPACE_S));
    // A menu's spacing is for entries alone.
    ui.spacing_mut().button_padding = vec2(SPACE_S, SPACE_XS);
    let field = TextEdit::singleline(&mut memory.search).hint_text("Find an app").desired_width(f32::INFINITY);
    let field = field.margin(egui::Margin::symmetric(SPACE_S as i8, SPACE_XS as i8));
    let field = ui.add(field);
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find an app"));
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        memory.row = 0;
    }
    let found = matches(&session.workspace.apps, &memory.search);
    let (down, up, enter) = ui.input(|input| {
        (input.key_pressed(Key::ArrowDown), input.key_pressed(Key::ArrowUp), input.key_pressed(Key::Enter))
    });
    memory.row = (memory.row + usize::from(down)).saturating_sub(usize::from(up)).min(found.len().saturating_sub(1));
    let mut choice = (enter && field.lost_focus())
        .then(|| found.get(memory.row))
        .flatten()
        .filter(|app| is_python(app))
        .map(|app| app.label.clone());
    ui.add_space(SPACE_XS);
    ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
        for (index, app) in found.iter().enumerate() {
            if entry(ui, app, Some(&app.label) == chosen, index == memory.row && !memory.search.is_empty()) {
                choice = Some(app.label.clone());
            }
        }
        if found.is_empty() {
            ui.label(text::rich("No matching apps", metrics::body(), palette.text_second));
            let near = near_labels(&session.workspace, &memory.search);
            if !near.is_empty() {
                ui.label(text::rich("Did you mean", metrics::small(), palette.text_third));
            }
            for label in near {
                if ui.add(Button::selectable(false, label.to_string())).clicked() {
                    choice = Some(label);
                }
            }
        }
    });
    if let Some(label) = choice {
        actions.push(Action::ChooseApp(label));
        ui.close();
    }
}

fn is_python(app: &App) -> bool {
    app.language.as_deref().is_none_or(|language| language == "python")
}

/// Returns `true` if clicked.
fn entry(ui: &mut Ui, app: &App, is_chosen: bool, is_marked: bool) -> bool {
    let note = match (&app.dep_layers, is_python(app)) {
        (_, false) => app.language.clone().unwrap_or_default(),
        (Some(groups), true) if groups.len() == 1 => "1 dependency layer".to_owned(),
        (Some(groups), true) => format!("{} dependency layers", groups.len()),
        (None, true) => "one layer".to_owned(),
    };
    let entry = Button::selectable(is_chosen || is_marked, app.label.to_string()).right_text(note);
    let width = ui.available_width();
    let response = ui
        .add_enabled(is_python(app), entry.min_size(vec2(width, 0.0)))
        .on_disabled_hover_text("Only Python images can be planned");
    if is_marked {
        response.scroll_to_me(None);
    }
    response.clicked()
}

/// Apps whose label has every typed word, those that can be planned for first.
fn matches<'a>(apps: &'a [App], typed: &str) -> Vec<&'a App> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let fits = |app: &&App| {
        let label = app.label.to_string().to_lowercase();
        words.iter().all(|word| label.contains(word.as_str()))
    };
    let mut found: Vec<&App> = apps.iter().filter(fits).collect();
    found.sort_by_key(|app| !is_python(app));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn every_word_must_be_in_the_label() {
        let workspace = fixture::workspace(
            "
            //demo/api
              py_binary api srcs=main.py
              release_app api
            //demo/worker
              py_binary worker srcs=main.py
              release_app worker
            ",
        );
        let labels =
            |typed: &str| matches(&workspace.apps, typed).iter().map(|app| app.label.to_string()).collect::<Vec<_>>();
        assert_eq!(labels("DEMO wor"), ["//demo/worker:worker"]);
        assert_eq!(labels("").len(), 2);
        assert!(labels("none").is_empty());
    }
}
