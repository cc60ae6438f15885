use crate::picture::graph::GraphPicture;
use crate::picture::replay::ReplayPicture;
use crate::picture::stack::StackPicture;
use crate::picture::theme::{DARK, LIGHT};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Exportable {
    Stack,
    Replay,
    /// As drawn at that moment.
    Graph(Arc<GraphPicture>),
}

impl Exportable {
    /// For titles and file names.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Stack => "layers",
            Self::Replay => "replay",
            Self::Graph(_) => "graph",
        }
    }
}

#[derive(Clone, Debug)]
pub enum Picture {
    Stack(StackPicture),
    Replay(ReplayPicture),
    Graph(Arc<GraphPicture>),
}

impl Picture {
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
