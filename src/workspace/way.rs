//! The path to a folder through links: none leads in circles or out of the workspace.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::listing::Entry;

/// Links that branch can lead to exponentially many folders.
const MOST_LINKED_FOLDERS: usize = 10_000;

pub const TOO_MANY: &str = "is not followed: links lead to more folders than are looked at";

/// A folder with the links that led to it.
#[derive(Clone, Debug)]
pub struct Way {
    /// With links resolved.
    pub real: PathBuf,
    /// Folders that were left through a link, the last one first.
    left: Option<Rc<Left>>,
}

#[derive(Debug)]
struct Left {
    folder: PathBuf,
    before: Option<Rc<Left>>,
}

impl Way {
    /// `folder` must be canonical.
    #[must_use]
    pub fn to(folder: PathBuf) -> Self {
        Self { real: folder, left: None }
    }

    /// Enters an entry; `None` if it is no folder.
    ///
    /// # Errors
    /// Why a link is not followed: `is a link out of the workspace and is not followed`.
    pub fn enter(&self, entry: &Entry, root: &Path, linked: &mut usize) -> Result<Option<Self>, &'static str> {
        if entry.is_folder {
            *linked += usize::from(self.left.is_some());
            return Ok(Some(Self { real: entry.path.clone(), left: self.left.clone() }));
        }
        if !entry.is_link || !entry.path.is_dir() {
            return Ok(None);
        }
        let Ok(target) = entry.path.canonicalize() else { return Ok(None) };
        if !target.starts_with(root) {
            return Err("is a link out of the workspace and is not followed");
        }
        let mut left = std::iter::successors(self.left.as_ref(), |left| left.before.as_ref());
        if self.real.starts_with(&target) || left.any(|left| left.folder.starts_with(&target)) {
            return Err("is a link to a folder that holds it and is not followed");
        }
        *linked += 1;
        if *linked > MOST_LINKED_FOLDERS {
            return Err(TOO_MANY);
        }
        let left = Some(Rc::new(Left { folder: self.real.clone(), before: self.left.clone() }));
        Ok(Some(Self { real: target, left }))
    }
}
