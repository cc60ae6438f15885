//! Keeps the settings in the platform's folder for configuration. Does IO.

use crate::engine::kept::folders::configuration_folder;
use std::path::PathBuf;

use crate::app::state::settings::Settings;

fn path() -> Option<PathBuf> {
    Some(configuration_folder()?.join("settings.toml"))
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
