//! Targets to move something to without dragging, as menu entries and as a list.

use egui::{Button, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::drop::{DropTarget, Payload, drop_outcome};
use crate::label::Label;
use crate::layers::operations::Operation;
use crate::ui::commands::{Command, Subject, entry};
use crate::ui::drag::describe;
use crate::ui::selection;

#[derive(Debug)]
pub(crate) struct Move {
    /// Such as `pip_deps` or `a new layer on top`.
    pub name: String,
    /// The reason if it is not possible.
    pub outcome: Result<Operation, String>,
}

/// From the top of the image down: the layers, and new ones above and below the groups.
#[must_use]
pub(crate) fn places(design: &Design, payload: &Payload) -> Vec<Move> {
    let layers = design.shown().partition.layers.iter().rev();
    let mut places: Vec<(String, DropTarget)> =
        layers.map(|layer| (layer.name.clone(), DropTarget::Layer(layer.kind))).collect();
    let groups = design.plan.present().groups.len();
    places.push(("a new layer on top".to_owned(), DropTarget::Gap(groups)));
    if groups > 0 {
        places.push(("a new layer at the bottom".to_owned(), DropTarget::Gap(0)));
    }
    let outcome =
        |(name, place)| Move { name, outcome: drop_outcome(design, payload, place).map(|drop| drop.operation) };
    places.into_iter().map(outcome).collect()
}

/// A disabled entry explains itself on hover.
pub(crate) fn entries(ui: &mut Ui, design: &Design, payload: &Payload, actions: &mut Vec<Action>) {
    for Move { name, outcome } in places(design, payload) {
        let text = format!("Move to {name}");
        match outcome {
            Ok(operation) => {
                if ui.button(&text).on_hover_text(describe(&operation, design)).clicked() {
                    actions.push(Action::Edit(operation));
                }
            }
            Err(reason) => {
                ui.add_enabled(false, Button::new(&text)).on_disabled_hover_text(reason);
            }
        }
    }
}

/// The menu of a list's row. `shown` receives a label to show in the graph.
pub(crate) fn of_row(
    ui: &mut Ui,
    state: &AppState,
    design: &Design,
    label: &Label,
    shown: &mut Option<Label>,
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(220.0);
    if ui.button("Show in graph").clicked() {
        *shown = Some(label.clone());
    }
    let of = Subject::target(state, label);
    entry(ui, &of, Command::Why, actions);
    entry(ui, &of, Command::Neighbourhood, actions);
    ui.separator();
    let labels = selection::dragged_with(state, label);
    entries(ui, design, &Payload::Targets(labels), actions);
    ui.separator();
    if ui.button("Copy label").clicked() {
        ui.ctx().copy_text(label.to_string());
    }
}
