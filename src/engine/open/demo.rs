//! The bundled demo, a small workspace with a made-up history. Unpacked into the cache folder each time it is opened.
//! Does IO.

use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};
use thiserror::Error;

use crate::history::model::History;
use crate::history::sample::parse_sample;

static WORKSPACE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/demo");
const HISTORY: &str = include_str!("../../../assets/demo_history.json");

#[derive(Debug, Error)]
pub(crate) enum DemoError {
    #[error("the demo can't be unpacked to {}: {reason}", path.display())]
    Unpack { path: PathBuf, reason: String },
    /// The bundled history is not readable: a defect of the program.
    #[error("the demo's sample history can't be read: {0}")]
    History(String),
}

#[must_use]
pub(crate) fn folder() -> PathBuf {
    let caches = directories::ProjectDirs::from("", "", "layerwright").map(|folders| folders.cache_dir().to_owned());
    caches
        .unwrap_or_else(|| std::env::temp_dir().join("layerwright"))
        .join(format!("demo-{}", env!("CARGO_PKG_VERSION")))
}

/// # Errors
/// When its folder can't be written.
pub(crate) fn unpack() -> Result<PathBuf, DemoError> {
    let root = folder();
    let failed = |error: std::io::Error| DemoError::Unpack { path: root.clone(), reason: error.to_string() };
    if root.exists() {
        std::fs::remove_dir_all(&root).map_err(failed)?;
    }
    write_folder(&WORKSPACE, &root).map_err(failed)?;
    Ok(root)
}

fn write_folder(folder: &Dir<'_>, root: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(root.join(folder.path()))?;
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(below) => write_folder(below, root)?,
            DirEntry::File(file) => std::fs::write(root.join(file.path()), file.contents())?,
        }
    }
    Ok(())
}

/// The made-up history, marked as a sample.
///
/// # Errors
/// When the bundled text is not readable.
pub(crate) fn sample_history() -> Result<History, DemoError> {
    parse_sample(HISTORY).map_err(|error| DemoError::History(error.to_string()))
}
