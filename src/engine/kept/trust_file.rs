//! Trusted workspaces, in a file beside the settings: the window writes the settings whole and would undo what a
//! command saved. Does IO.

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

/// The proof that the user trusts the workspace at `root`.
#[must_use]
pub(crate) fn remembered_trust(root: &Path) -> Option<TrustedWorkspace> {
    let root = canonical(root);
    trusted_workspaces().contains(&root).then(|| TrustedWorkspace::by_the_users_word(&root))
}

#[must_use]
pub(crate) fn trusted_workspaces() -> Vec<PathBuf> {
    let text = path().and_then(|path| std::fs::read_to_string(path).ok());
    let remembered: Remembered = text.and_then(|text| toml::from_str(&text).ok()).unwrap_or_default();
    remembered.trusted
}

/// # Errors
/// A sentence with the path when the file can't be written.
pub(crate) fn remember_trust(root: &Path) -> Result<(), String> {
    change(|trusted| trusted.push(canonical(root)))
}

/// # Errors
/// A sentence with the path when the file can't be written.
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

/// The workspace's Bazel, if trusted.
pub(crate) fn trusted_bazel(root: &Path) -> Option<BazelCommand> {
    remembered_trust(root)?;
    find_bazel(root, None).ok()
}
