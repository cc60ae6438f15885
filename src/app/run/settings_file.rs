//! Settings in the platform's configuration folder. Does IO.

use crate::engine::kept::folders::configuration_folder;
use std::path::PathBuf;

use crate::app::state::settings::Settings;
use crate::whole_file::write_whole;

fn path() -> Option<PathBuf> {
    Some(configuration_folder()?.join("settings.toml"))
}

/// Returns the defaults if there are none or they can't be read.
#[must_use]
pub(crate) fn load() -> Settings {
    let text = path().and_then(|path| std::fs::read_to_string(path).ok());
    text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
}

/// # Errors
/// A sentence with the path when the settings can't be written.
pub(crate) fn save(settings: &Settings) -> Result<(), String> {
    let Some(path) = path() else {
        return Err("Couldn't save the settings: this system has no configuration folder".to_owned());
    };
    let text = toml::to_string(settings).map_err(|error| error.to_string())?;
    write_whole(&path, text.as_bytes())
        .map_err(|error| format!("Couldn't save the settings to {}: {error}", path.display()))
}
