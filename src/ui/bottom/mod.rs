//! What stands at the bottom: the replay of the history, the findings, the advice, the BUILD file. Can be folded away.

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

/// What the window keeps of the bottom between frames.
#[derive(Debug, Default)]
pub struct BottomMemory {
    /// The replay, which is also shown in the whole window.
    pub replay: ReplayMemory,
    source: SourceMemory,
}

/// Draws the tabs and, unless it is folded away, the chosen view into the whole of `ui`.
pub fn show(ui: &mut Ui, state: &AppState, memory: &mut BottomMemory, actions: &mut Vec<Action>) {
    // The panel is as high as what is in it: the views fill it, whatever they draw.
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
