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
pub(crate) enum Standing {
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

pub(crate) fn standing(bytes: &[u8]) -> Standing {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = std::str::from_utf8(line).ok().and_then(|line| line.trim_end().strip_prefix(FRONT)?.split_once(MIDDLE));
    let Some((version, said)) = words else { return Standing::Foreign };
    let rest = bytes.get(line.len() + 1..).unwrap_or_default();
    match said == digest(rest) {
        true => Standing::AsInstalled(version.to_owned()),
        false => Standing::Edited(version.to_owned()),
    }
}

/// Of any version.
pub(crate) fn installed(tree: &dyn SourceTree, folder: &str) -> Option<Installed> {
    let version = |name: &str| match tree.entry(&join(folder, name)) {
        Entry::File { bytes, .. } => match standing(&bytes) {
            Standing::AsInstalled(version) | Standing::Edited(version) => Some(version),
            Standing::Foreign => None,
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
        assert_eq!(standing(text.as_bytes()), Standing::AsInstalled(version.clone()));
        assert_eq!(standing(text.replace("x = 1", "x = 2").as_bytes()), Standing::Edited(version));
        let old = text.replace(env!("CARGO_PKG_VERSION"), "0.0.9");
        assert_eq!(standing(old.as_bytes()), Standing::AsInstalled("0.0.9".to_owned()));
        assert_eq!(standing(b"x = 1\n"), Standing::Foreign);
        assert_eq!(standing(b""), Standing::Foreign);
    }
}
