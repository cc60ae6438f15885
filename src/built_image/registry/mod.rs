//! Reads an image's manifest and configuration from a registry, but no layers. Does IO, through `network`. Protocol:
//! OCI distribution-spec, "Pulling manifests" and "Pulling blobs"; distribution's "Token Authentication Specification".

mod challenge;
pub mod logins;
pub mod reference;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use sha2::{Digest as _, Sha256};

use crate::built_image::choose::{Documents, choose};
use crate::built_image::configuration::label_of;
use crate::built_image::error::ImageError;
use crate::built_image::index::{self, Candidate, ImageChoice, Reference};
use crate::built_image::limits::Limits;
use crate::built_image::model::{BuiltImage, BuiltLayer, ContentHash, Storage};
use crate::built_image::read::ReadImage;
use crate::built_image::registry::challenge::{Challenge, challenge, token_address, token_of};
use crate::built_image::registry::logins::Logins;
use crate::built_image::registry::reference::ImageReference;
use crate::byte_count::ByteCount;
use crate::jobs::Watch;
use crate::layers::compression::Compression;
use crate::size::network::address::Address;
use crate::size::network::{Network, NetworkError, Question, Reply};

/// OCI's and Docker's, for one and for many platforms.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";
const TOKEN_BYTES: u64 = 1 << 20;

/// No layer is fetched, so tar lengths and files stay unknown.
///
/// # Errors
/// When the registry does not answer, refuses, or serves no image or one with another digest.
pub fn read_registry_image(
    reference: &ImageReference,
    choice: &ImageChoice,
    network: &Network,
    logins: &Logins,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<ReadImage, ImageError> {
    let mut registry = Registry {
        reference,
        network,
        logins,
        limits,
        watch,
        authorization: None,
        left: limits.documents,
        kept: BTreeMap::new(),
    };
    let (top, found) = registry.top()?;
    let candidates = match form(&top)? {
        Form::Index => index::candidates(&top, limits, &mut |reference| registry.manifest(reference))?,
        Form::Manifest => {
            registry.kept.insert(found.digest, top);
            vec![Candidate { name: None, platform: None, manifest: found }]
        }
    };
    let chosen = choose(&mut registry, candidates, choice)?;
    let (made_by, note) = chosen.configuration.made_by(chosen.layers.len());
    let layers = chosen.layers.into_iter().zip(made_by).map(|(layer, created_by)| BuiltLayer {
        digest: layer.reference.digest,
        diff_id: layer.diff_id,
        compression: compression_of(&layer.media_type),
        media_type: Some(layer.media_type),
        compressed_bytes: Some(ByteCount(layer.reference.bytes)),
        unpacked: None,
        label: created_by.as_deref().and_then(label_of),
        created_by,
    });
    let mut notes: Vec<String> = note.into_iter().collect();
    notes.push("only the manifest was read: no layer was fetched, so what is in them is not known".to_owned());
    let image = BuiltImage {
        storage: Storage::Registry,
        name: Some(reference.to_string()),
        platform: chosen.configuration.platform(),
        digest: Some(chosen.digest),
        layers: layers.collect(),
        notes,
    };
    Ok(ReadImage { image, listed: chosen.listed })
}

struct Registry<'a> {
    reference: &'a ImageReference,
    network: &'a Network,
    logins: &'a Logins,
    limits: &'a Limits,
    watch: &'a dyn Watch,
    /// Set once the registry asks for it.
    authorization: Option<String>,
    left: usize,
    /// Documents read so far.
    kept: BTreeMap<ContentHash, Vec<u8>>,
}

impl Documents for Registry<'_> {
    fn limits(&self) -> &Limits {
        self.limits
    }

    fn manifest(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError> {
        if let Some(bytes) = self.kept.get(&reference.digest) {
            return Ok(bytes.clone());
        }
        let reply = self.document(&format!("manifests/{}", reference.digest), MANIFESTS)?;
        checked(reply.body, reference)
    }

    fn configuration(&mut self, reference: &Reference) -> Result<Vec<u8>, ImageError> {
        if let Some(bytes) = self.kept.get(&reference.digest) {
            return Ok(bytes.clone());
        }
        let bytes = checked(self.document(&format!("blobs/{}", reference.digest), "*/*")?.body, reference)?;
        self.kept.insert(reference.digest, bytes.clone());
        Ok(bytes)
    }
}

impl Registry<'_> {
    /// The requested document, verified by the reference's digest, or by the digest that the registry gives for a tag.
    fn top(&mut self) -> Result<(Vec<u8>, Reference), ImageError> {
        let reply = self.document(&format!("manifests/{}", self.reference.tag_or_digest()), MANIFESTS)?;
        let said = reply.header("docker-content-digest").and_then(|digest| digest.strip_prefix("sha256:"));
        let expected = self.reference.digest.or_else(|| said.and_then(ContentHash::from_hex));
        let found = ContentHash(Sha256::digest(&reply.body).into());
        match expected {
            Some(expected) if expected != found => {
                Err(ImageError::WrongDigest { what: self.reference.to_string(), expected, found })
            }
            _ => {
                let reference = Reference { digest: found, bytes: reply.body.len() as u64 };
                Ok((reply.body, reference))
            }
        }
    }

    fn document(&mut self, what: &str, accept: &str) -> Result<Reply, ImageError> {
        let too_many =
            || ImageError::TooLarge { what: "manifests and indexes".to_owned(), limit: self.limits.documents as u64 };
        self.left = self.left.checked_sub(1).ok_or_else(too_many)?;
        let address = Address::parse(&format!("{}/v2/{}/{what}", self.reference.server(), self.reference.repository));
        let address = address.map_err(NetworkError::from)?;
        let mut reply = self.ask(&address, accept)?;
        if reply.status == 401 && self.authorization.is_none() {
            self.authorization = self.log_in(&reply)?;
            if self.authorization.is_some() {
                reply = self.ask(&address, accept)?;
            }
        }
        match reply.status {
            200 => Ok(reply),
            404 => Err(ImageError::NotInRegistry(self.reference.to_string())),
            401 | 403 => Err(ImageError::LoginWanted { host: self.reference.host.clone(), status: reply.status }),
            429 => Err(ImageError::RegistryBusy(self.reference.host.clone())),
            status => Err(ImageError::Registry { address: address.to_string(), status }),
        }
    }

    fn ask(&self, address: &Address, accept: &str) -> Result<Reply, NetworkError> {
        let authorization = self.authorization.as_deref();
        let most_bytes = self.limits.document_bytes;
        self.network.get(&Question { address, accept, authorization, range: None, most_bytes }, self.watch)
    }

    /// Uses a login directly, or for a token; without a login asks for an anonymous token.
    fn log_in(&self, reply: &Reply) -> Result<Option<String>, ImageError> {
        let login = self.logins.of(&self.reference.host).map(|login| format!("Basic {login}"));
        match reply.header("www-authenticate").and_then(challenge) {
            Some(Challenge::Basic) => Ok(login),
            Some(Challenge::Bearer(wanted)) => {
                let scope = format!("repository:{}:pull", self.reference.repository);
                let address = token_address(&wanted, &scope).map_err(NetworkError::from)?;
                let authorization = login.as_deref();
                let question = Question {
                    address: &address,
                    accept: "application/json",
                    authorization,
                    range: None,
                    most_bytes: TOKEN_BYTES,
                };
                let reply = self.network.get(&question, self.watch)?;
                Ok(token_of(&reply.body).filter(|_| reply.status == 200).map(|token| format!("Bearer {token}")))
            }
            None => Ok(None),
        }
    }
}

fn checked(bytes: Vec<u8>, reference: &Reference) -> Result<Vec<u8>, ImageError> {
    let found = ContentHash(Sha256::digest(&bytes).into());
    if found != reference.digest {
        return Err(ImageError::WrongDigest { what: reference.digest.to_string(), expected: reference.digest, found });
    }
    match bytes.len() as u64 {
        found if found == reference.bytes => Ok(bytes),
        found => Err(ImageError::WrongSize { what: reference.digest.to_string(), expected: reference.bytes, found }),
    }
}

enum Form {
    Index,
    Manifest,
}

/// Decided by content, because media types are sometimes missing or wrong.
fn form(bytes: &[u8]) -> Result<Form, ImageError> {
    #[derive(Deserialize)]
    struct Parts {
        manifests: Option<IgnoredAny>,
        layers: Option<IgnoredAny>,
    }
    let wrong = |reason: String| ImageError::Document { what: "the image's manifest".to_owned(), reason };
    let parts: Parts = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    match (parts.manifests, parts.layers) {
        (Some(_), _) => Ok(Form::Index),
        (None, Some(_)) => Ok(Form::Manifest),
        (None, None) => Err(wrong("it lists neither layers nor manifests; Docker's schema 1 is not read".to_owned())),
    }
}

/// The compression in a media type.
fn compression_of(media_type: &str) -> Compression {
    if media_type.ends_with("zstd") {
        Compression::Zstd
    } else if media_type.ends_with("gzip") {
        Compression::Gzip
    } else {
        Compression::None
    }
}

#[cfg(test)]
mod tests;
