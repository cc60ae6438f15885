//! Reads an image by the name that a person gives it: a path on the disk, or an image in a registry. Does IO.
//!
//! A registry is asked only for a name that says so; see [`reference::is_meant`].

use std::path::Path;

use crate::built_image::error::ImageError;
use crate::built_image::limits::Limits;
use crate::built_image::read::{ImageChoice, ReadImage, read_image};
use crate::built_image::registry::logins::Logins;
use crate::built_image::registry::read_registry_image;
use crate::built_image::registry::reference::{self, ImageReference};
use crate::jobs::Watch;
use crate::size::network::Network;

/// Reads the image that `name` means. What is on the disk is taken first.
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
