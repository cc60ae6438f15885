//! The bar above the canvas. Without enough room, the menu "Show" has the rest.

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::view::ColourBy;
use crate::app::state::view::Look;
use crate::graph::view::NodeFilter;
use crate::ui::canvas::memory::{CanvasMemory, CanvasRequest, Hops};
use crate::ui::commands::{Command, Subject, entry};
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::segments::{self, Segment};
use crate::ui::widgets::{button, header, text};

/// Larger neighbourhoods are the whole graph.
const MOST_HOPS: usize = 4;

/// Width with colours.
const WITH_COLOURS: f32 = 400.0;
/// Width with the neighbourhood's size as well.
const WITH_HOPS: f32 = 680.0;

pub(crate) fn show(ui: &mut Ui, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>) {
    let width = ui.available_width();
    let has_focus = state.view.focus.is_some();
    header::show(ui, "Graph", |ui| {
        button::quieten(ui);
        if ui.button("Fit").on_hover_text(Command::FitGraph.help()).clicked() {
            memory.request(CanvasRequest::Fit);
        }
        let title = if state.view.hidden.is_empty() { "Show" } else { "Show (filtered)" };
        ui.menu_button(title, |ui| menu(ui, state, memory, actions)).response.on_hover_text("What the graph shows");
        if width >= WITH_COLOURS && (!has_focus || width >= WITH_HOPS) {
            ui.add_space(SPACE_XS);
            colours(ui, state, actions);
        }
        if has_focus {
            ui.add_space(SPACE_S);
            focus(ui, state, memory, width >= WITH_HOPS, actions);
        }
    });
}

const COLOURS: [(ColourBy, &str, &str); 3] = [
    (ColourBy::Layer, "Layer", "Colour by the layer that holds it"),
    (ColourBy::Churn, "Churn", "Colour by how often it changes"),
    (ColourBy::Size, "Size", "Colour by share of the image's bytes"),
];

/// Everything, whatever the bar has room for.
fn menu(ui: &mut Ui, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.set_min_width(200.0);
    let caption = |ui: &mut Ui, words: &str| ui.label(text::rich(words, metrics::small(), palette.text_third));
    caption(ui, "Colour by");
    for (colour_by, name, what) in COLOURS {
        if ui.radio(state.view.colour_by == colour_by, name).on_hover_text(what).clicked() {
            actions.push(Action::Look(Look::ColourBy(colour_by)));
        }
    }
    if state.view.focus.is_some() {
        ui.separator();
        caption(ui, "Neighbourhood");
        for hops in 1..=MOST_HOPS {
            if ui.radio(memory.hops == Hops(hops), far(hops)).clicked() {
                memory.hops = Hops(hops);
            }
        }
    }
    ui.separator();
    caption(ui, "Nodes");
    for kind in NodeFilter::ALL {
        let mut is_shown = !state.view.hidden.contains(&kind);
        if ui.checkbox(&mut is_shown, kind.name()).changed() {
            actions.push(Action::Look(Look::Hide(kind, !is_shown)));
        }
    }
    let mut files = state.view.show_files;
    if ui.checkbox(&mut files, "Files").on_hover_text("Shows source files as nodes").changed() {
        actions.extend(Command::ToggleFiles.action(&Subject::selected(state)));
    }
    ui.separator();
    entry(ui, &Subject::selected(state), Command::CollapseAll, actions);
}

fn far(hops: usize) -> String {
    if hops == 1 { "1 step".to_owned() } else { format!("{hops} steps") }
}

fn colours(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let segments = COLOURS.map(|(choice, word, hint)| Segment { choice, word, hint });
    let made = segments::show(ui, "colour by", state.view.colour_by, &segments);
    actions.extend(made.map(|colour_by| Action::Look(Look::ColourBy(colour_by))));
    ui.label(text::rich("Colour by", metrics::small(), palette.text_third));
}

fn focus(ui: &mut Ui, state: &AppState, memory: &mut CanvasMemory, has_room: bool, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    if ui.button("Show all").on_hover_text(Command::ShowAll.help()).clicked() {
        actions.extend(Command::ShowAll.action(&Subject::selected(state)));
    }
    if !has_room {
        return;
    }
    let words: Vec<(usize, String, String)> = (1..=MOST_HOPS).map(|hops| (hops, hops.to_string(), far(hops))).collect();
    let segments: Vec<Segment<'_, usize>> =
        words.iter().map(|(choice, word, hint)| Segment { choice: *choice, word, hint }).collect();
    if let Some(hops) = segments::show(ui, "neighbourhood", memory.hops.0, &segments) {
        memory.hops = Hops(hops);
    }
    ui.label(text::rich("Neighbourhood", metrics::small(), palette.text_third));
}
