//! Stands for the module of sizes, of which only this word is needed here.

/// What the registry stores a layer as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    None,
    #[default]
    Gzip,
    Zstd,
}
