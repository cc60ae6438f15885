//! The way to a folder through links: none leads in circles or out of the workspace. Does IO: asks where links lead.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::listing::Entry;

/// Most folders behind links in one walk: links that branch give more ways than anybody can go.
const MOST_LINKED_FOLDERS: usize = 10_000;

/// What is said of the first link that is one too many.
pub const TOO_MANY: &str = "is not followed: links lead to more folders than are looked at";

/// A folder with the links that led to it.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where the folder really is.
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
    /// The way to a folder without links; `folder` must be canonical.
    #[must_use]
    pub fn to(folder: PathBuf) -> Self {
        Self { real: folder, left: None }
    }

    /// The way on into an entry; `None` for what is no folder.
    ///
    /// # Errors
    /// For a link that must not be followed, what is said of it: `is a link out of the workspace and is not followed`.
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
