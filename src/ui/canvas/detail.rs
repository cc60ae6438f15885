//! How much of itself a node shows.

/// How much of itself a node shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// A rectangle in its colour.
    Overview,
    /// Its name.
    Title,
    /// Everything.
    Full,
}

impl Detail {
    /// What can be read at a zoom.
    #[must_use]
    pub(crate) fn at(zoom: f32) -> Self {
        match zoom {
            zoom if zoom < 0.45 => Self::Overview,
            zoom if zoom < 0.75 => Self::Title,
            _ => Self::Full,
        }
    }
}
