//! The top bar: workspace, app, counting, undo, redo, apply.

use egui::{Align, Button, Layout, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::session::WorkspaceSource;
use crate::engine::open::graph_source::{GraphSource, source_sentence};
use crate::history::cost::PullProfile;
use crate::layers::compression::Compression;
use crate::ui::app_chooser::{self, AppChooser};
use crate::ui::commands::{self, Command, Menu, Subject, WindowCommand};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{CONTROL, SPACE_L, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::{choice, text};
use crate::workspace::platform::Platform;

/// Room for the right end.
const CHOICES_WIDTH: f32 = 530.0;

/// Above and below the menu.
const MENU_MARGIN: f32 = 56.0;

/// Others can be named on the command line.
const PLATFORMS: [&str; 2] = ["linux/amd64", "linux/arm64"];

pub(crate) fn show(
    ui: &mut Ui,
    state: &AppState,
    chooser: &mut AppChooser,
    actions: &mut Vec<Action>,
    window: &mut Vec<WindowCommand>,
) {
    ui.spacing_mut().item_spacing.x = SPACE_S;
    ui.spacing_mut().interact_size.y = CONTROL;
    ui.horizontal_centered(|ui| {
        menu(ui, state, actions, window);
        workspace_name(ui, state, actions);
        if let Some(session) = &state.session {
            let width = (ui.available_width() - CHOICES_WIDTH).clamp(140.0, 320.0);
            app_chooser::show(ui, session, width, chooser, actions);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            apply_button(ui, state, actions);
            for (command, icon) in [(Command::Redo, Icon::Redo), (Command::Undo, Icon::Undo)] {
                icon_command(ui, state, command, icon, actions, window);
            }
            ui.add_space(SPACE_XS);
            if state.session.as_ref().is_some_and(|session| session.design.is_some()) {
                choices(ui, state, actions);
            }
        });
    });
}

/// Separated by lines.
const MENU: [Menu; 6] = [Menu::Plan, Menu::Layers, Menu::Suggestions, Menu::Sizes, Menu::Workspace, Menu::Program];
const SUBMENUS: [(&str, Menu); 4] =
    [("Selection", Menu::Selected), ("View", Menu::View), ("Export", Menu::Export), ("Appearance", Menu::Appearance)];

fn menu(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>, window: &mut Vec<WindowCommand>) {
    let response = button::icon(ui, Icon::Layers, "Menu", &Enabled::Yes);
    egui::Popup::menu(&response).show(|ui| {
        ui.set_min_width(240.0);
        // A low window has no room for the menu.
        let height = ui.ctx().content_rect().height() - MENU_MARGIN;
        egui::ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .show(ui, |ui| entries(ui, state, actions, window));
    });
}

fn entries(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>, window: &mut Vec<WindowCommand>) {
    for (index, group) in MENU.into_iter().enumerate() {
        if index > 0 {
            ui.separator();
        }
        if index + 1 == MENU.len() {
            for (title, submenu) in SUBMENUS {
                ui.menu_button(title, |ui| {
                    ui.set_min_width(280.0);
                    entries_of(ui, state, submenu, actions, window);
                });
            }
            ui.separator();
        }
        entries_of(ui, state, group, actions, window);
    }
}

fn entries_of(ui: &mut Ui, state: &AppState, group: Menu, actions: &mut Vec<Action>, window: &mut Vec<WindowCommand>) {
    let of = Subject::selected(state);
    for command in Command::ALL.iter().filter(|command| command.menu() == group) {
        if commands::show(ui, &of, *command, Button::new(command.name())).clicked() {
            command.run(state, actions, window);
        }
    }
}

fn icon_command(
    ui: &mut Ui,
    state: &AppState,
    command: Command,
    icon: Icon,
    actions: &mut Vec<Action>,
    window: &mut Vec<WindowCommand>,
) {
    let shortcut = command.shortcut().map(|shortcut| format!("  {}", ui.ctx().format_shortcut(&shortcut)));
    let name = format!("{}{}", command.name(), shortcut.unwrap_or_default());
    if button::icon(ui, icon, &name, &command.enabled(&Subject::selected(state))).clicked() {
        command.run(state, actions, window);
    }
}

fn workspace_name(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let (name, hover) = match &state.session {
        None => ("Open workspace".to_owned(), "No workspace is open".to_owned()),
        Some(session) => match &session.source {
            WorkspaceSource::Demo => {
                ("Demo".to_owned(), "The bundled demo workspace, with a sample history".to_owned())
            }
            WorkspaceSource::Folder(_) => {
                let root = &session.workspace.root;
                let name = root
                    .file_name()
                    .map_or_else(|| root.display().to_string(), |name| name.to_string_lossy().into_owned());
                (name, root.display().to_string())
            }
        },
    };
    let is_of_bazel = state.session.as_ref().is_some_and(|session| session.graph != GraphSource::Files);
    let name = if is_of_bazel { format!("{name} (Bazel)") } else { name };
    // Counted only on hover.
    let response = button::quiet(ui, Icon::Folder, &name).on_hover_ui(|ui| {
        let sentence = state.session.as_ref().map(|session| source_sentence(&session.workspace));
        let words = sentence.map_or_else(|| hover.clone(), |sentence| format!("{hover}\n{sentence}"));
        ui.set_max_width(ui.spacing().tooltip_width);
        ui.label(words);
    });
    if response.clicked() {
        actions.extend(Command::Open.action(&Subject::selected(state)));
    }
    // Keeps its place, so that nothing moves.
    let (place, response) = ui.allocate_exact_size(egui::Vec2::splat(SPACE_L), egui::Sense::hover());
    if state.watching.is_reading() {
        ui.put(place, egui::Spinner::new().size(SPACE_L));
        response.on_hover_text("Files changed: reloading");
    }
}

fn choices(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let current = state.choices.profile;
    choice::new("profile")
        .width(148.0)
        .selected_text(format!("Runtime: {}", current.runtime()))
        .show_ui(ui, |ui| {
            ui.set_min_width(360.0);
            for profile in PullProfile::ALL {
                let entry = Button::selectable(profile == current, profile.runtime());
                if ui.add(entry).on_hover_text(profile.meaning()).clicked() {
                    actions.push(Action::SetProfile(profile));
                }
                let palette = theme::palette(ui);
                ui.label(text::rich(profile.meaning(), metrics::small(), palette.text_third));
            }
        })
        .response
        .on_hover_text("The container runtime whose pulls are counted");
    let platform = state.choices.platform.to_string();
    choice::new("platform")
        .width(100.0)
        .selected_text(&platform)
        .show_ui(ui, |ui| {
            for name in PLATFORMS {
                if ui.add(Button::selectable(name == platform, name)).clicked()
                    && let Ok(chosen) = name.parse::<Platform>()
                {
                    actions.push(Action::SetPlatform(chosen));
                }
            }
        })
        .response
        .on_hover_text("The platform of the image");
    compression_choice(ui, state, actions);
}

/// Without a choice, the compression of the rules.
fn compression_choice(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let in_use = state.session.as_ref().and_then(|session| session.design.as_ref());
    let in_use = in_use.map(|design| &design.model.compression);
    let chosen = state.choices.compression;
    let shown = chosen.or(in_use.map(|in_use| in_use.compression)).unwrap_or_default();
    let response = choice::new("compression")
        .width(64.0)
        .selected_text(compression_name(shown))
        .show_ui(ui, |ui| {
            let choices = [None, Some(Compression::None), Some(Compression::Gzip), Some(Compression::Zstd)];
            for choice in choices {
                let name = choice.map_or("As the rules compress", compression_name);
                if ui.add(Button::selectable(choice == chosen, name)).clicked() {
                    actions.push(Action::SetCompression(choice));
                }
            }
        })
        .response;
    let sentence = in_use.map_or("", |in_use| in_use.sentence.as_str());
    response.on_hover_text(format!("Layer compression in the registry\n{sentence}"));
}

fn compression_name(compression: Compression) -> &'static str {
    match compression {
        Compression::None => "Uncompressed",
        Compression::Gzip => "gzip",
        Compression::Zstd => "zstd",
    }
}

fn apply_button(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let of = Subject::selected(state);
    let enabled = Command::Apply.enabled(&of);
    let response = button::primary(ui, "Apply…", enabled == Enabled::Yes);
    let response = match enabled {
        Enabled::Yes => response.on_hover_text(Command::Apply.help()),
        Enabled::No(reason) => response.on_disabled_hover_text(reason),
    };
    if response.clicked() {
        actions.extend(Command::Apply.action(&of));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_has_every_command() {
        let groups: Vec<Menu> = MENU.into_iter().chain(SUBMENUS.map(|(_, menu)| menu)).collect();
        assert!(Command::ALL.iter().all(|command| groups.contains(&command.menu())));
    }
}
