use egui::{Color32, Id, Rect, Ui, Vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::view::Look;
use crate::engine::reports::units::UnitRow;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::ICON;

pub(super) struct View<'a> {
    pub state: &'a AppState,
    pub design: &'a Design,
    pub contents: &'a LayerContents,
    /// Largest first.
    pub units: &'a [UnitRow],
    pub rect: Rect,
    /// Without the rows.
    pub header: Rect,
    /// For the bar.
    pub largest: u64,
}

pub(super) fn id(kind: LayerKind) -> Id {
    Id::unique(("stratum", kind))
}

/// Deselects targets.
pub(super) fn select_layer(kind: LayerKind) -> Option<Action> {
    match kind {
        LayerKind::Dependency(id) => Some(Action::Look(Look::SelectLayer(Some(id)))),
        _ => None,
    }
}

pub(super) fn paint_icon(ui: &Ui, slot: Rect, icon: Icon, colour: Color32) {
    icons::paint(ui.painter(), Rect::from_center_size(slot.center(), Vec2::splat(ICON)), icon, colour);
}
