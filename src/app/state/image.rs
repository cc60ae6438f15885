//! The dialog that compares a built image.

use crate::engine::image::against_image::Against;
use std::path::PathBuf;

/// What the user does with an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageAction {
    /// Types the image's path or name.
    Type(String),
    /// Shows the platform's dialog for a folder, or for a file.
    Pick {
        /// A file rather than a folder.
        is_file: bool,
    },
    /// That dialog ended.
    Picked(Option<PathBuf>),
    /// Reads the image and compares.
    Compare,
}

/// The comparison as the window shows it.
#[derive(Debug, Default)]
pub struct ImageDialog {
    /// The image's path or name, as it was typed so far.
    pub name: String,
    /// The comparison, or why there is none; `None` before it was asked for.
    pub found: Option<Result<Against, String>>,
}
