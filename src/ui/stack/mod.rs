//! The image column: layers as strata in proportion to their bytes, the app on top. Strata stand still during a drag,
//! so that no drop target moves away; only figures follow.

mod banner;
mod geometry;
mod ghosts;
#[cfg(test)]
mod ghosts_tests;
mod keys;
mod largest;
mod marks;
mod memory;
mod menu;
pub(crate) mod offer;
mod rename;
mod rows;
mod strata;
mod stratum;
#[cfg(test)]
mod tests;
mod totals;
mod view;
mod what_if;

use egui::{Frame, Id, Margin, Panel, ScrollArea, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::drop::DropTarget;
use crate::engine::reports::units::UnitCache;
use crate::layers::partition::LayerKind;
use crate::ui::commands::{Command, Subject};
use crate::ui::drag::DragMemory;
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::SPACE_M;
use crate::ui::widgets::{button, empty, header};

pub use memory::StackMemory;

/// Below this height layers and totals don't both fit.
const LOW: f32 = 440.0;

#[must_use]
pub(crate) fn first_id() -> Id {
    view::id(LayerKind::App)
}

pub fn show(
    ui: &mut Ui,
    state: &AppState,
    memory: &mut StackMemory,
    units: &mut UnitCache,
    drag: &mut DragMemory,
    actions: &mut Vec<Action>,
) {
    ui.take_available_space();
    let session = state.session.as_ref();
    let Some(design) = session.and_then(|session| session.design.as_ref()) else {
        header::show(ui, "Image", |_| {});
        match session.and_then(|session| session.app_problem.as_ref()) {
            Some((label, problem)) => empty::show(ui, &format!("No layers for {label}"), problem),
            None if state.work.is_active() => empty::show(ui, "Loading", "The app is being opened"),
            None => {
                let way_out = "Open a workspace and choose an app to see its layers";
                empty::show(ui, "No app is open", way_out);
            }
        }
        return;
    };
    header::show(ui, "Image", |ui| {
        let button = button::quiet(ui, Icon::Plus, Command::AddLayer.name());
        // A drop on the button makes a layer above all groups.
        drag.register(ui, button.rect, DropTarget::Gap(design.plan.present().groups.len()));
        if button.on_hover_text(Command::AddLayer.help()).clicked() {
            actions.extend(Command::AddLayer.action(&Subject::selected(state)));
        }
    });
    // Layers come first; the totals are shown on hover.
    let is_low = ui.available_height() - memory.above < LOW;
    let margin = Margin { left: SPACE_M as i8, right: SPACE_M as i8, top: SPACE_M as i8, bottom: SPACE_M as i8 };
    Panel::bottom("image totals").resizable(false).frame(Frame::new().inner_margin(margin)).show(ui, |ui| {
        offer::show(ui, state, design, actions);
        totals::show(ui, state, design, is_low);
    });
    ScrollArea::vertical().id_salt("strata").auto_shrink(false).show(ui, |ui| {
        // Banners scroll with the layers, so that a low window has room for either.
        let top = ui.cursor().top();
        banner::refusal(ui, design.refusal.as_ref(), &design.model.verdict);
        banner::changes(ui, design.plan.changes(), actions);
        banner::current(ui, &design.model.layouts, actions);
        if design.model.layouts.current.is_ok() {
            banner::show(ui, state, &design.model.verdict, actions);
        }
        ghosts::show(ui, state, actions);
        memory.above = ui.cursor().top() - top;
        let units = units.get(&design.model, &design.evaluation.partition);
        strata::show(ui, state, design, &units, memory, drag, actions);
    });
    keys::handle(ui, state, actions);
}
