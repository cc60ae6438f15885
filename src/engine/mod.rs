//! Use cases that the window and the commands share: open a workspace, plan, find sizes, prepare a change, compare,
//! report.
pub mod advice;
pub mod app_model;
pub mod change;
pub mod choices;
pub mod current;
pub mod find_app;
pub mod image;
pub mod kept;
pub mod open;
pub mod reports;
pub mod sizes;

#[cfg(test)]
pub(crate) mod fixture;
