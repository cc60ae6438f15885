//! The files of a workspace as they are now, each looked at once. Reads files and lists folders.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use super::stamp::Stamp;
use crate::workspace::disk_tree::DiskTree;
use crate::workspace::evaluate::reads::{Digest, FileState};
use crate::workspace::evaluate::source_tree::SourceTree;

pub struct Present {
    root: PathBuf,
    tree: DiskTree,
    /// Digests of earlier starts, with the files' stamps.
    known: BTreeMap<String, (Digest, Stamp)>,
    looked: RefCell<BTreeMap<String, Looked>>,
    listings: RefCell<BTreeMap<String, Digest>>,
}

#[derive(Clone, Copy)]
pub struct Looked {
    pub state: FileState,
    /// By which a later start may recognise the content.
    pub stamp: Option<Stamp>,
    pub has_new_stamp: bool,
}

impl Present {
    /// `known` are digests of earlier starts with settled stamps.
    #[must_use]
    pub fn new(root: &Path, known: BTreeMap<String, (Digest, Stamp)>) -> Self {
        let tree = DiskTree::new(root);
        Self { root: root.to_owned(), tree, known, looked: RefCell::default(), listings: RefCell::default() }
    }

    /// Relative to the root.
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
        // The stamp must be that of the read text, and no later change may hide behind it.
        let stamp = before.filter(|before| before.is_settled(now) && stamp().is_some_and(|after| after == *before));
        Looked { state, stamp, has_new_stamp: stamp.is_some() }
    }

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
