use crate::engine::image::against_image::Against;
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageAction {
    Type(String),
    Pick { is_file: bool },
    Picked(Option<PathBuf>),
    Compare,
}

#[derive(Debug, Default)]
pub struct ImageDialog {
    pub name: String,
    /// `None` before it was asked for.
    pub found: Option<Result<Against, String>>,
}
