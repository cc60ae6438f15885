//! Reads an image by a path on the disk or its name in a registry (see [`reference::is_meant`]). Does IO.

use std::path::Path;

use crate::built_image::error::ImageError;
use crate::built_image::limits::Limits;
use crate::built_image::read::{ImageChoice, ReadImage, read_image};
use crate::built_image::registry::logins::Logins;
use crate::built_image::registry::read_registry_image;
use crate::built_image::registry::reference::{self, ImageReference};
use crate::jobs::Watch;
use crate::size::network::Network;

/// A path on the disk takes precedence.
///
/// # Errors
/// When there is no such image, or it can't be read.
pub(crate) fn open_image(
    name: &str,
    choice: &ImageChoice,
    plain_http: bool,
    watch: &dyn Watch,
) -> Result<ReadImage, ImageError> {
    let (path, limits) = (Path::new(name), Limits::default());
    if path.exists() || !reference::is_meant(name) {
        return read_image(path, choice, &limits, watch);
    }
    let reference = ImageReference::parse(name, plain_http)?;
    read_registry_image(&reference, choice, &Network::new(plain_http), &Logins::of_user(), &limits, watch)
}
