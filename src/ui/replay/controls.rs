//! What the replay counts: client, deploys, window; and presentation.

use egui::{Align, Button, DragValue, Key, Layout, TextEdit, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::engine::choices::DEFAULT_COMMITS;
use crate::history::cost::PullProfile;
use crate::history::date::{date, parse_date};
use crate::history::deploys::Cadence;
use crate::history::request::Window;
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{CONTROL, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, choice, text};

pub(super) const LINE: f32 = CONTROL + SPACE_XS;

/// Offered numbers of commits.
const WINDOWS: [usize; 4] = [100, DEFAULT_COMMITS, 2_000, 10_000];

#[derive(Clone, Debug)]
pub(crate) struct ControlsMemory {
    every: usize,
    glob: String,
    since: String,
}

impl Default for ControlsMemory {
    fn default() -> Self {
        Self { every: 5, glob: "v*".to_owned(), since: String::new() }
    }
}

pub(super) fn show(ui: &mut Ui, state: &AppState, memory: &mut ControlsMemory, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = SPACE_S;
        let has_words = ui.available_width() > 560.0;
        let caption = |ui: &mut Ui, words: &str| {
            if has_words {
                ui.label(text::rich(words, metrics::small(), palette.text_third));
            }
        };
        caption(ui, "Deployed");
        cadence(ui, &state.choices.cadence, memory, actions);
        caption(ui, "in");
        window(ui, state, memory, actions);
        caption(ui, "pulled by");
        profile(ui, state.choices.profile, actions);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (icon, label) =
                if state.view.is_presenting { (Icon::Close, "Leave (Esc)") } else { (Icon::Chart, "Present") };
            let response = button::quiet(ui, icon, label);
            if response.on_hover_text(Command::Present.help()).clicked() {
                actions.extend(Command::Present.action(&Subject::selected(state)));
            }
        });
    });
}

fn cadence(ui: &mut Ui, present: &Cadence, memory: &mut ControlsMemory, actions: &mut Vec<Action>) {
    let name = match present {
        Cadence::EveryCommit | Cadence::EveryN(0 | 1) => "every commit".to_owned(),
        Cadence::EveryN(count) => format!("every {count} commits"),
        Cadence::PerDay => "every day".to_owned(),
        Cadence::Tags(glob) => format!("tags {glob}"),
    };
    let response = choice::new("cadence")
        .width(112.0)
        .selected_text(name)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            ui.set_min_width(300.0);
            let mut choose = |ui: &mut Ui, cadence: Cadence| {
                actions.push(Action::SetCadence(cadence));
                ui.close();
            };
            for (cadence, name) in [
                (Cadence::EveryCommit, "Every commit that changes the app"),
                (Cadence::PerDay, "The last commit of each day (UTC)"),
            ] {
                if ui.add(Button::selectable(*present == cadence, name)).clicked() {
                    choose(ui, cadence);
                }
            }
            ui.horizontal(|ui| {
                let is_chosen = matches!(present, Cadence::EveryN(count) if *count > 1);
                let clicked = ui.add(Button::selectable(is_chosen, "Every few commits")).clicked();
                let field = ui.add(DragValue::new(&mut memory.every).range(2..=1_000).speed(0.2));
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Commits per deploy"));
                if clicked || (field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))) {
                    choose(ui, Cadence::EveryN(memory.every));
                }
            });
            ui.horizontal(|ui| {
                let is_chosen = matches!(present, Cadence::Tags(_));
                let clicked = ui.add(Button::selectable(is_chosen, "Commits tagged")).clicked();
                let field = ui.add(TextEdit::singleline(&mut memory.glob).desired_width(96.0));
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Tag pattern"));
                if clicked || (field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))) {
                    choose(ui, Cadence::Tags(memory.glob.clone()));
                }
            });
        });
    response.response.on_hover_text(format!("Deployed {}", present.meaning()));
}

fn window(ui: &mut Ui, state: &AppState, memory: &mut ControlsMemory, actions: &mut Vec<Action>) {
    let present = state.choices.window;
    let known = state.session.as_ref().map_or(0, |session| session.history.commits.len());
    let name = |window: Window| match window {
        // A short history is complete in a larger window.
        Window::Commits(count) if known < count => format!("all {known} commits"),
        Window::Commits(count) => format!("{count} commits"),
        Window::Since(time) => format!("since {}", date(time)),
        Window::All => format!("all {known} commits"),
    };
    let response = choice::new("window")
        .width(112.0)
        .selected_text(name(present))
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show_ui(ui, |ui| {
            ui.set_min_width(260.0);
            let mut choose = |ui: &mut Ui, window: Window| {
                actions.push(Action::SetWindow(window));
                ui.close();
            };
            for window in WINDOWS.map(Window::Commits).into_iter().chain([Window::All]) {
                let words = match window {
                    Window::Commits(count) => format!("The newest {count} commits"),
                    Window::Since(_) | Window::All => "The whole history".to_owned(),
                };
                if ui.add(Button::selectable(window == present, words)).clicked() {
                    choose(ui, window);
                }
            }
            ui.horizontal(|ui| {
                let is_chosen = matches!(present, Window::Since(_));
                let since = parse_date(memory.since.trim());
                let clicked = ui
                    .add_enabled(since.is_some(), Button::selectable(is_chosen, "Since"))
                    .on_disabled_hover_text("A day such as 2026-03-01")
                    .clicked();
                let field = ui.add(TextEdit::singleline(&mut memory.since).hint_text("2026-03-01").desired_width(96.0));
                field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "First day"));
                let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                if let Some(since) = since.filter(|_| clicked || entered) {
                    choose(ui, Window::Since(since));
                }
            });
        });
    response.response.on_hover_text("First-parent commits: a merged branch counts once");
}

fn profile(ui: &mut Ui, present: PullProfile, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let response = choice::new("replay profile").width(100.0).selected_text(present.runtime()).show_ui(ui, |ui| {
        ui.set_min_width(360.0);
        for profile in PullProfile::ALL {
            let entry = Button::selectable(profile == present, profile.runtime()).min_size(vec2(340.0, 0.0));
            if ui.add(entry).on_hover_text(profile.meaning()).clicked() {
                actions.push(Action::SetProfile(profile));
            }
            ui.label(text::rich(profile.meaning(), metrics::small(), palette.text_third));
        }
    });
    response.response.on_hover_text(present.meaning());
}
