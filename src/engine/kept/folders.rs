use crate::rewrite::write::WriteOptions;
use std::path::PathBuf;

/// `None` if the system has no such folder.
#[must_use]
pub(crate) fn configuration_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "layerwright")?.config_dir().to_owned())
}

/// For journals of unfinished writes, outside of every workspace.
#[must_use]
pub(crate) fn state_folder() -> PathBuf {
    let folders = directories::ProjectDirs::from("", "", "layerwright");
    let folder = folders.map(|folders| folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned());
    folder.unwrap_or_else(|| std::env::temp_dir().join("layerwright"))
}

/// For what can be found out again; `None` if the system has no such folder.
#[must_use]
pub(crate) fn cache_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "layerwright")?.cache_dir().to_owned())
}

/// `None` if the system has no such folder.
#[must_use]
pub(crate) fn evaluations_folder() -> Option<PathBuf> {
    Some(cache_folder()?.join("evaluations"))
}

/// Journals lie outside of the workspace.
#[must_use]
pub(crate) fn write_options() -> WriteOptions {
    WriteOptions { state_dir: state_folder() }
}
