//! Pictures of the stack, the replay and the graph, as SVG and PNG: for reports, documents and slides.
//!
//! Values in, text or bytes out: no window, no display, no file. What a picture shows is given to it ready to be drawn;
//! it decides places and looks alone.

pub mod graph;
pub mod png;
pub mod replay;
pub mod scale;
pub mod stack;
pub mod svg;
pub mod theme;

pub(crate) use theme::Rgb;
