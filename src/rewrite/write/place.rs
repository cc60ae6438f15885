//! Resolves paths of a change set. Follows links inside the workspace, so that the link stays; refuses paths that leave
//! it by `..` or a link. Reads the disk only.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use crate::rewrite::refusal::RefusalCode;
use crate::rewrite::write::error::{DiskError, WriteError, refuse};

#[derive(Debug)]
pub(super) struct Place {
    /// Absolute and without links.
    pub real: PathBuf,
    /// `None` if the name is free.
    pub found: Option<fs::Metadata>,
    /// Folders to create, outermost first.
    pub missing_folders: Vec<PathBuf>,
}

impl Place {
    /// The innermost existing folder.
    pub(super) fn existing_folder(&self) -> Option<&Path> {
        self.missing_folders.first().unwrap_or(&self.real).parent()
    }
}

/// `root` must be canonical.
pub(super) fn find(root: &Path, path: &Path) -> Result<Place, WriteError> {
    let names = path
        .components()
        .filter(|component| *component != Component::CurDir)
        .map(|component| match component {
            Component::Normal(name) => Ok(name),
            _ => Err(outside(path, "it is not a path below the workspace root")),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let Some((last, folders)) = names.split_last() else {
        return Err(outside(path, "it names the workspace itself"));
    };

    let mut real = root.to_owned();
    let mut missing_folders: Vec<PathBuf> = Vec::new();
    for name in folders {
        let next = real.join(name);
        real = match follow(root, path, &next)? {
            Some((folder, metadata)) if metadata.is_dir() => folder,
            Some(_) => {
                let message = format!("{} is not a folder; rename it or choose another path", shown(root, &next));
                return Err(refuse(RefusalCode::ChangedOnDisk, path, message));
            }
            None => {
                missing_folders.push(next.clone());
                next
            }
        };
    }
    let next = real.join(last);
    let (real, found) = match follow(root, path, &next)? {
        Some((real, metadata)) => (real, Some(metadata)),
        None => (next, None),
    };
    Ok(Place { real, found, missing_folders })
}

/// Returns `true` if the file holds exactly these bytes. Compares the length first, so that any size is cheap.
pub(super) fn holds(real: &Path, metadata: &fs::Metadata, bytes: &[u8]) -> io::Result<bool> {
    if !metadata.is_file() || usize::try_from(metadata.len()) != Ok(bytes.len()) {
        return Ok(false);
    }
    Ok(fs::read(real)? == bytes)
}

/// Follows one component; `None` if nothing has the name.
fn follow(root: &Path, path: &Path, next: &Path) -> Result<Option<(PathBuf, fs::Metadata)>, WriteError> {
    let look_at = |source| WriteError::Failed(DiskError::new("look at", next, source));
    let link = match fs::symlink_metadata(next) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            refuse_case_clash(path, next)?;
            return Ok(None);
        }
        Err(error) => return Err(look_at(error)),
    };
    let real = match fs::canonicalize(next) {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let reason = format!("the link {} leads nowhere; remove or repair it", shown(root, next));
            return Err(outside(path, &reason));
        }
        Err(error) => return Err(look_at(error)),
    };
    if !real.starts_with(root) {
        let reason = format!("{} leads to {}; edit that file in its own workspace", shown(root, next), real.display());
        return Err(outside(path, &reason));
    }
    if !link.is_symlink() && real.file_name() != next.file_name() {
        return Err(case_clash(path, &real));
    }
    let metadata = fs::metadata(&real).map_err(look_at)?;
    Ok(Some((real, metadata)))
}

/// On default file systems of macOS and Windows, names that differ only in case are one file, so a new file must not
/// add such a pair.
fn refuse_case_clash(path: &Path, next: &Path) -> Result<(), WriteError> {
    let (Some(folder), Some(name)) = (next.parent(), next.file_name()) else { return Ok(()) };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(DiskError::new("list", folder, error).into()),
    };
    let folded = name.to_string_lossy().to_lowercase();
    for entry in entries {
        let entry = entry.map_err(|error| DiskError::new("list", folder, error))?;
        if entry.file_name().to_string_lossy().to_lowercase() == folded {
            return Err(case_clash(path, &entry.path()));
        }
    }
    Ok(())
}

fn case_clash(path: &Path, present: &Path) -> WriteError {
    let name = present.file_name().unwrap_or_default().to_string_lossy();
    let message = format!(
        "the folder already has `{name}`, which is the same name on systems that ignore case; use another name"
    );
    refuse(RefusalCode::NameTaken, path, message)
}

fn outside(path: &Path, reason: &str) -> WriteError {
    refuse(RefusalCode::OutsideWorkspace, path, format!("{} is outside the workspace: {reason}", path.display()))
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}
