//! The window without pixels: state, actions, and their effects. Knows no egui.
//!
//! `update(&mut AppState, Action) -> Vec<Effect>` is the only place where state changes. Effects run off the window's
//! thread and come back as actions.

pub mod action;
pub mod effect;
pub mod run;
pub mod state;
pub mod update;

#[cfg(test)]
mod brute_force_tests;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod suggestion_findings_tests;
#[cfg(test)]
mod tests;
