//! What must hold of images whatever their bytes are.

use sha2::{Digest as _, Sha256};

use super::choose::{Documents, choose};
use super::configuration;
use super::docker_save;
use super::error::ImageError;
use super::index::{self, ImageChoice, Reference};
use super::layer::{Budget, ExpectedLayer, scan_layer};
use super::limits::Limits;
use super::model::{ContentHash, EntryKind};
use super::registry::reference::{ImageReference, is_meant};

const LIMITS: Limits = Limits {
    document_bytes: 1 << 16,
    documents: 20,
    index_depth: 4,
    layers: 50,
    archive_members: 1_000,
    stored_bytes: 1 << 20,
    tar_bytes: 4 << 20,
    free_tar_bytes: 1 << 20,
    ratio: 200,
    entries: 2_000,
    path_bytes: 4_096,
    all_path_bytes: 1 << 20,
    header_bytes: 1 << 16,
};

/// Reads bytes as a layer in whatever compression they are.
pub fn layer(data: &[u8]) {
    let expected = ExpectedLayer {
        what: "fuzzed".to_owned(),
        digest: None,
        bytes: data.len() as u64,
        // Right for a plain tar, so that these are read to their end and accepted.
        diff_id: ContentHash(Sha256::digest(data).into()),
    };
    let mut budget = Budget::new(&LIMITS);
    if let Ok(layer) = scan_layer(&mut &*data, &expected, &mut budget, &LIMITS, &mut |_| true) {
        let paths: usize = layer.entries.iter().map(|entry| entry.path.len()).sum();
        let files = layer.entries.iter().filter(|entry| entry.kind.is_file());
        let bytes = files.filter(|entry| entry.kind != EntryKind::File { content: None });
        let bytes: u64 = bytes.map(|entry| entry.bytes.0).sum();
        assert_eq!(layer.tar_bytes.0, data.len() as u64);
        assert!(layer.entries.len() <= LIMITS.entries && paths <= LIMITS.all_path_bytes);
        assert!(bytes <= layer.tar_bytes.0, "{bytes} bytes of files in {} of tar", layer.tar_bytes.0);
        assert!(layer.entries.iter().all(|entry| !entry.path.starts_with('/') && !entry.path.is_empty()));
    }
}

/// Hands in one document after the other, whatever is asked for.
struct Parts<'a> {
    parts: Vec<&'a [u8]>,
    next: usize,
}

impl Parts<'_> {
    fn next(&mut self) -> Result<Vec<u8>, ImageError> {
        self.next += 1;
        let part = self.parts.get(self.next % self.parts.len().max(1)).copied().unwrap_or_default();
        if self.next > 100 { Err(ImageError::Cancelled) } else { Ok(part.to_vec()) }
    }
}

impl Documents for Parts<'_> {
    fn limits(&self) -> &Limits {
        &LIMITS
    }

    fn manifest(&mut self, _: &Reference) -> Result<Vec<u8>, ImageError> {
        self.next()
    }

    fn configuration(&mut self, _: &Reference) -> Result<Vec<u8>, ImageError> {
        self.next()
    }
}

/// Reads documents, with a byte 0xFF between them, as index, manifests and configurations, as `docker save`'s list and as names.
pub fn documents(data: &[u8]) {
    let parts: Vec<&[u8]> = data.split(|byte| *byte == 0xff).collect();
    let top = parts.first().copied().unwrap_or_default();
    let mut documents = Parts { parts: parts.clone(), next: 0 };
    let candidates = index::candidates(top, &LIMITS, &mut |_| documents.next());
    if let Ok(candidates) = candidates {
        assert!(candidates.len() <= LIMITS.documents);
        if let Ok(chosen) = choose(&mut documents, candidates, &ImageChoice::default()) {
            assert!(chosen.layers.len() <= LIMITS.layers);
            let (made_by, _) = chosen.configuration.made_by(chosen.layers.len());
            assert_eq!(made_by.len(), chosen.layers.len());
        }
    }
    if let Ok(configuration) = configuration::parse(top) {
        drop(configuration.diff_ids(2));
        assert_eq!(configuration.made_by(3).0.len(), 3);
    }
    if let Ok(saved) = docker_save::parse(top, &LIMITS) {
        assert!(saved.len() <= LIMITS.documents);
    }
    let text = String::from_utf8_lossy(top);
    if let Ok(reference) = ImageReference::parse(&text, false) {
        let again = ImageReference::parse(&reference.to_string(), reference.is_plain);
        assert!(again.is_ok_and(|again| again.repository == reference.repository), "{reference}");
    }
    std::hint::black_box(is_meant(&text));
}
