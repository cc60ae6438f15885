//! An image's configuration: platform, digests of the layers' tars, history. Reads only the fields it needs, so that a
//! bad other field makes no image unreadable.

use serde::Deserialize;

use crate::built_image::error::ImageError;
use crate::built_image::model::{ContentHash, ImagePlatform};
use crate::label::Label;

/// OCI image-spec, config.md.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Configuration {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    #[serde(default)]
    rootfs: RootFilesystem,
    history: Option<Vec<HistoryEntry>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct RootFilesystem {
    diff_ids: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct HistoryEntry {
    created_by: Option<String>,
    comment: Option<String>,
    empty_layer: Option<bool>,
}

/// # Errors
/// When it is no configuration.
pub(crate) fn parse(bytes: &[u8]) -> Result<Configuration, ImageError> {
    serde_json::from_slice(bytes).map_err(|error| ImageError::Document {
        what: "the image's configuration".to_owned(),
        reason: error.to_string(),
    })
}

impl Configuration {
    /// With the default's parts where it says nothing.
    pub(crate) fn platform(&self) -> ImagePlatform {
        let default = ImagePlatform::default();
        let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        ImagePlatform {
            os: said(&self.os).unwrap_or(default.os),
            architecture: said(&self.architecture).unwrap_or(default.architecture),
            variant: said(&self.variant),
        }
    }

    /// The digests of the layers' tars, lowest first.
    ///
    /// # Errors
    /// When the number differs, or one is no SHA-256.
    pub(crate) fn diff_ids(&self, layers: usize) -> Result<Vec<ContentHash>, ImageError> {
        let texts = self.rootfs.diff_ids.as_deref().unwrap_or_default();
        if texts.len() != layers {
            return Err(ImageError::Document {
                what: "the image".to_owned(),
                reason: format!("its manifest has {layers} layers, its configuration {}", texts.len()),
            });
        }
        let parse = |text: &String| {
            let hash = text.strip_prefix("sha256:").and_then(ContentHash::from_hex);
            hash.ok_or_else(|| ImageError::UnknownDigest(text.clone()))
        };
        texts.iter().map(parse).collect()
    }

    /// Returns the step that made each layer, lowest first, and a note if not all are known. Steps marked as empty made
    /// no layer. If a base image has no history, as with rules_oci, the steps belong to the topmost layers.
    pub(crate) fn made_by(&self, layers: usize) -> (Vec<Option<String>>, Option<String>) {
        let steps = self.history.as_deref().unwrap_or_default();
        let mut steps: Vec<Option<String>> =
            steps.iter().filter(|step| step.empty_layer != Some(true)).map(HistoryEntry::made_by).collect();
        if steps.len() > layers {
            let note = format!(
                "the history has {} steps that made layers, the image {layers} layers, so no step is matched",
                steps.len()
            );
            return (vec![None; layers], Some(note));
        }
        let missing = layers - steps.len();
        let note = (missing > 0 && !steps.is_empty())
            .then(|| format!("the history says nothing of {missing} layers; its steps are taken for the topmost ones"));
        steps.splice(0..0, std::iter::repeat_n(None, missing));
        (steps, note)
    }
}

impl HistoryEntry {
    fn made_by(&self) -> Option<String> {
        let texts = [&self.created_by, &self.comment];
        texts.into_iter().flatten().find(|text| !text.is_empty()).cloned()
    }
}

/// The target of a step `bazel build <label>`, as rules_oci writes it.
pub(crate) fn label_of(made_by: &str) -> Option<Label> {
    let label = made_by.strip_prefix("bazel build ")?.split_whitespace().next()?;
    Label::parse_absolute(label).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(history: &str, layers: usize, expected: &[Option<&str>], has_note: bool) {
        let configuration = parse(format!(r#"{{"history": {history}}}"#).as_bytes()).unwrap();
        let (made_by, note) = configuration.made_by(layers);
        assert_eq!(made_by.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
        assert_eq!(note.is_some(), has_note, "{note:?}");
    }

    #[test]
    fn steps_are_matched_to_layers() {
        let steps = r#"[{"created_by": "ADD base"}, {"created_by": "ENV x", "empty_layer": true},
            {"comment": "by hand", "created_by": ""}]"#;
        check(steps, 2, &[Some("ADD base"), Some("by hand")], false);
        check(steps, 3, &[None, Some("ADD base"), Some("by hand")], true);
        check(steps, 1, &[None], true);
        check("null", 2, &[None, None], false);
        check("[]", 0, &[], false);
    }

    #[test]
    fn the_label_is_the_one_that_bazel_built() {
        let label = |text: &str| label_of(text).map(|label| label.to_string());
        assert_eq!(label("bazel build //app:image_app_layer").as_deref(), Some("//app:image_app_layer"));
        assert_eq!(label("bazel build @@//app:image_app_layer").as_deref(), Some("//app:image_app_layer"));
        assert_eq!(label("bazel build @@base~//:x.tar").as_deref(), Some("@@base~//:x.tar"));
        for text in ["bazel build ", "bazel build app", "bazel test //a:b", "RUN bazel build //a:b", ""] {
            assert_eq!(label(text), None, "{text}");
        }
    }

    #[test]
    fn the_platform_is_said_or_the_usual_one() {
        let platform = |text: &str| parse(text.as_bytes()).unwrap().platform().to_string();
        assert_eq!(platform(r#"{"os": "linux", "architecture": "arm", "variant": "v7"}"#), "linux/arm/v7");
        assert_eq!(platform(r#"{"os": null, "variant": ""}"#), "linux/amd64");
    }

    #[test]
    fn layers_and_digests_must_be_as_many() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let configuration = parse(format!(r#"{{"rootfs": {{"diff_ids": ["{digest}"]}}}}"#).as_bytes()).unwrap();
        assert_eq!(configuration.diff_ids(1).unwrap(), [ContentHash([0; 32])]);
        assert!(matches!(configuration.diff_ids(2), Err(ImageError::Document { .. })));
        let other = parse(br#"{"rootfs": {"diff_ids": ["md5:00"]}}"#).unwrap();
        assert!(matches!(other.diff_ids(1), Err(ImageError::UnknownDigest(_))));
    }
}
