//! The window: the only place that names egui.
//!
//! Every view draws `&AppState` and returns actions; none changes state, and none reads or writes a file.

pub mod app_chooser;
pub mod bottom;
pub mod canvas;
pub mod commands;
pub mod dialogs;
pub mod drag;
pub mod fonts;
#[cfg(test)]
mod gesture_tests;
pub mod icons;
pub mod moves;
pub mod notices;
#[cfg(test)]
mod reach_tests;
pub mod replay;
pub mod selection;
pub mod shell;
pub mod stack;
pub mod start;
pub mod targets;
#[cfg(test)]
pub(crate) mod test_window;
pub mod theme;
pub mod top_bar;
pub mod welcome;
pub mod widgets;
pub mod window;
