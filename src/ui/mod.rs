//! The window: the only place that names egui.
//!
//! Every view draws `&AppState` and returns actions; none changes state, and none reads or writes a file.

pub mod bottom;
pub mod drag;
pub mod fonts;
pub mod icons;
pub mod selection;
pub mod stack;
pub mod targets;
pub mod theme;
pub mod widgets;
