//! The folders that the program keeps files in.

use crate::rewrite::write::WriteOptions;
use std::path::PathBuf;

/// Where what the user chose is kept; `None` where the system names no such folder.
#[must_use]
pub(crate) fn configuration_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "layerwright")?.config_dir().to_owned())
}

/// Where journals of unfinished writes are kept, outside every workspace.
#[must_use]
pub(crate) fn state_folder() -> PathBuf {
    let folders = directories::ProjectDirs::from("", "", "layerwright");
    let folder = folders.map(|folders| folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned());
    folder.unwrap_or_else(|| std::env::temp_dir().join("layerwright"))
}

/// Where what can be found out again is kept, such as what packing gave; `None` where the system names no such folder.
#[must_use]
pub(crate) fn cache_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "layerwright")?.cache_dir().to_owned())
}

/// Where results of evaluation are kept; `None` where the system names no such folder.
#[must_use]
pub(crate) fn evaluations_folder() -> Option<PathBuf> {
    Some(cache_folder()?.join("evaluations"))
}

/// How change sets are written by this program: journals lie outside the workspace.
#[must_use]
pub(crate) fn write_options() -> WriteOptions {
    WriteOptions { state_dir: state_folder() }
}
