//! The packages whose sizes rest on little, with the click that fetches them, its progress, and what went wrong.

use egui::{Align, Label, Layout, Role, Ui, WidgetInfo, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::dialogs::Dialog;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{ROW, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::text;

/// Draws the offer; nothing where the sizes of all packages are listed or known better.
pub(super) fn show(ui: &mut Ui, state: &AppState, design: &Design, actions: &mut Vec<Action>) {
    let packages = &design.model.unsized_packages;
    let Some(words) = packages.words() else { return };
    // Those of folders and URLs are in no index.
    if packages.indexes.is_empty() && packages.typical == 0 {
        return;
    }
    let palette = theme::palette(ui);
    let fetching = state.sizing.get().filter(|_| state.sizes_asked == SizeSource::Index);
    let second = match (&state.fetch_problem, fetching) {
        (Some(problem), None) => (problem.clone(), palette.bad),
        _ => (sends(packages.count(), &packages.indexes), palette.text_second),
    };
    let frame = egui::Frame::new().fill(palette.raised).corner_radius(metrics::RADIUS_S).inner_margin(SPACE_S);
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(SPACE_XS, 2.0);
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                match fetching {
                    Some(_) if ui.button("Stop").on_hover_text("Keeps the estimates").clicked() => {
                        actions.push(Action::StopSizing);
                    }
                    Some(_) => drop(ui.spinner()),
                    None => {
                        let name = "When sizes are fetched";
                        if button::sized_icon(ui, Icon::More, name, &Enabled::Yes, ROW).clicked() {
                            actions.push(Action::ShowDialog(Dialog::Sizes(SizeSource::Index)));
                        }
                        let word = if state.fetch_problem.is_some() { "Retry" } else { "Fetch sizes" };
                        if ui.button(word).on_hover_text(&second.0).clicked() {
                            actions.push(Action::FindSizes(SizeSource::Index));
                        }
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let words = match fetching.map(|work| &work.progress).filter(|progress| progress.total > 0) {
                        Some(progress) => format!("{} of {}: {}", progress.done, progress.total, progress.message),
                        None => words,
                    };
                    let label = Label::new(text::rich(&words, metrics::small_strong(), palette.text)).truncate();
                    let response = ui.add(label);
                    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
                });
            });
        });
        let words = text::rich(&second.0, metrics::small(), second.1);
        ui.add(Label::new(words).truncate()).on_hover_text(&second.0);
    });
    ui.add_space(SPACE_S);
}

/// Who is told what.
pub(crate) fn sends(packages: usize, indexes: &[String]) -> String {
    let names = if packages == 1 { "1 package name".to_owned() } else { format!("{packages} package names") };
    let to = if indexes.is_empty() { "the package index".to_owned() } else { indexes.join(", ") };
    format!("Sends {names} to {to}; receives file sizes")
}
