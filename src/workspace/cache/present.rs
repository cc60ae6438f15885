//! The files of a workspace as they are now, each looked at once. Does IO: reads files and lists folders.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use super::stamp::Stamp;
use crate::workspace::disk_tree::DiskTree;
use crate::workspace::evaluate::reads::{Digest, FileState};
use crate::workspace::evaluate::source_tree::SourceTree;

/// What is found out about files as it is asked for.
pub struct Present {
    root: PathBuf,
    tree: DiskTree,
    /// Digests of earlier starts, with the stamps that the files had.
    known: BTreeMap<String, (Digest, Stamp)>,
    looked: RefCell<BTreeMap<String, Looked>>,
    listings: RefCell<BTreeMap<String, Digest>>,
}

/// A file that was looked at.
#[derive(Clone, Copy)]
pub struct Looked {
    /// What stands there.
    pub state: FileState,
    /// The stamp by which a later start may know the same content.
    pub stamp: Option<Stamp>,
    /// Whether the stamp was not known before.
    pub has_new_stamp: bool,
}

impl Present {
    /// The workspace at `root`; `known` are digests of earlier starts with settled stamps.
    #[must_use]
    pub fn new(root: &Path, known: BTreeMap<String, (Digest, Stamp)>) -> Self {
        let tree = DiskTree::new(root);
        Self { root: root.to_owned(), tree, known, looked: RefCell::default(), listings: RefCell::default() }
    }

    /// What stands at `path`, which is relative to the root.
    #[must_use]
    pub fn file(&self, path: &str) -> Looked {
        if let Some(looked) = self.looked.borrow().get(path) {
            return *looked;
        }
        let looked = self.look(path);
        self.looked.borrow_mut().insert(path.to_owned(), looked);
        looked
    }

    fn look(&self, path: &str) -> Looked {
        let full = self.root.join(path);
        let stamp = || full.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|about| Stamp::of(&about));
        let (now, before) = (SystemTime::now(), stamp());
        if let (Some((digest, known)), Some(before)) = (self.known.get(path), before)
            && *known == before
        {
            return Looked { state: FileState::Text(*digest), stamp: Some(before), has_new_stamp: false };
        }
        let state = FileState::of(&self.tree.read(path));
        // The stamp must be that of the text that was read, and no later change may hide behind it.
        let stamp = before.filter(|before| before.is_settled(now) && stamp().is_some_and(|after| after == *before));
        Looked { state, stamp, has_new_stamp: stamp.is_some() }
    }

    /// The digest of what belongs to `package`.
    #[must_use]
    pub fn listing(&self, package: &str) -> Digest {
        if let Some(digest) = self.listings.borrow().get(package) {
            return *digest;
        }
        let contents = self.tree.contents(package);
        let digest = Digest::of_contents(Rc::as_ref(&contents));
        self.listings.borrow_mut().insert(package.to_owned(), digest);
        digest
    }
}
