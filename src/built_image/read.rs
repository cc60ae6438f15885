//! Reads an image from the disk. Does IO, through `source`.

use std::io::Read as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

pub use crate::built_image::choose::ListedImage;
use crate::built_image::choose::{Documents, choose};
use crate::built_image::configuration::{self, Configuration, label_of};
use crate::built_image::docker_save::{self, SavedImage, promised_digest};
use crate::built_image::error::ImageError;
pub use crate::built_image::index::ImageChoice;
use crate::built_image::index::{self, Candidate, Reference};
use crate::built_image::layer::{Budget, ExpectedLayer, scan_layer};
use crate::built_image::limits::Limits;
use crate::built_image::model::{BuiltImage, BuiltLayer, ContentHash, Storage, UnpackedLayer};
use crate::built_image::source::ImageSource;
use crate::byte_count::ByteCount;
use crate::jobs::{Progress, Watch};
use crate::layers::compression::Compression;

#[derive(Clone, Debug)]
pub struct ReadImage {
    pub image: BuiltImage,
    /// All images of the path.
    pub listed: Vec<ListedImage>,
}

/// Reads an OCI image layout (folder or tar) or a `docker save` tar.
///
/// # Errors
/// When it is no image, none or several fit the choice, it is damaged or exceeds a limit, or the disk fails.
pub fn read_image(
    path: &Path,
    choice: &ImageChoice,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<ReadImage, ImageError> {
    let source = ImageSource::open(path, limits)?;
    let is_archive = matches!(source, ImageSource::Archive { .. });
    let mut documents = LayoutDocuments { path, source: &source, limits, left: limits.documents };
    // Tars of newer Docker releases are both; the OCI part has digests.
    if source.has("index.json") {
        read_oci(&mut documents, choice, is_archive, watch)
    } else if is_archive && source.has("manifest.json") {
        read_saved(&mut documents, choice, watch)
    } else {
        Err(ImageError::NotAnImage(path.to_owned()))
    }
}

/// Limits the number and size of documents.
struct LayoutDocuments<'a> {
    path: &'a Path,
    source: &'a ImageSource,
    limits: &'a Limits,
    left: usize,
}

impl LayoutDocuments<'_> {
    fn named(&mut self, name: &str) -> Result<Vec<u8>, ImageError> {
        let too_many =
            || ImageError::TooLarge { what: "manifests and indexes".to_owned(), limit: self.limits.documents as u64 };
        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
        self.source.document(name, self.limits)
    }

    fn checked(&mut self, name: &str, digest: ContentHash) -> Result<Vec<u8>, ImageError> {
        let bytes = self.named(name)?;
        let found = ContentHash(Sha256::digest(&bytes).into());
        if found == digest {
            Ok(bytes)
        } else {
            Err(ImageError::WrongDigest { what: format!("{name:?}"), expected: digest, found })
        }
    }

    fn blob(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError> {
        let name = format!("blobs/sha256/{}", reference.digest.hex());
        let bytes = self.checked(&name, reference.digest)?;
        match bytes.len() as u64 {
            found if found == reference.bytes => Ok(bytes),
            found => Err(ImageError::WrongSize { what: format!("{name:?}"), expected: reference.bytes, found }),
        }
    }
}

impl Documents for LayoutDocuments<'_> {
    fn limits(&self) -> &Limits {
        self.limits
    }

    fn manifest(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError> {
        self.blob(reference)
    }

    fn configuration(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError> {
        self.blob(reference)
    }
}

fn read_oci(
    documents: &mut LayoutDocuments<'_>,
    choice: &ImageChoice,
    is_archive: bool,
    watch: &dyn Watch,
) -> Result<ReadImage, ImageError> {
    let top = documents.named("index.json")?;
    let limits = documents.limits;
    let candidates = index::candidates(&top, limits, &mut |reference| documents.blob(reference))?;
    let chosen = choose(documents, candidates, choice)?;
    let mut parts = Vec::with_capacity(chosen.layers.len());
    for layer in &chosen.layers {
        let Reference { digest, bytes } = layer.reference;
        parts.push(Part {
            file: format!("blobs/sha256/{}", digest.hex()),
            media_type: Some(layer.media_type.clone()),
            expected: ExpectedLayer { what: digest.to_string(), digest: Some(digest), bytes, diff_id: layer.diff_id },
        });
    }
    // `docker save` with the classic store repacks layers that were pulled compressed.
    let is_repacked = is_archive && documents.source.has("manifest.json");
    let (layers, notes) = read_layers(documents, &chosen.configuration, &parts, is_repacked, watch)?;
    let image = BuiltImage {
        storage: if is_archive { Storage::OciArchive } else { Storage::OciLayout },
        name: chosen.name,
        platform: chosen.configuration.platform(),
        digest: Some(chosen.digest),
        layers,
        notes,
    };
    Ok(ReadImage { image, listed: chosen.listed })
}

fn read_saved(
    documents: &mut LayoutDocuments<'_>,
    choice: &ImageChoice,
    watch: &dyn Watch,
) -> Result<ReadImage, ImageError> {
    let saved = docker_save::parse(&documents.named("manifest.json")?, documents.limits)?;
    let mut candidates = Vec::with_capacity(saved.len());
    let mut configurations = Vec::with_capacity(saved.len());
    for image in &saved {
        let (reference, configuration) = saved_configuration(documents, image)?;
        let names = image.repo_tags.iter().cloned().map(Some);
        let names: Vec<Option<String>> = if image.repo_tags.is_empty() { vec![None] } else { names.collect() };
        let platform = Some(configuration.platform());
        candidates.extend(names.into_iter().map(|name| Candidate {
            name,
            platform: platform.clone(),
            manifest: reference,
        }));
        configurations.push((reference, configuration));
    }
    let chosen = index::select(&candidates, choice)?;
    let of_chosen = saved.iter().zip(&configurations).find(|(_, (reference, _))| *reference == chosen.manifest);
    let Some((image, (_, configuration))) = of_chosen else {
        return Err(ImageError::Missing("the chosen image".to_owned()));
    };
    let parts = saved_parts(documents, image, configuration)?;
    let (layers, notes) = read_layers(documents, configuration, &parts, true, watch)?;
    let image = BuiltImage {
        storage: Storage::DockerArchive,
        name: chosen.name.clone(),
        platform: configuration.platform(),
        digest: None,
        layers,
        notes,
    };
    let listed =
        candidates.into_iter().map(|found| ListedImage { name: found.name, platform: found.platform, digest: None });
    Ok(ReadImage { image, listed: listed.collect() })
}

/// The digest of the configuration's bytes stands for the image.
fn saved_configuration(
    documents: &mut LayoutDocuments<'_>,
    image: &SavedImage,
) -> Result<(Reference, Configuration), ImageError> {
    let bytes = match promised_digest(&image.config) {
        Some(digest) => documents.checked(&image.config, digest)?,
        None => documents.named(&image.config)?,
    };
    let reference = Reference { digest: ContentHash(Sha256::digest(&bytes).into()), bytes: bytes.len() as u64 };
    Ok((reference, configuration::parse(&bytes)?))
}

fn saved_parts(
    documents: &LayoutDocuments<'_>,
    image: &SavedImage,
    configuration: &Configuration,
) -> Result<Vec<Part>, ImageError> {
    let diff_ids = configuration.diff_ids(image.layers.len())?;
    let part = |(file, diff_id): (&String, ContentHash)| {
        let (_, bytes) = documents.source.reader(file)?;
        let expected = ExpectedLayer { what: format!("{file:?}"), digest: promised_digest(file), bytes, diff_id };
        Ok(Part { file: file.clone(), media_type: None, expected })
    };
    image.layers.iter().zip(diff_ids).map(part).collect()
}

struct Part {
    file: String,
    media_type: Option<String>,
    expected: ExpectedLayer,
}

fn read_layers(
    documents: &LayoutDocuments<'_>,
    configuration: &Configuration,
    parts: &[Part],
    is_repacked: bool,
    watch: &dyn Watch,
) -> Result<(Vec<BuiltLayer>, Vec<String>), ImageError> {
    let (made_by, note) = configuration.made_by(parts.len());
    let mut notes: Vec<String> = note.into_iter().collect();
    let total = parts.iter().fold(0_u64, |total, part| total.saturating_add(part.expected.bytes));
    let mut budget = Budget::new(documents.limits);
    let mut before = 0_u64;
    let message = format!("Reading {}", documents.path.display());
    let mut layers = Vec::with_capacity(parts.len());
    for (part, created_by) in parts.iter().zip(made_by) {
        let (reader, bytes) = documents.source.reader(&part.file)?;
        if bytes != part.expected.bytes {
            let what = format!("layer {}", part.expected.what);
            return Err(ImageError::WrongSize { what, expected: part.expected.bytes, found: bytes });
        }
        // One byte more, to notice a file that grows.
        let mut reader = reader.take(bytes.saturating_add(1));
        let mut tick = |done: u64| {
            watch.report(Progress { message: message.clone(), done: before.saturating_add(done), total });
            !watch.is_cancelled()
        };
        let scanned = scan_layer(&mut reader, &part.expected, &mut budget, documents.limits, &mut tick)?;
        before = before.saturating_add(bytes);
        let is_as_pushed = !(is_repacked && scanned.compression == Compression::None);
        layers.push(BuiltLayer {
            digest: scanned.digest,
            diff_id: part.expected.diff_id,
            media_type: part.media_type.clone(),
            compression: scanned.compression,
            compressed_bytes: is_as_pushed.then_some(ByteCount(bytes)),
            label: created_by.as_deref().and_then(label_of),
            created_by,
            unpacked: Some(UnpackedLayer { tar_bytes: scanned.tar_bytes, entries: scanned.entries }),
        });
    }
    if layers.iter().any(|layer| layer.compressed_bytes.is_none()) {
        notes.push(
            "this archive holds bare tars, as `docker save` writes them; what a registry stores of these layers is not in it"
                .to_owned(),
        );
    }
    Ok((layers, notes))
}
