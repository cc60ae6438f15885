//! A small workspace in memory around the texts that are fuzzed.

use std::collections::BTreeMap;
use std::path::Path;

use crate::rewrite::source_tree::{Entry, SourceTree};

const SHARED: [(&str, &[u8]); 3] = [
    ("tools/bazel/release.bzl", include_bytes!("../../tests/edit_cases/_shared/tools/bazel/release.bzl")),
    ("tools/bazel/layers.bzl", include_bytes!("../../tests/edit_cases/_shared/tools/bazel/layers.bzl")),
    ("tools/bazel/app.bzl", include_bytes!("../../tests/edit_cases/_shared/tools/bazel/app.bzl")),
];

/// The BUILD files that are fuzzed, in the order of their texts.
const FUZZED: [&str; 2] = ["demo/app/BUILD.bazel", "libs/base/BUILD.bazel"];

/// Files by path.
#[derive(Clone)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// The workspace with these texts as BUILD files.
    #[must_use]
    pub fn new(texts: &[&[u8]]) -> Self {
        let shared = SHARED.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        let fuzzed = FUZZED.iter().zip(texts).map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
        Self(shared.chain(fuzzed).collect())
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Vec<u8>> {
        self.0.get(path.to_str()?)
    }

    /// Gives a file other bytes.
    pub fn set(&mut self, path: &Path, bytes: Vec<u8>) {
        self.0.insert(path.to_string_lossy().into_owned(), bytes);
    }
}

impl SourceTree for Files {
    fn entry(&self, path: &str) -> Entry {
        match self.0.get(path) {
            Some(bytes) => Entry::File { bytes: bytes.clone(), real_path: path.to_owned() },
            None => Entry::Missing,
        }
    }

    fn bzl_files(&self) -> Vec<String> {
        self.0.keys().filter(|path| path.ends_with(".bzl")).cloned().collect()
    }

    fn known_names(&self, _package: &str) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}
