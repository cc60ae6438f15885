//! The page without an open app: where to start, and problems of the workspace.

use egui::{Align, Button, Label, Layout, ScrollArea, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::session::WorkspaceSource;
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CONTROL, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;
use crate::workspace::model::ReadFinding;

const SENTENCE: f32 = 480.0;
const LIST: f32 = 720.0;

pub(crate) fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let findings = state.session.as_ref().map(|session| session.workspace.findings.as_slice()).unwrap_or_default();
    ui.vertical_centered(|ui| {
        ui.add_space(ui.available_height() * if findings.is_empty() { 0.22 } else { 0.08 });
        let (rect, _) = ui.allocate_exact_size(vec2(56.0, 56.0), egui::Sense::hover());
        icons::paint(ui.painter(), rect, Icon::Layers, palette.accent);
        ui.add_space(SPACE_M);
        let (title, sentence) = words(state);
        ui.label(text::rich(&title, metrics::title(), palette.text));
        ui.add_space(SPACE_XS);
        ui.scope(|ui| {
            ui.set_max_width(SENTENCE.min(ui.available_width()));
            ui.add(Label::new(text::marked(&sentence, palette.text_second)).wrap());
        });
        ui.add_space(SPACE_XL);
        if state.work.is_active() {
            return;
        }
        let open = Button::new(text::rich(Command::Open.name(), metrics::strong(), palette.on_accent))
            .fill(palette.accent)
            .min_size(vec2(220.0, CONTROL));
        if ui.add(open).clicked() {
            actions.extend(Command::Open.action(&Subject::selected(state)));
        }
        ui.add_space(SPACE_S);
        if ui.add(Button::new(Command::OpenDemo.name()).min_size(vec2(220.0, CONTROL))).clicked() {
            actions.extend(Command::OpenDemo.action(&Subject::selected(state)));
        }
        ui.add_space(SPACE_S);
        ui.label(text::rich("or drop a folder here", metrics::small(), palette.text_third));
        if !state.settings.recent.is_empty() {
            ui.add_space(SPACE_XL);
            ui.label(text::rich("Recent", metrics::small(), palette.text_third));
            for recent in &state.settings.recent {
                let words = text::rich(&recent.display().to_string(), metrics::body(), palette.text_second);
                let entry = Button::new(words).frame_when_inactive(false).truncate();
                let width = LIST.min(ui.available_width());
                let response = ui.scope(|ui| {
                    ui.set_max_width(width);
                    ui.add(entry)
                });
                if response.inner.on_hover_text(recent.display().to_string()).clicked() {
                    actions.push(Action::Open(WorkspaceSource::Folder(recent.clone())));
                }
            }
        }
        if !findings.is_empty() {
            unread(ui, findings);
        }
    });
}

/// The program's purpose, or why the workspace is not shown and what helps.
fn words(state: &AppState) -> (String, String) {
    let Some(session) = state.session.as_ref().filter(|_| !state.work.is_active()) else {
        let sentence = "Plan the layers of your Python images, and see what each deploy pulls";
        return ("Layerwright".to_owned(), sentence.to_owned());
    };
    if let Some((label, problem)) = &session.app_problem {
        return (format!("{label} can't be shown"), problem.clone());
    }
    let name = session.workspace.root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if session.workspace.apps.is_empty() {
        let sentence = "An app is a call of a macro such as `release_app` that names a `py_binary`. Type the label of any \
                        `py_binary` into the field above to plan for it all the same, or open another workspace.";
        return (format!("No apps in {name}"), sentence.to_owned());
    }
    (format!("Choose an app in {name}"), "Search by any part of its label in the field above.".to_owned())
}

fn unread(ui: &mut Ui, findings: &[ReadFinding]) {
    let palette = theme::palette(ui);
    ui.add_space(SPACE_XL);
    let title = match findings.len() {
        1 => "1 file couldn't be read completely".to_owned(),
        count => format!("{count} places couldn't be read completely"),
    };
    ui.label(text::rich(&title, metrics::strong(), palette.text));
    ui.add_space(SPACE_S);
    let width = LIST.min(ui.available_width() - SPACE_XL);
    let size = vec2(width, (ui.available_height() - SPACE_M).max(0.0));
    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical().auto_shrink([false, true]).show(ui, |ui| {
            for finding in findings {
                let path = finding.path.display();
                let place = finding.line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"));
                let message = format!("{place}: {}", finding.message);
                ui.add(Label::new(text::rich(&message, metrics::body(), palette.text_second)).wrap());
                ui.add_space(SPACE_S);
            }
        });
    });
}
