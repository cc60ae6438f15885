//! The window: the only place that names egui. Views draw `&AppState` and return actions; none changes state or does
//! IO.

mod app_chooser;
pub mod bottom;
pub mod canvas;
mod commands;
pub mod dialogs;
mod drag;
mod fonts;
#[cfg(test)]
mod gesture_tests;
mod icons;
mod moves;
mod notices;
#[cfg(test)]
mod reach_tests;
pub mod replay;
mod selection;
pub mod shell;
pub mod stack;
mod start;
pub mod targets;
#[cfg(test)]
pub(crate) mod test_window;
pub mod theme;
mod top_bar;
mod welcome;
mod widgets;
pub mod window;
