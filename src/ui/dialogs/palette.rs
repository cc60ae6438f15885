use egui::{Button, Key, ScrollArea, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::ui::commands::{self, Command, Subject, WindowCommand};
use crate::ui::dialogs::frame::{NARROW, body_height, set_width};
use crate::ui::theme::metrics::SPACE_S;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

pub(super) fn show(
    ui: &mut Ui,
    state: &AppState,
    search: &str,
    just_opened: bool,
    row: &mut usize,
    actions: &mut Vec<Action>,
    window: &mut Vec<WindowCommand>,
) {
    set_width(ui, NARROW);
    let mut typed = search.to_owned();
    let field = ui.add(TextEdit::singleline(&mut typed).hint_text("Command").desired_width(f32::INFINITY));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Command"));
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        *row = 0;
        actions.push(Action::ShowDialog(Dialog::Palette { search: typed.clone() }));
    }
    let found = matches(&typed);
    move_row(ui, row, found.len());
    let chosen = (field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)))
        .then(|| found.get(*row).copied())
        .flatten();
    ui.add_space(SPACE_S);
    let of = Subject::selected(state);
    let mut clicked = None;
    ScrollArea::vertical().max_height(body_height(ui, 420.0)).show(ui, |ui| {
        for (index, command) in found.iter().enumerate() {
            if entry(ui, &of, *command, index == *row) {
                clicked = Some(*command);
            }
        }
        if found.is_empty() {
            let palette = theme::palette(ui);
            ui.label(text::rich("No matching commands", metrics::body(), palette.text_third));
        }
    });
    if let Some(command) = clicked.or(chosen) {
        actions.push(Action::CloseDialog);
        command.run(state, actions, window);
    }
}

fn entry(ui: &mut Ui, of: &Subject<'_>, command: Command, is_marked: bool) -> bool {
    let size = egui::vec2(ui.available_width(), metrics::CONTROL);
    let response = commands::show(ui, of, command, Button::selectable(is_marked, command.name()).min_size(size));
    if is_marked {
        response.scroll_to_me(None);
    }
    response.clicked()
}

/// Commands with every typed word.
fn matches(typed: &str) -> Vec<Command> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let fits = |command: &Command| {
        let name = command.name().to_lowercase();
        words.iter().all(|word| name.contains(word.as_str()))
    };
    Command::ALL.iter().copied().filter(fits).filter(|command| *command != Command::Palette).collect()
}

pub(super) fn move_row(ui: &Ui, row: &mut usize, count: usize) {
    let (down, up) = ui.input(|input| (input.key_pressed(Key::ArrowDown), input.key_pressed(Key::ArrowUp)));
    if down {
        *row += 1;
    }
    if up {
        *row = row.saturating_sub(1);
    }
    *row = (*row).min(count.saturating_sub(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_in_the_name() {
        assert_eq!(matches("save pl"), [Command::SavePlan]);
        assert_eq!(matches("THEME light"), [Command::LightTheme]);
        assert!(matches("no such thing").is_empty());
        assert!(!matches("").contains(&Command::Palette));
    }
}
