//! Opens the repository around a folder without obeying its configuration.

use std::path::{Path, PathBuf};

use gix::discover::upwards::{Options as SearchOptions, TrustPolicy};
use gix::sec::Trust;

use crate::history::request::HistoryError;

/// In bytes; commits, trees and lock files of a sane repository are smaller.
const LARGEST_OBJECT: &str = "268435456";

/// Per thread, in bytes. On 31,000 commits less costs a tenth more time, more saves nothing; a cache of whole objects
/// costs more than it saves.
const DELTA_BASE_CACHE: &str = "33554432";

pub(super) struct OpenRepository {
    /// Can be handed to threads.
    pub(super) repository: gix::ThreadSafeRepository,
    /// Folders from the repository's top to the workspace.
    pub(super) prefix: Vec<Vec<u8>>,
    /// For messages.
    pub(super) root: PathBuf,
}

/// Follows a `.git` file (linked worktree, submodule).
pub(super) fn open(root: &Path) -> Result<OpenRepository, HistoryError> {
    // Reduced trust ignores settings that could name programs or other places, whoever owns the folder.
    let search = SearchOptions { trust: TrustPolicy::Assume(Trust::Reduced), ..SearchOptions::default() };
    let (found, _) = gix::discover::upwards_opts(root, search).map_err(|error| {
        if error.downcast_any_ref::<gix::discover::upwards::Error>().is_some() {
            HistoryError::NotARepository { root: root.to_owned() }
        } else {
            unusable(root, &error)
        }
    })?;
    let (git_folder, work_folder) = found.into_repository_and_work_tree_directories();
    let options = gix::open::Options::isolated().with(Trust::Reduced).open_path_as_is(true).config_overrides([
        format!("gitoxide.objects.allocLimit={LARGEST_OBJECT}"),
        format!("core.deltaBaseCacheLimit={DELTA_BASE_CACHE}"),
    ]);
    let repository = options.open(git_folder).map_err(|error| unusable(root, &error))?;
    let prefix = match work_folder {
        Some(work_folder) => prefix(&work_folder, root)?,
        // A bare repository: its top is the workspace.
        None => Vec::new(),
    };
    Ok(OpenRepository { repository, prefix, root: root.to_owned() })
}

fn unusable(root: &Path, error: &gix::Error) -> HistoryError {
    HistoryError::Unusable { root: root.to_owned(), reason: error.to_string() }
}

/// Folder names from `work_folder` to `root`, with links resolved.
fn prefix(work_folder: &Path, root: &Path) -> Result<Vec<Vec<u8>>, HistoryError> {
    let resolved = |path: &Path| -> Result<PathBuf, HistoryError> {
        path.canonicalize().map_err(|error| HistoryError::Unusable {
            root: root.to_owned(),
            reason: format!("{}: {error}", path.display()),
        })
    };
    let (work_folder, whole) = (resolved(work_folder)?, resolved(root)?);
    let below = whole.strip_prefix(&work_folder).map_err(|_| HistoryError::NotARepository { root: root.to_owned() })?;
    Ok(below.components().map(|part| part.as_os_str().as_encoded_bytes().to_vec()).collect())
}
