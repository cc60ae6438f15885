//! From the images that a layout or a registry names to the one that was asked for, with its layers as the manifest lists them.
//!
//! Pure: manifests and configurations are handed in, already checked against their digests.

use oci_spec::image::MediaType;

use crate::built_image::configuration::{self, Configuration};
use crate::built_image::error::ImageError;
use crate::built_image::index::{self, Candidate, ImageChoice, Reference};
use crate::built_image::limits::Limits;
use crate::built_image::model::{ContentHash, ImagePlatform};

/// Hands in documents by their references; whoever does it has checked them.
pub(crate) trait Documents {
    /// How much is read.
    fn limits(&self) -> &Limits;
    /// A manifest or an index.
    fn manifest(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError>;
    /// A configuration.
    fn configuration(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError>;
}

/// An image of which only the name and the platform were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedImage {
    /// The name that it was stored under.
    pub name: Option<String>,
    /// What it runs on.
    pub platform: Option<ImagePlatform>,
    /// The digest of its manifest.
    pub digest: Option<ContentHash>,
}

/// The image that was asked for, before its layers are read.
pub(crate) struct ChosenImage {
    pub name: Option<String>,
    pub digest: ContentHash,
    pub configuration: Configuration,
    /// Lowest first.
    pub layers: Vec<ListedLayer>,
    /// All images, the chosen one among them.
    pub listed: Vec<ListedImage>,
}

/// A layer as the manifest lists it.
pub(crate) struct ListedLayer {
    pub reference: Reference,
    pub media_type: String,
    pub diff_id: ContentHash,
}

/// Picks the image that was asked for and reads its manifest and configuration.
///
/// # Errors
/// When none or several fit, or the documents are broken, too many, or of something else.
pub(crate) fn choose(
    documents: &mut dyn Documents,
    candidates: Vec<Candidate>,
    choice: &ImageChoice,
) -> Result<ChosenImage, ImageError> {
    let candidates = with_platforms(documents, candidates)?;
    let chosen = index::select(&candidates, choice)?;
    let manifest = index::manifest(&documents.manifest(&chosen.manifest)?, documents.limits())?;
    let configuration = configuration::parse(&documents.configuration(&Reference::of(manifest.config())?)?)?;
    let diff_ids = configuration.diff_ids(manifest.layers().len())?;
    let mut layers = Vec::with_capacity(diff_ids.len());
    for (descriptor, diff_id) in manifest.layers().iter().zip(diff_ids) {
        let reference = Reference::of(descriptor)?;
        let media_type = descriptor.media_type().to_string();
        if !is_layer(&media_type) {
            return Err(ImageError::NotALayer { layer: reference.digest.to_string(), media_type });
        }
        layers.push(ListedLayer { reference, media_type, diff_id });
    }
    let (name, digest) = (chosen.name.clone(), chosen.manifest.digest);
    let listed = candidates.into_iter().map(|candidate| ListedImage {
        name: candidate.name,
        platform: candidate.platform,
        digest: Some(candidate.manifest.digest),
    });
    Ok(ChosenImage { name, digest, configuration, layers, listed: listed.collect() })
}

/// An index need not say the platform of an image that is alone in it; its configuration does. What has another kind of
/// configuration is no image, but a signature or the like that lies beside one.
fn with_platforms(documents: &mut dyn Documents, candidates: Vec<Candidate>) -> Result<Vec<Candidate>, ImageError> {
    let mut images = Vec::with_capacity(candidates.len());
    for mut candidate in candidates {
        if candidate.platform.is_none() {
            let manifest = index::manifest(&documents.manifest(&candidate.manifest)?, documents.limits())?;
            if !is_configuration(manifest.config().media_type()) {
                continue;
            }
            let configuration = documents.configuration(&Reference::of(manifest.config())?)?;
            candidate.platform = Some(configuration::parse(&configuration)?.platform());
        }
        images.push(candidate);
    }
    Ok(images)
}

fn is_configuration(media_type: &MediaType) -> bool {
    match media_type {
        MediaType::ImageConfig => true,
        MediaType::Other(other) => other == "application/vnd.docker.container.image.v1+json",
        _ => false,
    }
}

/// Whether a media type is one of a tar of files: OCI's or Docker's, in any compression, not encrypted.
fn is_layer(media_type: &str) -> bool {
    let known = ["application/vnd.oci.image.layer.", "application/vnd.docker.image.rootfs."];
    known.iter().any(|prefix| media_type.starts_with(prefix)) && !media_type.ends_with("+encrypted")
}
