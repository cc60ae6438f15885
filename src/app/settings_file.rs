//! Keeps the settings in the platform's folder for configuration. Does IO.

use std::path::PathBuf;

use crate::app::settings::Settings;

fn path() -> Option<PathBuf> {
    Some(configuration_folder()?.join("settings.toml"))
}

/// Where what the user chose is kept; `None` where the system names no such folder.
#[must_use]
pub fn configuration_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "layerwright")?.config_dir().to_owned())
}

/// Where journals of unfinished writes are kept, outside every workspace.
#[must_use]
pub fn state_folder() -> PathBuf {
    let folders = directories::ProjectDirs::from("", "", "layerwright");
    let folder = folders.map(|folders| folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned());
    folder.unwrap_or_else(|| std::env::temp_dir().join("layerwright"))
}

/// Where what can be found out again is kept, such as what packing gave; `None` where the system names no such folder.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    Some(directories::ProjectDirs::from("", "", "layerwright")?.cache_dir().to_owned())
}

/// Where results of evaluation are kept; `None` where the system names no such folder.
#[must_use]
pub fn evaluations_folder() -> Option<PathBuf> {
    Some(cache_folder()?.join("evaluations"))
}

/// The settings of the last start; the defaults where there are none or they can't be read.
#[must_use]
pub fn load() -> Settings {
    let text = path().and_then(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
}

/// Keeps the settings for the next start.
///
/// # Errors
/// A sentence with the path when they can't be written.
pub fn save(settings: &Settings) -> Result<(), String> {
    let Some(path) = path() else {
        return Err("this system names no folder for settings: they are not kept".to_owned());
    };
    let text = toml::to_string(settings).map_err(|error| error.to_string())?;
    let folder = path.parent().map(std::fs::create_dir_all);
    folder
        .unwrap_or(Ok(()))
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|error| format!("{}: the settings are not kept: {error}", path.display()))
}
