//! Images named by `index.json` and nested indexes. Pure: documents are already checked against their digests. Rules:
//! OCI image-spec, image-index.md and annotations.md; Docker's media types: "Image Manifest V 2, Schema 2".

use std::collections::BTreeSet;

use oci_spec::image::{Descriptor, ImageIndex, ImageManifest, MediaType};

use crate::built_image::error::ImageError;
use crate::built_image::limits::Limits;
use crate::built_image::model::{ContentHash, ImagePlatform};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    pub digest: ContentHash,
    pub bytes: u64,
}

impl Reference {
    pub(crate) fn of(descriptor: &Descriptor) -> Result<Self, ImageError> {
        let digest = descriptor.as_digest_sha256().and_then(ContentHash::from_hex);
        let digest = digest.ok_or_else(|| ImageError::UnknownDigest(descriptor.digest().to_string()))?;
        Ok(Self { digest, bytes: descriptor.size() })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The name it was stored under.
    pub name: Option<String>,
    /// If the index gives it.
    pub platform: Option<ImagePlatform>,
    pub manifest: Reference,
}

pub(crate) type Fetch<'a> = dyn FnMut(&Reference) -> Result<Vec<u8>, ImageError> + 'a;

/// Returns the images in the index's order.
///
/// # Errors
/// When an index is broken or missing, or there are too many.
pub(crate) fn candidates(index: &[u8], limits: &Limits, fetch: &mut Fetch<'_>) -> Result<Vec<Candidate>, ImageError> {
    let mut walk = Walk { limits, fetch, seen: BTreeSet::new(), found: Vec::new() };
    walk.index(index, None, 0)?;
    Ok(walk.found)
}

struct Walk<'a, 'b> {
    limits: &'a Limits,
    fetch: &'a mut Fetch<'b>,
    /// Followed indexes, each with a name.
    seen: BTreeSet<(Reference, Option<String>)>,
    found: Vec<Candidate>,
}

impl Walk<'_, '_> {
    fn index(&mut self, bytes: &[u8], name: Option<&str>, depth: usize) -> Result<(), ImageError> {
        let index: ImageIndex = parse("an index of the image", bytes)?;
        for descriptor in index.manifests() {
            let own = ["org.opencontainers.image.ref.name", "io.containerd.image.name"]
                .into_iter()
                .find_map(|key| descriptor.annotations().as_ref()?.get(key));
            let name = own.map(String::as_str).or(name);
            match kind(descriptor) {
                Kind::Index => self.nested(descriptor, name, depth)?,
                Kind::Manifest => self.manifest(descriptor, name)?,
                Kind::Other => {}
            }
        }
        Ok(())
    }

    fn nested(&mut self, descriptor: &Descriptor, name: Option<&str>, depth: usize) -> Result<(), ImageError> {
        let reference = Reference::of(descriptor)?;
        if !self.seen.insert((reference, name.map(str::to_owned))) {
            return Ok(());
        }
        if depth >= self.limits.index_depth {
            let what = "indexes within indexes".to_owned();
            return Err(ImageError::TooLarge { what, limit: self.limits.index_depth as u64 });
        }
        let bytes = (self.fetch)(&reference)?;
        self.index(&bytes, name, depth + 1)
    }

    fn manifest(&mut self, descriptor: &Descriptor, name: Option<&str>) -> Result<(), ImageError> {
        if self.found.len() >= self.limits.documents {
            return Err(ImageError::TooLarge {
                what: "images in one layout".to_owned(),
                limit: self.limits.documents as u64,
            });
        }
        let platform = descriptor.platform().as_ref().map(|platform| ImagePlatform {
            os: platform.os().to_string(),
            architecture: platform.architecture().to_string(),
            variant: platform.variant().clone().filter(|variant| !variant.is_empty()),
        });
        self.found.push(Candidate { name: name.map(str::to_owned), platform, manifest: Reference::of(descriptor)? });
        Ok(())
    }
}

enum Kind {
    Index,
    Manifest,
    Other,
}

fn kind(descriptor: &Descriptor) -> Kind {
    match descriptor.media_type() {
        MediaType::ImageIndex => Kind::Index,
        MediaType::Other(other) if other == "application/vnd.docker.distribution.manifest.list.v2+json" => Kind::Index,
        _ if is_attestation(descriptor) => Kind::Other,
        MediaType::ImageManifest => Kind::Manifest,
        MediaType::Other(other) if other == "application/vnd.docker.distribution.manifest.v2+json" => Kind::Manifest,
        _ => Kind::Other,
    }
}

/// BuildKit's attestations are manifests for the platform `unknown/unknown`.
fn is_attestation(descriptor: &Descriptor) -> bool {
    let kind = descriptor.annotations().as_ref().and_then(|annotations| annotations.get("vnd.docker.reference.type"));
    kind.is_some() || descriptor.platform().as_ref().is_some_and(|platform| platform.os().to_string() == "unknown")
}

/// Accepts a manifest without a media type.
///
/// # Errors
/// When it is no manifest, or has too many layers.
pub(crate) fn manifest(bytes: &[u8], limits: &Limits) -> Result<ImageManifest, ImageError> {
    let manifest: ImageManifest = parse("the image's manifest", bytes)?;
    if manifest.layers().len() > limits.layers {
        return Err(ImageError::TooLarge { what: "layers".to_owned(), limit: limits.layers as u64 });
    }
    Ok(manifest)
}

fn parse<T: serde::de::DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, ImageError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ImageError::Document { what: what.to_owned(), reason: error.to_string() })
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageChoice {
    /// By default the only one there is, else linux/amd64.
    pub platform: Option<ImagePlatform>,
    /// The name it was stored under; by default any.
    pub name: Option<String>,
}

/// # Errors
/// When none fits, or several that differ.
pub(crate) fn select<'a>(candidates: &'a [Candidate], choice: &ImageChoice) -> Result<&'a Candidate, ImageError> {
    let named: Vec<&Candidate> =
        candidates.iter().filter(|image| choice.name.is_none() || image.name == choice.name).collect();
    let fits = |wanted: &ImagePlatform| -> Vec<&Candidate> {
        let is_for = |image: &&&Candidate| image.platform.as_ref().is_some_and(|platform| platform.answers(wanted));
        named.iter().filter(is_for).copied().collect()
    };
    let fitting = match &choice.platform {
        Some(wanted) => fits(wanted),
        None if is_one(&named) => named.clone(),
        None => fits(&ImagePlatform::default()),
    };
    match fitting.as_slice() {
        [] => Err(ImageError::NoSuchImage { wanted: wanted_text(choice), found: list(candidates) }),
        [first, ..] if is_one(&fitting) => Ok(first),
        [..] => Err(ImageError::Ambiguous(list_of(&fitting))),
    }
}

/// Returns `true` if all are the same image, perhaps under several names.
fn is_one(candidates: &[&Candidate]) -> bool {
    candidates.windows(2).all(|pair| matches!(pair, [left, right] if left.manifest == right.manifest))
        && !candidates.is_empty()
}

fn wanted_text(choice: &ImageChoice) -> String {
    let platform = choice.platform.clone().unwrap_or_default();
    match &choice.name {
        Some(name) => format!("named {name:?} for {:?}", platform.to_string()),
        None => format!("for {:?}", platform.to_string()),
    }
}

fn list(candidates: &[Candidate]) -> String {
    list_of(&candidates.iter().collect::<Vec<_>>())
}

fn list_of(candidates: &[&Candidate]) -> String {
    const SHOWN: usize = 20;
    let text = |image: &&Candidate| {
        let platform = image.platform.as_ref().map_or_else(|| "unknown platform".to_owned(), ToString::to_string);
        match &image.name {
            Some(name) => format!("{name:?} for {platform:?}"),
            None => format!("one for {platform:?}"),
        }
    };
    let mut texts: Vec<String> = candidates.iter().take(SHOWN).map(text).collect();
    match candidates.len() {
        0 => return "no image".to_owned(),
        count if count > SHOWN => texts.push(format!("{} more", count - SHOWN)),
        _ => {}
    }
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    const INDEX: &str = "application/vnd.oci.image.index.v1+json";

    fn hash(number: u8) -> ContentHash {
        ContentHash([number; 32])
    }

    fn entry(media_type: &str, number: u8, rest: &str) -> String {
        format!(r#"{{"mediaType": "{media_type}", "digest": "{}", "size": 7{rest}}}"#, hash(number))
    }

    fn index(entries: &[String]) -> Vec<u8> {
        format!(r#"{{"schemaVersion": 2, "manifests": [{}]}}"#, entries.join(",")).into_bytes()
    }

    fn walk(top: &[u8], nested: &[(u8, Vec<u8>)], limits: &Limits) -> Result<Vec<Candidate>, ImageError> {
        let nested: BTreeMap<ContentHash, Vec<u8>> =
            nested.iter().map(|(number, bytes)| (hash(*number), bytes.clone())).collect();
        candidates(top, limits, &mut |reference| {
            nested.get(&reference.digest).cloned().ok_or_else(|| ImageError::Missing(reference.digest.to_string()))
        })
    }

    fn print(candidates: &[Candidate]) -> Vec<String> {
        candidates.iter().map(|image| format!("{} {}", image.manifest.digest.0[0], list_of(&[image]))).collect()
    }

    const AMD64: &str = r#", "platform": {"os": "linux", "architecture": "amd64"}"#;
    const ARM64: &str = r#", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}"#;

    #[test]
    fn indexes_within_indexes_are_followed_and_names_inherited() {
        let named = r#", "annotations": {"org.opencontainers.image.ref.name": "v1"}"#;
        let top = index(&[entry(INDEX, 1, named), entry(INDEX, 1, named), entry(MANIFEST, 9, "")]);
        let attestation = r#", "platform": {"os": "unknown", "architecture": "unknown"}"#;
        let second = index(&[entry(MANIFEST, 2, AMD64), entry(MANIFEST, 3, ARM64), entry(MANIFEST, 4, attestation)]);
        let found = walk(&top, &[(1, second)], &Limits::default()).unwrap();
        assert_eq!(
            print(&found),
            [r#"2 "v1" for "linux/amd64""#, r#"3 "v1" for "linux/arm64/v8""#, r#"9 one for "unknown platform""#]
        );
    }

    #[test]
    fn cycles_and_depth_are_bounded() {
        let limits = Limits { index_depth: 3, documents: 5, ..Limits::default() };
        let cycle = index(&[entry(INDEX, 1, "")]);
        assert_eq!(walk(&cycle, &[(1, cycle.clone())], &limits).unwrap(), []);
        let chain: Vec<(u8, Vec<u8>)> = (1..9).map(|number| (number, index(&[entry(INDEX, number + 1, "")]))).collect();
        let error = walk(&index(&[entry(INDEX, 1, "")]), &chain, &limits).unwrap_err();
        assert!(matches!(error, ImageError::TooLarge { limit: 3, .. }), "{error}");
        let many: Vec<String> = (0..6).map(|number| entry(MANIFEST, number, "")).collect();
        assert!(matches!(walk(&index(&many), &[], &limits), Err(ImageError::TooLarge { limit: 5, .. })));
    }

    #[test]
    fn broken_indexes_are_refused() {
        for text in ["", "[]", "{}", r#"{"schemaVersion": 2}"#, &"[".repeat(100_000)] {
            let result = walk(text.as_bytes(), &[], &Limits::default());
            assert!(matches!(result, Err(ImageError::Document { .. })), "{result:?}");
        }
        let traversal =
            r#"{"schemaVersion": 2, "manifests": [{"mediaType": "MANIFEST", "digest": "sha256:../../x", "size": 1}]}"#;
        let traversal = traversal.replace("MANIFEST", MANIFEST);
        assert!(matches!(walk(traversal.as_bytes(), &[], &Limits::default()), Err(ImageError::Document { .. })));
        let other = traversal.replace("sha256:../../x", "multihash:Qm");
        assert!(matches!(walk(other.as_bytes(), &[], &Limits::default()), Err(ImageError::UnknownDigest(_))));
    }

    #[test]
    fn the_asked_for_platform_is_taken_else_the_only_or_the_usual_one() {
        let platform = |text: &str| Some(text.parse::<ImagePlatform>().unwrap());
        let image = |number: u8, name: &str, of: &str| Candidate {
            name: Some(name.to_owned()),
            platform: platform(of),
            manifest: Reference { digest: hash(number), bytes: 7 },
        };
        let check = |candidates: &[Candidate], wanted: &str, name: Option<&str>, expected: &str| {
            let choice = ImageChoice { platform: wanted.parse().ok(), name: name.map(str::to_owned) };
            let found = match select(candidates, &choice) {
                Ok(image) => image.manifest.digest.0[0].to_string(),
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expected);
        };
        let two = [image(1, "v1", "linux/amd64"), image(2, "v1", "linux/arm64/v8")];
        check(&two, "", None, "1");
        check(&two, "linux/arm64", None, "2");
        check(&two[1..], "", None, "2");
        check(
            &two,
            "linux/s390x",
            None,
            r#"no image here is for "linux/s390x"; there is "v1" for "linux/amd64", "v1" for "linux/arm64/v8""#,
        );
        let tags = [image(1, "v1", "linux/amd64"), image(3, "v2", "linux/amd64"), image(3, "new", "linux/amd64")];
        check(&tags, "", Some("v2"), "3");
        check(&tags[1..], "", None, "3");
        check(
            &tags[..2],
            "",
            None,
            r#"several images fit, so say which one by its platform or name: "v1" for "linux/amd64", "v2" for "linux/amd64""#,
        );
        check(&[], "", None, r#"no image here is for "linux/amd64"; there is no image"#);
    }
}
