//! The bottom panel: replay, findings, advice, BUILD file.

mod advice;
mod findings;
mod source;
mod tabs;

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::view::BottomTab;
use crate::ui::bottom::source::SourceMemory;
use crate::ui::replay::{self, ReplayMemory};

#[derive(Debug, Default)]
pub struct BottomMemory {
    /// Also shown in the whole window.
    pub replay: ReplayMemory,
    source: SourceMemory,
}

pub fn show(ui: &mut Ui, state: &AppState, memory: &mut BottomMemory, actions: &mut Vec<Action>) {
    // Views fill the panel, whatever they draw.
    if state.view.bottom.is_some() {
        ui.take_available_space();
    }
    let room = tabs::show(ui, state, actions);
    match state.view.bottom {
        None => {}
        Some(BottomTab::Replay) => replay::show(ui, room, state, &mut memory.replay, actions),
        Some(BottomTab::Findings) => findings::show(ui, state, actions),
        Some(BottomTab::Advice) => advice::show(ui, state, actions),
        Some(BottomTab::Source) => source::show(ui, state, &mut memory.source, actions),
    }
}
