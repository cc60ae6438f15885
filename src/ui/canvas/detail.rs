#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    Overview,
    Title,
    Full,
}

impl Detail {
    #[must_use]
    pub(crate) fn at(zoom: f32) -> Self {
        match zoom {
            zoom if zoom < 0.45 => Self::Overview,
            zoom if zoom < 0.75 => Self::Title,
            _ => Self::Full,
        }
    }
}
