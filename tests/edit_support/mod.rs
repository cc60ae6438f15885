//! A workspace in memory, for the tests of edits.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::collections::BTreeMap;
use std::path::Path;

use layerwright::rewrite::change_set::ChangeSet;
use layerwright::rewrite::source_tree::{Entry, SourceTree};

/// A workspace in memory.
#[derive(Clone, Default)]
pub struct Files {
    /// Content by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Where links lead, by path.
    pub symlinks: BTreeMap<String, String>,
}

impl SourceTree for Files {
    fn entry(&self, path: &str) -> Entry {
        let mut real_path = path.to_owned();
        if let Some(target) = self.symlinks.get(path) {
            let mut parts: Vec<&str> =
                path.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
            for part in target.split('/') {
                if part != ".." {
                    parts.push(part);
                } else if parts.pop().is_none() {
                    return Entry::Outside { leads_to: target.clone() };
                }
            }
            real_path = parts.join("/");
        }
        match self.files.get(&real_path) {
            Some(bytes) => Entry::File { bytes: bytes.clone(), real_path },
            None if self.files.keys().any(|other| other.starts_with(&format!("{path}/"))) => Entry::Folder,
            None => Entry::Missing,
        }
    }

    fn bzl_files(&self) -> Vec<String> {
        self.files.keys().filter(|path| path.ends_with(".bzl")).cloned().collect()
    }

    fn known_names(&self, _package: &str) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}

/// Reads every file below `folder`, by its path below `root`.
pub fn read_files(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_files(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// The workspace after the changes.
pub fn changed(workspace: &Files, changes: &ChangeSet) -> Files {
    let mut result = workspace.clone();
    for change in &changes.files {
        let path = change.path.to_str().unwrap();
        assert_eq!(workspace.files.get(path), change.before.as_ref(), "`before` is what was read");
        result.files.insert(path.to_owned(), change.after.clone());
    }
    result
}
