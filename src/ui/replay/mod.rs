//! The replay of the history: as a panel at the bottom, and as a view for a meeting that fills the window.

mod chart;
mod controls;
mod legend;
mod memory;
mod panel;
mod presentation;
mod story;
mod strip;

pub use memory::ReplayMemory;
pub(crate) use panel::show;
pub use presentation::show as present;
