//! Menus of nodes and of the background: everything that dragging can do.

use egui::{Button, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::drop::Payload;
use crate::app::state::view::Look;
use crate::engine::change::dependency_changes::{DependencyChange, is_python, removable};
use crate::graph::build::target;
use crate::graph::view::walk::Way;
use crate::label::Label;
use crate::ui::canvas::memory::{CanvasMemory, CanvasRequest};
use crate::ui::canvas::scene::Scene;
use crate::ui::commands::{Command, Subject, entry};
use crate::ui::moves;

pub(crate) fn show(
    ui: &mut Ui,
    state: &AppState,
    design: &Design,
    memory: &mut CanvasMemory,
    actions: &mut Vec<Action>,
) {
    let at = memory.menu_for.as_deref().and_then(|key| memory.scene.as_ref()?.view.find(key));
    match (at, &memory.scene) {
        (Some(at), Some(scene)) => of_node(ui, state, design, scene, at, actions),
        _ => of_background(ui, state, memory, actions),
    }
}

fn of_background(ui: &mut Ui, state: &AppState, memory: &mut CanvasMemory, actions: &mut Vec<Action>) {
    if ui.button(Command::FitGraph.name()).clicked() {
        memory.request(CanvasRequest::Fit);
    }
    let of = Subject::selected(state);
    entry(ui, &of, Command::CollapseAll, actions);
    entry(ui, &of, Command::ToggleFiles, actions);
    if state.view.focus.is_some() {
        entry(ui, &of, Command::ShowAll, actions);
    }
}

fn of_node(ui: &mut Ui, state: &AppState, design: &Design, scene: &Scene, at: usize, actions: &mut Vec<Action>) {
    let (Some(node), Some(figures)) = (scene.view.nodes.get(at), scene.figures.get(at)) else { return };
    if node.kind.is_group() && ui.button(format!("Expand {}", node.title)).clicked() {
        actions.push(Action::Look(Look::ToggleGroup(node.key.clone())));
    }
    if let Some(group) = &node.group
        && ui.button(format!("Collapse {group}")).clicked()
    {
        actions.push(Action::Look(Look::ToggleGroup(group.clone())));
    }
    if let Some(label) = &node.label {
        let of = Subject::target(state, label);
        let is_focus = state.view.focus.as_ref() == Some(label);
        entry(ui, &of, if is_focus { Command::ShowAll } else { Command::Neighbourhood }, actions);
        if !figures.labels.is_empty() {
            entry(ui, &of, Command::Why, actions);
        }
    }
    for (text, way) in [("Select dependencies", Way::Dependencies), ("Select dependents", Way::Dependents)] {
        let labels = reached(scene, at, way);
        if ui.add_enabled(!labels.is_empty(), Button::new(text)).clicked() {
            actions.push(Action::Look(Look::SelectAll(labels)));
        }
    }
    if let Some(label) = &node.label {
        dependencies(ui, state, design, label, actions);
    }
    ui.separator();
    let selection = &state.view.selection;
    let is_selected = !figures.labels.is_empty() && figures.labels.iter().all(|label| selection.contains(label));
    let labels = if is_selected { selection.iter().cloned().collect() } else { figures.labels.clone() };
    moves::entries(ui, design, &Payload::Targets(labels), actions);
    ui.separator();
    if ui.button("Copy label").clicked() {
        ui.ctx().copy_text(node.label.as_ref().map_or_else(|| node.key.clone(), ToString::to_string));
    }
}

/// Adding and removing deps of a Python target.
fn dependencies(ui: &mut Ui, state: &AppState, design: &Design, home: &Label, actions: &mut Vec<Action>) {
    let Some(session) = &state.session else { return };
    if !target(&session.workspace, home).is_some_and(|target| is_python(&target.kind)) {
        return;
    }
    ui.separator();
    entry(ui, &Subject::target(state, home), Command::AddDependency, actions);
    let present = removable(&session.workspace, design.plan.changes(), home);
    if present.is_empty() {
        ui.add_enabled(false, Button::new("Remove dependency"))
            .on_disabled_hover_text("It has no unconditional dependency");
        return;
    }
    ui.menu_button("Remove dependency", |ui| {
        ui.set_min_width(240.0);
        egui::ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            for dependency in present {
                if ui.button(dependency.to_string()).clicked() {
                    let change = DependencyChange { target: home.clone(), dependency, is_added: false };
                    actions.push(Action::ChangeDependency(change));
                    ui.close();
                }
            }
        });
    });
}

/// Everything reachable in one direction, without the start.
fn reached(scene: &Scene, at: usize, way: Way) -> Vec<Label> {
    let distances = scene.neighbours.distances(at, way);
    let is_reached = |&(node, distance): &(usize, &Option<usize>)| node != at && distance.is_some();
    let nodes = distances.iter().enumerate().filter(is_reached);
    nodes.filter_map(|(node, _)| scene.figures.get(node)).flat_map(|figures| figures.labels.iter().cloned()).collect()
}
