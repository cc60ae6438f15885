//! Drag and drop for the list, the graph and the image column. A view begins a drag with a [`Payload`] and a title;
//! drop targets are registered each frame; at the end of the frame [`DragMemory::finish`] asks `drop_outcome` about the
//! one under the pointer, shows the answer, and makes actions. The payload is in egui's own slot, which Escape empties.

use std::sync::Arc;

use egui::{Align2, Area, Context, DragAndDrop, Frame, Id, Margin, Order, Pos2, Rect, Response, Stroke, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::drop::{DropTarget, Payload, PlannedDrop, drop_outcome};
use crate::engine::app_model::AppModel;
use crate::layers::operations::Operation;
use crate::layers::partition::Partition;
use crate::layers::plan::LayerId;
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{HAIRLINE, RADIUS_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// So that neither pointer nor note covers what is under it.
const NOTE_OFFSET: egui::Vec2 = vec2(16.0, 18.0);
/// Farther than a hand trembles.
const THROW: f32 = 8.0;
const NOTE_WIDTH: f32 = 300.0;

#[derive(Clone, Debug)]
struct Dragged {
    payload: Payload,
    title: String,
}

/// `title` describes it, such as `fastapi` or `3 targets`.
pub(crate) fn begin(context: &Context, payload: Payload, title: String) {
    DragAndDrop::set_payload(context, Dragged { payload, title });
}

#[must_use]
pub(crate) fn dragged(context: &Context) -> Option<Payload> {
    DragAndDrop::payload::<Dragged>(context).map(|dragged| dragged.payload.clone())
}

#[must_use]
pub(crate) fn is_dragging(context: &Context) -> bool {
    DragAndDrop::has_payload_of_type::<Dragged>(context)
}

#[must_use]
pub(crate) fn title_of(labels: &[crate::label::Label]) -> String {
    match labels {
        [only] => only.to_string(),
        several => format!("{} targets and packages", several.len()),
    }
}

/// Draggable parts of a view in this frame. Looked up by the place of the press: on a slow frame the pointer has left
/// the pressed part, and egui uses the latest position.
#[derive(Debug)]
pub(crate) struct Sources<T> {
    parts: Vec<(Rect, T)>,
    has_started: bool,
}

impl<T> Default for Sources<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), has_started: false }
    }
}

impl<T> Sources<T> {
    /// Later parts lie on top.
    pub(crate) fn add(&mut self, ui: &Ui, response: &Response, part: T) {
        self.has_started |= response.drag_started();
        self.parts.push((response.rect.intersect(ui.clip_rect()), part));
    }

    #[must_use]
    pub(crate) fn started(self, ui: &Ui) -> Option<T> {
        if !self.has_started && !is_thrown(ui) {
            return None;
        }
        let origin = ui.input(|input| input.pointer.press_origin())?;
        self.parts.into_iter().rev().find(|(rect, _)| rect.contains(origin)).map(|(_, part)| part)
    }
}

/// Returns `true` for a drag that starts and ends within one frame. egui assigns the press to whatever is under the
/// pointer now, so the view at the place of the press must take the drag.
#[must_use]
pub(crate) fn is_thrown(ui: &Ui) -> bool {
    let thrown = ui.input(|input| {
        let pointer = &input.pointer;
        let (from, to) = (pointer.press_origin()?, pointer.latest_pos()?);
        (pointer.primary_pressed() && pointer.primary_down() && from.distance(to) > THROW).then_some(from)
    });
    thrown.is_some_and(|from| ui.ctx().layer_id_at(from) == Some(ui.layer_id()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hovered {
    pub place: DropTarget,
    pub accepts: bool,
}

#[derive(Debug, Default)]
pub struct DragMemory {
    places: Vec<(Rect, DropTarget)>,
    hovered: Option<Hovered>,
    is_previewing: bool,
    asked: Option<Asked>,
}

/// The answer for a drop target, kept while the pointer rests.
#[derive(Debug)]
struct Asked {
    dragged: Arc<Dragged>,
    place: DropTarget,
    /// Another app or plan has another answer.
    model: Arc<AppModel>,
    partition: Arc<Partition>,
    outcome: Result<PlannedDrop, String>,
}

impl Asked {
    fn is_of(&self, dragged: &Arc<Dragged>, place: DropTarget, design: &Design) -> bool {
        Arc::ptr_eq(&self.dragged, dragged)
            && self.place == place
            && Arc::ptr_eq(&self.model, &design.model)
            && Arc::ptr_eq(&self.partition, &design.evaluation.partition)
    }
}

impl DragMemory {
    /// Later targets lie on top.
    pub(crate) fn register(&mut self, ui: &Ui, rect: Rect, place: DropTarget) {
        self.places.push((rect.intersect(ui.clip_rect()), place));
    }

    /// As of the end of the last frame.
    #[must_use]
    pub(crate) fn hovered(&self) -> Option<Hovered> {
        self.hovered
    }

    /// To be called once, after all views.
    pub(crate) fn finish(&mut self, ui: &Ui, state: &AppState, actions: &mut Vec<Action>) {
        let places = std::mem::take(&mut self.places);
        self.hovered = None;
        let design = state.session.as_ref().and_then(|session| session.design.as_ref());
        let (Some(dragged), Some(design)) = (DragAndDrop::payload::<Dragged>(ui.ctx()), design) else {
            self.asked = None;
            // The drag ended without a drop, such as by Escape.
            if std::mem::take(&mut self.is_previewing) {
                actions.push(Action::Preview(None));
            }
            return;
        };
        let pointer = ui.input(|input| input.pointer.latest_pos());
        let place = pointer.and_then(|position| place_at(&places, position));
        let outcome = place.map(|place| self.outcome(&dragged, place, design));
        self.hovered = place.map(|place| Hovered { place, accepts: matches!(outcome, Some(Ok(_))) });
        if ui.input(|input| input.pointer.any_released()) {
            DragAndDrop::clear_payload(ui.ctx());
            self.hovered = None;
            self.is_previewing = false;
            actions.push(match outcome {
                Some(Ok(drop)) => Action::Edit(drop.operation),
                Some(Err(_)) | None => Action::Preview(None),
            });
            return;
        }
        if let Some(position) = pointer {
            note(ui.ctx(), position, &dragged, design, outcome.as_ref());
        }
        let drop = outcome.and_then(Result::ok);
        self.is_previewing = true;
        let operation = drop.as_ref().map(|drop| &drop.operation);
        if design.preview.as_ref().map(|preview| &preview.operation) != operation {
            actions.push(Action::Preview(drop));
        }
    }

    fn outcome(&mut self, dragged: &Arc<Dragged>, place: DropTarget, design: &Design) -> Result<PlannedDrop, String> {
        if let Some(asked) = self.asked.as_ref().filter(|asked| asked.is_of(dragged, place, design)) {
            return asked.outcome.clone();
        }
        let outcome = drop_outcome(design, &dragged.payload, place);
        self.asked = Some(Asked {
            dragged: Arc::clone(dragged),
            place,
            model: Arc::clone(&design.model),
            partition: Arc::clone(&design.evaluation.partition),
            outcome: outcome.clone(),
        });
        outcome
    }
}

fn place_at(places: &[(Rect, DropTarget)], position: Pos2) -> Option<DropTarget> {
    places.iter().rev().find(|(rect, _)| rect.contains(position)).map(|&(_, place)| place)
}

/// What is dragged, and what dropping it does or why it is refused.
fn note(
    context: &Context,
    pointer: Pos2,
    dragged: &Dragged,
    design: &Design,
    outcome: Option<&Result<PlannedDrop, String>>,
) {
    let position = pointer + NOTE_OFFSET;
    Area::new(Id::unique("drag note"))
        .order(Order::Tooltip)
        .interactable(false)
        .pivot(Align2::LEFT_TOP)
        .fixed_pos(position)
        .constrain(true)
        .show(context, |ui| {
            let palette = theme::palette(ui);
            let (icon, colour, words) = match outcome {
                Some(Ok(drop)) => (Icon::Ok, palette.good, describe(&drop.operation, design)),
                Some(Err(reason)) => (Icon::Error, palette.bad, reason.clone()),
                None => (Icon::Handle, palette.text_second, "Drop on a layer, or between two".to_owned()),
            };
            Frame::popup(ui.style())
                .stroke(Stroke::new(HAIRLINE, colour))
                .corner_radius(RADIUS_M)
                .inner_margin(Margin::symmetric(SPACE_S as i8, SPACE_XS as i8 + 2))
                .show(ui, |ui| {
                    ui.set_max_width(NOTE_WIDTH);
                    ui.spacing_mut().item_spacing = vec2(SPACE_XS + 2.0, 2.0);
                    ui.add(egui::Label::new(text::rich(&dragged.title, metrics::strong(), palette.text)).truncate());
                    ui.horizontal_top(|ui| {
                        text::icon(ui, icon, colour);
                        ui.add(egui::Label::new(text::rich(&words, metrics::body(), palette.text_second)).wrap());
                    });
                });
        });
}

#[must_use]
pub(crate) fn describe(operation: &Operation, design: &Design) -> String {
    let name = |layer: LayerId| design.plan.present().group(layer).map_or("", |group| group.name.as_str()).to_owned();
    match operation {
        Operation::AddGroup { name: wanted, position, .. } => {
            let name = design.plan.present().free_name(wanted);
            new_layer(design, &name, *position)
        }
        Operation::Rename { name: new, .. } => format!("Rename to {new}"),
        Operation::Remove { layer } => format!("Remove {}", name(*layer)),
        Operation::Reorder { position, .. } => {
            format!("Move to position {} of {} from the bottom", position + 1, design.plan.present().groups.len())
        }
        Operation::Assign { layer, .. } => format!("Move to {}", name(*layer)),
        Operation::Unassign { .. } => "Remove from its layer, into the app layer".to_owned(),
        Operation::Split { layer, name: new, .. } => format!("Split {} off {}", new, name(*layer)),
        Operation::Merge { into, from } => format!("Merge {} into {}", name(*from), name(*into)),
    }
}

fn new_layer(design: &Design, name: &str, position: usize) -> String {
    let groups = &design.plan.present().groups;
    match position.checked_sub(1).map(|below| groups.get(below)) {
        Some(Some(below)) => format!("New layer {name} above {}", below.name),
        Some(None) => format!("New layer {name} on top"),
        None => format!("New layer {name} at the bottom"),
    }
}
