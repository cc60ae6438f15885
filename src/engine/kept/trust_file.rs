//! Remembers which workspaces the user trusts, in a file beside the settings. Does IO.
//!
//! Not part of the settings: the window writes those whole, and would undo what a command remembered meanwhile.

use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::find::find_bazel;
use std::path::PathBuf;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::engine::kept::folders::configuration_folder;
use crate::whole_file::write_whole;
use crate::workspace::bazel::trust::TrustedWorkspace;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    /// Roots, with links resolved.
    trusted: Vec<PathBuf>,
}

/// The proof for the workspace at `root`, if the user once said that it is trusted and has not taken that back.
#[must_use]
pub(crate) fn remembered_trust(root: &Path) -> Option<TrustedWorkspace> {
    let root = canonical(root);
    trusted_workspaces().contains(&root).then(|| TrustedWorkspace::by_the_users_word(&root))
}

/// Every root that is trusted, in order.
#[must_use]
pub(crate) fn trusted_workspaces() -> Vec<PathBuf> {
    let text = path().and_then(|path| std::fs::read_to_string(path).ok());
    let remembered: Remembered = text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default();
    remembered.trusted
}

/// Remembers that the user trusts the workspace at `root`.
///
/// # Errors
/// A sentence with the path when it can't be written.
pub(crate) fn remember_trust(root: &Path) -> Result<(), String> {
    change(|trusted| trusted.push(canonical(root)))
}

/// Forgets it again.
///
/// # Errors
/// A sentence with the path when it can't be written.
pub(crate) fn forget_trust(root: &Path) -> Result<(), String> {
    let root = canonical(root);
    change(|trusted| trusted.retain(|one| *one != root))
}

fn change(edit: impl FnOnce(&mut Vec<PathBuf>)) -> Result<(), String> {
    let path = path().ok_or("this system has no settings folder: the choice was not saved")?;
    let mut trusted = trusted_workspaces();
    edit(&mut trusted);
    trusted.sort();
    trusted.dedup();
    let text = toml::to_string(&Remembered { trusted }).map_err(|error| error.to_string())?;
    write_whole(&path, text.as_bytes())
        .map_err(|error| format!("{}: the choice was not saved: {error}", path.display()))
}

fn path() -> Option<PathBuf> {
    Some(configuration_folder()?.join("trusted.toml"))
}

fn canonical(root: &Path) -> PathBuf {
    root.canonicalize().unwrap_or_else(|_| root.to_owned())
}

/// The Bazel that may be asked about the result, where the user trusts the workspace and there is one.
pub(crate) fn trusted_bazel(root: &Path) -> Option<BazelCommand> {
    remembered_trust(root)?;
    find_bazel(root, None).ok()
}
