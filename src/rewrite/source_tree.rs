//! Where files come from: a tiny read-only view of a workspace, so that planning needs no disk.
//!
//! Does no IO itself; the program implements the trait on the disk, tests on a map.

use std::collections::BTreeMap;

use crate::build_file::text_edit::TextEdits;
use crate::rewrite::disk_lines::DiskLines;

/// The largest file that is edited, in bytes. Real BUILD files reach about 1 MB.
pub(crate) const SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// The files of a workspace. Paths are relative to its root and use `/`.
pub trait SourceTree {
    /// Returns the entry at `path`, links followed.
    fn entry(&self, path: &str) -> Entry;

    /// Every `.bzl` file of the workspace. Only asked for the words of a refusal.
    fn bzl_files(&self) -> Vec<String>;

    /// Names that an evaluation of the package found, each with a few words on what makes it. Empty where nothing was evaluated.
    fn known_names(&self, package: &str) -> BTreeMap<String, String>;

    /// Returns the line of the file on disk that a line of the text comes from, by the real path. Both are the same where
    /// nothing was changed in memory.
    fn disk_line(&self, _real_path: &str, line: usize) -> usize {
        line
    }
}

/// An entry of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Nothing.
    Missing,
    /// A folder.
    Folder,
    /// A file in the workspace.
    File {
        /// The content.
        bytes: Vec<u8>,
        /// The real file, relative to the root: another path than the one asked for when there are links on the way.
        real_path: String,
    },
    /// A link that leaves the workspace.
    Outside {
        /// The link's own text.
        leads_to: String,
    },
}

/// A tree with some files changed.
pub(crate) struct Overlay<'a> {
    base: &'a dyn SourceTree,
    changed: BTreeMap<String, Vec<u8>>,
    lines: BTreeMap<String, DiskLines>,
}

impl<'a> Overlay<'a> {
    pub(crate) fn new(base: &'a dyn SourceTree) -> Self {
        Self { base, changed: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// Gives a file other bytes, by its real path.
    pub(crate) fn change(&mut self, real_path: &str, bytes: Vec<u8>) {
        self.changed.insert(real_path.to_owned(), bytes);
    }

    /// Makes edits in a file that holds `before` now, by its real path.
    pub(crate) fn edit(&mut self, real_path: &str, before: &[u8], edits: &TextEdits) {
        let after = edits.apply(before);
        let lines = self.lines.entry(real_path.to_owned()).or_default();
        *lines = lines.edited(before, edits, &after);
        self.change(real_path, after);
    }

    /// The files that were changed, by real path.
    pub(crate) fn changed(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.changed
    }
}

impl SourceTree for Overlay<'_> {
    fn entry(&self, path: &str) -> Entry {
        match self.base.entry(path) {
            Entry::File { bytes, real_path } => {
                let bytes = self.changed.get(&real_path).cloned().unwrap_or(bytes);
                Entry::File { bytes, real_path }
            }
            other => other,
        }
    }

    fn bzl_files(&self) -> Vec<String> {
        self.base.bzl_files()
    }

    fn known_names(&self, package: &str) -> BTreeMap<String, String> {
        self.base.known_names(package)
    }

    fn disk_line(&self, real_path: &str, line: usize) -> usize {
        let line = self.lines.get(real_path).map_or(line, |lines| lines.of(line));
        self.base.disk_line(real_path, line)
    }
}
