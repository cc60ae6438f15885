//! `manifest.json` of `docker save` (moby/docker-image-spec, "Combined Image JSON + Filesystem Changeset Format").

use serde::Deserialize;

use crate::built_image::error::ImageError;
use crate::built_image::limits::Limits;
use crate::built_image::model::ContentHash;

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SavedImage {
    pub config: String,
    #[serde(default, deserialize_with = "null_is_empty")]
    pub repo_tags: Vec<String>,
    /// Lowest first.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub layers: Vec<String>,
}

fn null_is_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Option::<Vec<String>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// # Errors
/// When it is something else, or names too many images or layers.
pub(crate) fn parse(bytes: &[u8], limits: &Limits) -> Result<Vec<SavedImage>, ImageError> {
    let images: Vec<SavedImage> = serde_json::from_slice(bytes)
        .map_err(|error| ImageError::Document { what: "manifest.json".to_owned(), reason: error.to_string() })?;
    let too_large = |what: &str, limit: usize| ImageError::TooLarge { what: what.to_owned(), limit: limit as u64 };
    if images.len() > limits.documents {
        return Err(too_large("images in one archive", limits.documents));
    }
    if images.iter().any(|image| image.layers.len() > limits.layers) {
        return Err(too_large("layers", limits.layers));
    }
    Ok(images)
}

/// The digest in a file's name: `blobs/sha256/<digest>`, or `<digest>.json` for a configuration.
pub(crate) fn promised_digest(file: &str) -> Option<ContentHash> {
    let name = file.strip_prefix("blobs/sha256/").or_else(|| file.strip_suffix(".json"));
    name.and_then(ContentHash::from_hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_are_empty_and_unknown_fields_are_passed_over() {
        let text = br#"[{"Config": "x.json", "RepoTags": null, "Layers": ["a/layer.tar"], "LayerSources": {}}]"#;
        let images = parse(text, &Limits::default()).unwrap();
        assert_eq!(images.len(), 1);
        assert_eq!((images[0].repo_tags.len(), images[0].layers.len()), (0, 1));
    }

    #[test]
    fn other_documents_and_too_many_layers_are_refused() {
        for text in ["{}", "", "[{}]", r#"[{"Config": 1}]"#] {
            assert!(matches!(parse(text.as_bytes(), &Limits::default()), Err(ImageError::Document { .. })), "{text}");
        }
        let limits = Limits { layers: 1, ..Limits::default() };
        let text = br#"[{"Config": "x.json", "Layers": ["a", "b"]}]"#;
        assert!(matches!(parse(text, &limits), Err(ImageError::TooLarge { limit: 1, .. })));
    }

    #[test]
    fn a_name_may_promise_a_digest() {
        let hex = "0".repeat(64);
        assert_eq!(promised_digest(&format!("blobs/sha256/{hex}")), Some(ContentHash([0; 32])));
        assert_eq!(promised_digest(&format!("{hex}.json")), Some(ContentHash([0; 32])));
        assert_eq!(promised_digest(&format!("{hex}/layer.tar")), None);
        assert_eq!(promised_digest("config.json"), None);
    }
}
