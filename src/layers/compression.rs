/// As the registry stores the layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    None,
    /// Level 6.
    #[default]
    Gzip,
    /// Level 3.
    Zstd,
}

impl Compression {
    /// The name on the command line and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// Follows "stored": `with gzip`.
    #[must_use]
    pub fn as_words(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::Gzip => "with gzip",
            Self::Zstd => "with zstd",
        }
    }
}
