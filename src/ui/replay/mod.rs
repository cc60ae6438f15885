//! The replay: as a panel, and as a presentation in the whole window.

mod chart;
mod controls;
mod legend;
mod memory;
mod panel;
mod presentation;
mod strip;
mod summary;

pub use memory::ReplayMemory;
pub(crate) use panel::show;
pub use presentation::show as present;
