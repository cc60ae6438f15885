//! The strata from the app down to the base image, with gaps as drop targets.

use egui::{Rect, Sense, Ui, pos2, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::drop::{DropTarget, Payload};
use crate::app::state::view::Look;
use crate::engine::reports::units::Units;
use crate::label::Label;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::layers::plan::LayerId;
use crate::picture::scale::{HeightRequest, heights};
use crate::ui::drag::{self, DragMemory, Sources};
use crate::ui::selection;
use crate::ui::stack::geometry;
use crate::ui::stack::memory::StackMemory;
use crate::ui::stack::rows::{self, Row};
use crate::ui::stack::view::View;
use crate::ui::stack::{marks, stratum, what_if};
use crate::ui::theme::metrics::{GAP_REACH, ROW, SPACE_M, SPACE_S, STRATUM, STRATUM_EMPTY, STRATUM_GAP, STRATUM_THIN};

/// Distance from the edge at which a drag scrolls, and speed per frame.
const SCROLL_EDGE: f32 = 28.0;
const SCROLL_STEP: f32 = 8.0;

pub(super) enum Stratum<'a> {
    Layer {
        contents: &'a LayerContents,
        /// Empty while closed.
        rows: Vec<Row<'a>>,
    },
    /// A layer without counted size.
    Thin(LayerKind, &'a str),
    /// The place for the first group.
    NoGroups,
}

enum Part {
    Layer(LayerId),
    Unit(Label),
}

pub(super) fn show(
    ui: &mut Ui,
    state: &AppState,
    design: &Design,
    units: &Units,
    memory: &mut StackMemory,
    drag_memory: &mut DragMemory,
    actions: &mut Vec<Action>,
) {
    let strata = strata(design, memory, units);
    let viewport = ui.clip_rect();
    let width = ui.available_width() - 2.0 * SPACE_M;
    let requests: Vec<HeightRequest> = strata.iter().map(|stratum| height_request(design, stratum)).collect();
    let gaps = STRATUM_GAP * strata.len().saturating_sub(1) as f32;
    let heights = heights(&requests, viewport.height() - memory.above - gaps - SPACE_S);
    let total = heights.iter().sum::<f32>() + gaps;
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), total + SPACE_S), Sense::hover());
    let area = Rect::from_min_size(area.min + vec2(SPACE_M, 0.0), vec2(width, total));
    let rects = geometry::rects(&heights, area, STRATUM_GAP);
    let largest = design.evaluation.numbers.layers.iter().map(|layer| layer.size.compressed_bytes.0).max().unwrap_or(0);

    let mut sources = Sources::default();
    let mut selected_row = None;
    for (stratum, &rect) in strata.iter().zip(&rects) {
        match stratum {
            Stratum::Layer { contents, rows } => {
                drag_memory.register(ui, rect, DropTarget::Layer(contents.kind));
                let header = if rows.is_empty() { rect } else { rect.with_max_y(rect.top() + STRATUM) };
                let view = View { state, design, contents, units: units.rows_of(contents.kind), rect, header, largest };
                let response = stratum::show(ui, &view, memory, actions);
                if let (LayerKind::Dependency(id), Some(response)) = (contents.kind, response) {
                    sources.add(ui, &response, Part::Layer(id));
                }
                let list = Rect::from_min_max(pos2(rect.left(), header.bottom()), rect.max);
                let clicked =
                    rows::show(ui, state, design, contents, rows, list, memory, actions, |ui, response, label| {
                        sources.add(ui, response, Part::Unit(label.clone()));
                    });
                selected_row = clicked.or(selected_row);
            }
            Stratum::Thin(kind, name) => {
                drag_memory.register(ui, rect, DropTarget::Layer(*kind));
                stratum::show_thin(ui, *kind, name, rect);
            }
            Stratum::NoGroups => marks::empty(ui, rect, drag_memory.hovered()),
        }
    }
    if let Some(label) = selected_row {
        let modifiers = ui.input(|input| input.modifiers);
        let labels = strata.iter().flat_map(stratum_labels);
        actions.push(Action::Look(selection::click(modifiers, &label, labels, &mut memory.anchor)));
    }
    gaps_between(ui, design, &strata, &rects, drag_memory);
    start_drag(ui, state, design, sources, actions);
    scroll_while_dragging(ui, viewport);
}

/// Topmost first.
fn strata<'a>(design: &'a Design, memory: &StackMemory, units: &'a Units) -> Vec<Stratum<'a>> {
    let partition = &design.evaluation.partition;
    let mut strata = Vec::with_capacity(partition.layers.len() + 3);
    let groups_at = design.model.layouts.planned.groups_at.min(partition.layers.len());
    let has_groups = !design.plan.present().groups.is_empty();
    for (place, contents) in partition.layers.iter().enumerate().rev() {
        strata.push(match contents.kind {
            LayerKind::Other(_) => Stratum::Thin(contents.kind, &contents.name),
            kind => Stratum::Layer { contents, rows: rows::rows(kind, memory, units) },
        });
        let is_above_groups = place == groups_at || (place == 0 && groups_at > 0 && partition.layers.len() == 1);
        if is_above_groups && !has_groups {
            strata.push(Stratum::NoGroups);
        }
    }
    strata.push(Stratum::Thin(LayerKind::Certificates, "CA certificates"));
    strata.push(Stratum::Thin(LayerKind::Base, "Base image"));
    strata
}

fn height_request(design: &Design, stratum: &Stratum<'_>) -> HeightRequest {
    match stratum {
        Stratum::Layer { contents, rows } if rows.is_empty() => HeightRequest {
            least: STRATUM,
            bytes: what_if::figures(design, contents.kind).map_or(0, |figures| figures.before.size.compressed_bytes.0),
        },
        // An open layer is as high as its list.
        Stratum::Layer { rows, .. } => HeightRequest { least: STRATUM + rows.len() as f32 * ROW + SPACE_S, bytes: 0 },
        Stratum::Thin(..) => HeightRequest { least: STRATUM_THIN, bytes: 0 },
        Stratum::NoGroups => HeightRequest { least: STRATUM_EMPTY, bytes: 0 },
    }
}

/// In display order.
fn stratum_labels<'a>(stratum: &'a Stratum<'_>) -> impl Iterator<Item = &'a Label> + Clone {
    let rows = match stratum {
        Stratum::Layer { rows, .. } => rows.as_slice(),
        Stratum::Thin(..) | Stratum::NoGroups => &[],
    };
    rows.iter().filter_map(Row::selectable)
}

/// Registers and marks the gaps around the groups.
fn gaps_between(ui: &Ui, design: &Design, strata: &[Stratum<'_>], rects: &[Rect], drag_memory: &mut DragMemory) {
    let count = design.plan.present().groups.len();
    let is_dragging = drag::is_dragging(ui.ctx());
    // The app is on top, so the first rectangle's lower edge is the gap above all groups.
    let below_group = |index: usize| {
        strata.iter().zip(rects).find_map(|(stratum, rect)| match stratum {
            Stratum::Layer { contents, .. } if contents.kind == group_kind(design, index)? => Some(*rect),
            _ => None,
        })
    };
    for gap in 0..=count {
        let middle = if count == 0 {
            let place = strata.iter().zip(rects).find(|(stratum, _)| matches!(stratum, Stratum::NoGroups));
            if let Some((_, rect)) = place {
                drag_memory.register(ui, *rect, DropTarget::Gap(0));
                marks::gap(ui, rect.center().y, *rect, is_dragging, drag_memory.hovered(), design, 0);
            }
            continue;
        } else if gap == count {
            below_group(count - 1).map(|rect| (rect.top() - STRATUM_GAP / 2.0, rect))
        } else {
            below_group(gap).map(|rect| (rect.bottom() + STRATUM_GAP / 2.0, rect))
        };
        let Some((y, rect)) = middle else { continue };
        let reach = Rect::from_min_max(pos2(rect.left(), y - GAP_REACH), pos2(rect.right(), y + GAP_REACH));
        drag_memory.register(ui, reach, DropTarget::Gap(gap));
        marks::gap(ui, y, rect, is_dragging, drag_memory.hovered(), design, gap);
    }
}

fn group_kind(design: &Design, index: usize) -> Option<LayerKind> {
    design.plan.present().groups.get(index).map(|group| LayerKind::Dependency(group.id))
}

fn start_drag(ui: &Ui, state: &AppState, design: &Design, sources: Sources<Part>, actions: &mut Vec<Action>) {
    match sources.started(ui) {
        Some(Part::Layer(id)) => {
            let name = design.plan.present().group(id).map_or_else(String::new, |group| group.name.clone());
            drag::begin(ui.ctx(), Payload::Layer(id), format!("Layer {name}"));
            // For the keyboard.
            actions.push(Action::Look(Look::SelectLayer(Some(id))));
        }
        Some(Part::Unit(label)) => {
            let labels = selection::dragged_with(state, &label);
            let title = drag::title_of(&labels);
            drag::begin(ui.ctx(), Payload::Targets(labels), title);
        }
        None => {}
    }
}

fn scroll_while_dragging(ui: &Ui, viewport: Rect) {
    let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else { return };
    if !drag::is_dragging(ui.ctx()) || !viewport.contains(pointer) {
        return;
    }
    let step = if pointer.y < viewport.top() + SCROLL_EDGE {
        SCROLL_STEP
    } else if pointer.y > viewport.bottom() - SCROLL_EDGE {
        -SCROLL_STEP
    } else {
        return;
    };
    ui.scroll_with_delta_animation(vec2(0.0, step), egui::style::ScrollAnimation::none());
    ui.ctx().request_repaint();
}
