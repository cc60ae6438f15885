//! A read-only view of a workspace's files, on disk or in tests on a map.

use std::collections::BTreeMap;

use crate::build_file::text_edit::TextEdits;
use crate::rewrite::disk_lines::DiskLines;

/// In bytes. Real BUILD files reach about 1 MB.
pub(crate) const SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// Paths are relative to the root and use `/`.
pub trait SourceTree {
    /// Follows links.
    fn entry(&self, path: &str) -> Entry;

    /// Only used for the text of refusals.
    fn bzl_files(&self) -> Vec<String>;

    /// Names found by evaluating the package, each with its maker in words. Empty without evaluation.
    fn known_names(&self, package: &str) -> BTreeMap<String, String>;

    /// The line on disk of a line of the text. The same unless changed in memory.
    fn disk_line(&self, _real_path: &str, line: usize) -> usize {
        line
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Missing,
    Folder,
    File {
        bytes: Vec<u8>,
        /// Relative to the root; differs from the requested path if there are links.
        real_path: String,
    },
    /// A link out of the workspace.
    Outside {
        leads_to: String,
    },
}

/// A tree with changed files.
pub(crate) struct Overlay<'a> {
    base: &'a dyn SourceTree,
    changed: BTreeMap<String, Vec<u8>>,
    lines: BTreeMap<String, DiskLines>,
}

impl<'a> Overlay<'a> {
    pub(crate) fn new(base: &'a dyn SourceTree) -> Self {
        Self { base, changed: BTreeMap::new(), lines: BTreeMap::new() }
    }

    /// By real path.
    pub(crate) fn change(&mut self, real_path: &str, bytes: Vec<u8>) {
        self.changed.insert(real_path.to_owned(), bytes);
    }

    /// Edits a file with the content `before`, by real path.
    pub(crate) fn edit(&mut self, real_path: &str, before: &[u8], edits: &TextEdits) {
        let after = edits.apply(before);
        let lines = self.lines.entry(real_path.to_owned()).or_default();
        *lines = lines.edited(before, edits, &after);
        self.change(real_path, after);
    }

    /// By real path.
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
