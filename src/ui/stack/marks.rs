//! Marks of drop targets over the strata.

use egui::{Align2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::app::state::design::Design;
use crate::app::state::drop::{DropTarget, Payload};
use crate::layers::operations::Operation;
use crate::layers::partition::LayerKind;
use crate::size::known_bytes::KnownBytes;
use crate::ui::drag::Hovered;
use crate::ui::theme::metrics::{HAIRLINE, RADIUS_S, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

const DASH: f32 = 4.0;

/// Marks the layer under the drop, and dims the dragged one.
pub(super) fn layer(ui: &Ui, design: &Design, kind: LayerKind, rect: Rect, dragged: Option<Payload>) {
    let palette = theme::palette(ui);
    if matches!((dragged, kind), (Some(Payload::Layer(moved)), LayerKind::Dependency(id)) if moved == id) {
        ui.painter().rect_filled(rect, RADIUS_S, palette.surface.gamma_multiply(0.6));
    }
    let takes = design.preview.as_ref().is_some_and(|preview| match (&preview.operation, kind) {
        (Operation::Assign { layer, .. }, LayerKind::Dependency(id)) => *layer == id,
        (Operation::Merge { into, .. }, LayerKind::Dependency(id)) => *into == id,
        (Operation::Unassign { .. }, LayerKind::App) => true,
        _ => false,
    });
    if takes {
        ui.painter().rect_stroke(rect, RADIUS_S, Stroke::new(2.0, palette.accent), StrokeKind::Inside);
    }
}

/// The place for the first group; without text while a drop is over it.
pub(super) fn empty(ui: &Ui, rect: Rect, hovered: Option<Hovered>) {
    let palette = theme::palette(ui);
    let inner = rect.shrink(1.0);
    let corners = [inner.left_top(), inner.right_top(), inner.right_bottom(), inner.left_bottom(), inner.left_top()];
    ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(HAIRLINE, palette.text_third), DASH, DASH));
    if hovered.is_some_and(|hovered| hovered.place == DropTarget::Gap(0) && hovered.accepts) {
        return;
    }
    let (upper, lower) = inner.shrink2(vec2(SPACE_S, SPACE_S)).split_top_bottom_at_fraction(0.5);
    text::paint(
        ui.painter(),
        upper,
        Align2::CENTER_CENTER,
        "No dependency layers yet",
        metrics::strong(),
        palette.text,
    );
    text::paint(
        ui.painter(),
        lower,
        Align2::CENTER_CENTER,
        "Drop targets or packages here",
        metrics::body(),
        palette.text_second,
    );
}

/// Marks a gap at height `y`: a hint during a drag, a line under the drop.
pub(super) fn gap(
    ui: &Ui,
    y: f32,
    beside: Rect,
    is_dragging: bool,
    hovered: Option<Hovered>,
    design: &Design,
    gap: usize,
) {
    if !is_dragging {
        return;
    }
    let palette = theme::palette(ui);
    let painter = ui.painter();
    let ends = [pos2(beside.left(), y), pos2(beside.right(), y)];
    let lands = hovered.is_some_and(|hovered| hovered.place == DropTarget::Gap(gap) && hovered.accepts);
    if !lands {
        painter.extend(Shape::dashed_line(&ends, Stroke::new(HAIRLINE, palette.text_third), DASH, DASH));
        return;
    }
    painter.line_segment(ends, Stroke::new(2.0, palette.accent));
    for end in ends {
        painter.circle_filled(end, 3.0, palette.accent);
    }
    let Some((name, bytes)) = new_group(design) else { return };
    let words = format!("{name}  {bytes}");
    let galley = text::line(painter, &words, metrics::small_strong(), palette.on_accent, beside.width() - 48.0);
    let chip = Rect::from_center_size(pos2(beside.center().x, y), galley.size() + vec2(2.0 * SPACE_S, SPACE_XS));
    painter.rect_filled(chip, RADIUS_S, palette.accent);
    let place = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), chip);
    painter.galley(place.min, galley, palette.on_accent);
}

/// The layer that the drop in the air would make, with its bytes.
fn new_group(design: &Design) -> Option<(&str, KnownBytes)> {
    let preview = design.preview.as_ref()?;
    if !matches!(preview.operation, Operation::AddGroup { .. }) {
        return None;
    }
    let present = design.plan.present();
    let group = preview.plan.groups.iter().find(|group| present.group(group.id).is_none())?;
    let layers = preview.evaluation.partition.layers.iter().zip(&preview.evaluation.numbers.layers);
    let found = layers.into_iter().find(|(layer, _)| layer.kind == LayerKind::Dependency(group.id))?;
    Some((group.name.as_str(), found.1.size.stored()))
}
