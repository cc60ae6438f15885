//! The bar above the canvas: what is shown and what the colours stand for.

use egui::Ui;

use crate::app::action::{Action, Look};
use crate::app::state::{AppState, ColourBy};
use crate::ui::canvas::memory::{CanvasMemory, Hops, Wish};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{header, text};

/// Neighbourhoods reach at most this far; further out they are the whole graph.
const MOST_HOPS: usize = 4;

/// Below this width only what has no other way stays in the bar.
const NARROW: f32 = 520.0;

/// Shows the bar.
pub fn show(ui: &mut Ui, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>) {
    let is_narrow = ui.available_width() < NARROW;
    let has_focus = state.view.focus.is_some();
    header::show(ui, "Graph", |ui| {
        if ui.button("Fit").on_hover_text("Show everything at once (F)").clicked() {
            memory.wish(Wish::Fit);
        }
        let mut files = state.view.show_files;
        if ui.toggle_value(&mut files, "Files").on_hover_text("Show files as nodes of their own").changed() {
            actions.push(Action::Look(Look::ShowFiles(files)));
        }
        let closes = !state.view.expanded.is_empty();
        // Where there is no room, the menu of the background still has it.
        if !is_narrow
            && !has_focus
            && ui.add_enabled(closes, egui::Button::new("Close all")).on_hover_text("Close every open group").clicked()
        {
            actions.push(Action::Look(Look::CloseAllGroups));
        }
        colours(ui, state, is_narrow, actions);
        if has_focus {
            focus(ui, memory, is_narrow, actions);
        }
    });
}

fn colours(ui: &mut Ui, state: &AppState, is_narrow: bool, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    // The header is laid out from the right.
    for (colour_by, name, what) in [
        (ColourBy::Size, "Size", "Colour by share of the image's bytes"),
        (ColourBy::Churn, "Churn", "Colour by how often it changes"),
        (ColourBy::Layer, "Layer", "Colour by the layer that holds it"),
    ] {
        let is_chosen = state.view.colour_by == colour_by;
        if ui.selectable_label(is_chosen, name).on_hover_text(what).clicked() {
            actions.push(Action::Look(Look::ColourBy(colour_by)));
        }
    }
    if !is_narrow {
        ui.label(text::rich("Colour", metrics::small(), palette.text_third));
    }
}

fn focus(ui: &mut Ui, memory: &mut CanvasMemory, is_narrow: bool, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    if ui.button("Show all").on_hover_text("Leave the neighbourhood").clicked() {
        actions.push(Action::Look(Look::Focus(None)));
    }
    if is_narrow {
        return;
    }
    for hops in (1..=MOST_HOPS).rev() {
        let what = if hops == 1 { "One edge far".to_owned() } else { format!("{hops} edges far") };
        if ui.selectable_label(memory.hops == Hops(hops), hops.to_string()).on_hover_text(what).clicked() {
            memory.hops = Hops(hops);
        }
    }
    ui.label(text::rich("Neighbourhood", metrics::small(), palette.text_third));
}
