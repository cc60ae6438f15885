//! The first line of an installed file: version, and a digest that detects edits.

use sha2::{Digest as _, Sha256};

use crate::hex::hex;
use crate::path_text::join;
use crate::rewrite::source_tree::{Entry, SourceTree};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The version that installed them.
    pub version: String,
    pub has_image_macros: bool,
}

/// Identifies installed rules.
const LAYERS_FILE: &str = "py_layers.bzl";
const IMAGE_MACROS_FILE: &str = "container_image.bzl";

const FRONT: &str = "# Layer rules of Layerwright ";
const MIDDLE: &str = "; put here by `layerwright rules install`, digest ";

/// Origin of a file at the place of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileOrigin {
    /// With its version.
    AsInstalled(String),
    /// Edited since, with its version.
    Edited(String),
    /// Not installed by Layerwright.
    Foreign,
}

pub(crate) fn marked(text: &str) -> String {
    format!("{FRONT}{}{MIDDLE}{}\n{text}", env!("CARGO_PKG_VERSION"), digest(text.as_bytes()))
}

pub(crate) fn origin(bytes: &[u8]) -> FileOrigin {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = std::str::from_utf8(line).ok().and_then(|line| line.trim_end().strip_prefix(FRONT)?.split_once(MIDDLE));
    let Some((version, said)) = words else { return FileOrigin::Foreign };
    let rest = bytes.get(line.len() + 1..).unwrap_or_default();
    match said == digest(rest) {
        true => FileOrigin::AsInstalled(version.to_owned()),
        false => FileOrigin::Edited(version.to_owned()),
    }
}

/// Of any version.
pub(crate) fn installed(tree: &dyn SourceTree, folder: &str) -> Option<Installed> {
    let version = |name: &str| match tree.entry(&join(folder, name)) {
        Entry::File { bytes, .. } => match origin(&bytes) {
            FileOrigin::AsInstalled(version) | FileOrigin::Edited(version) => Some(version),
            FileOrigin::Foreign => None,
        },
        _ => None,
    };
    let has_image_macros = version(IMAGE_MACROS_FILE).is_some();
    version(LAYERS_FILE).map(|version| Installed { version, has_image_macros })
}

fn digest(text: &[u8]) -> String {
    hex(&Sha256::digest(text)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_noticed_and_other_files_are_not_ours() {
        let text = marked("\"\"\"Rules.\"\"\"\nx = 1\n");
        let version = env!("CARGO_PKG_VERSION").to_owned();
        assert_eq!(origin(text.as_bytes()), FileOrigin::AsInstalled(version.clone()));
        assert_eq!(origin(text.replace("x = 1", "x = 2").as_bytes()), FileOrigin::Edited(version));
        let old = text.replace(env!("CARGO_PKG_VERSION"), "0.0.9");
        assert_eq!(origin(old.as_bytes()), FileOrigin::AsInstalled("0.0.9".to_owned()));
        assert_eq!(origin(b"x = 1\n"), FileOrigin::Foreign);
        assert_eq!(origin(b""), FileOrigin::Foreign);
    }
}
