//! Pictures of stack, replay and graph as SVG and PNG. Values in, text or bytes out; needs no display and no file.
//! Decides places and looks, not the content.

pub mod graph;
pub mod png;
pub mod replay;
pub mod scale;
pub mod stack;
pub mod svg;
pub mod theme;

pub(crate) use theme::Rgb;
