//! How a layer's tar is compressed.

/// The compression of a layer as the registry stores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    /// The tar as it is.
    None,
    /// gzip, level 6.
    #[default]
    Gzip,
    /// zstd, level 3.
    Zstd,
}

impl Compression {
    /// Returns the name used on the command line and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// Returns the words that follow "stored": `with gzip`.
    #[must_use]
    pub fn as_words(self) -> &'static str {
        match self {
            Self::None => "uncompressed",
            Self::Gzip => "with gzip",
            Self::Zstd => "with zstd",
        }
    }
}
