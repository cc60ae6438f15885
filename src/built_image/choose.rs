//! Selects the requested image of a layout or registry and lists its layers. Pure: documents are already checked
//! against their digests.

use oci_spec::image::MediaType;

use crate::built_image::configuration::{self, Configuration};
use crate::built_image::error::ImageError;
use crate::built_image::index::{self, Candidate, ImageChoice, Reference};
use crate::built_image::limits::Limits;
use crate::built_image::model::{ContentHash, ImagePlatform};

/// Source of documents, checked against their digests.
pub(crate) trait Documents {
    fn limits(&self) -> &Limits;
    fn manifest(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError>;
    fn configuration(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError>;
}

/// An image of which only name and platform were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedImage {
    pub name: Option<String>,
    pub platform: Option<ImagePlatform>,
    pub digest: Option<ContentHash>,
}

/// The requested image, before its layers are read.
pub(crate) struct ChosenImage {
    pub name: Option<String>,
    pub digest: ContentHash,
    pub configuration: Configuration,
    pub layers: Vec<ListedLayer>,
    /// All images, with the chosen one.
    pub listed: Vec<ListedImage>,
}

pub(crate) struct ListedLayer {
    pub reference: Reference,
    pub media_type: String,
    pub diff_id: ContentHash,
}

/// Picks the requested image and reads its manifest and configuration.
///
/// # Errors
/// When none or several fit, or documents are broken, too many, or of another kind.
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

/// An index need not give the platform of a single image; its configuration does. Anything with another kind of
/// configuration is no image but a signature or the like.
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

/// Accepts tars of files: OCI's or Docker's, in any compression, not encrypted.
fn is_layer(media_type: &str) -> bool {
    let known = ["application/vnd.oci.image.layer.", "application/vnd.docker.image.rootfs."];
    known.iter().any(|prefix| media_type.starts_with(prefix)) && !media_type.ends_with("+encrypted")
}
