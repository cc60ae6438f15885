//! Pictures to export.

use crate::picture::graph::GraphPicture;
use crate::picture::replay::ReplayPicture;
use crate::picture::stack::StackPicture;
use crate::picture::theme::{DARK, LIGHT};
use std::sync::Arc;

/// What can be exported.
#[derive(Clone, Debug)]
pub enum Exportable {
    /// The layers of the image.
    Stack,
    /// The replay.
    Replay,
    /// The graph as it is drawn at that moment.
    Graph(Arc<GraphPicture>),
}

impl Exportable {
    /// Its name, for titles and files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stack => "layers",
            Self::Replay => "replay",
            Self::Graph(_) => "graph",
        }
    }
}

/// A picture, ready to be drawn.
#[derive(Clone, Debug)]
pub enum Picture {
    /// The layers of the image.
    Stack(StackPicture),
    /// The replay.
    Replay(ReplayPicture),
    /// The graph.
    Graph(Arc<GraphPicture>),
}

impl Picture {
    /// The picture as an SVG document.
    #[must_use]
    pub fn svg(&self, is_dark: bool) -> String {
        let theme = if is_dark { &DARK } else { &LIGHT };
        match self {
            Self::Stack(picture) => picture.svg(theme),
            Self::Replay(picture) => picture.svg(theme),
            Self::Graph(picture) => picture.svg(theme),
        }
    }
}
