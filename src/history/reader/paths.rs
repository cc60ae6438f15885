//! Gives each path a number while trees are compared, so that a commit is a list of numbers.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::sync::Arc;

/// Paths in the order they were first seen, as bytes, each once.
pub(super) struct PathNumbers<'a> {
    numbers: HashMap<Box<[u8]>, Known, RandomState>,
    watched: &'a [&'a str],
    bytes: usize,
}

/// What is known about a path.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// In the order of first sight, from 0.
    pub(super) number: u32,
    /// Its place among the watched paths.
    pub(super) watched: Option<usize>,
}

impl<'a> PathNumbers<'a> {
    pub(super) fn new(watched: &'a [&'a str]) -> Self {
        Self { numbers: HashMap::default(), watched, bytes: 0 }
    }

    /// The number of `path`, a new one where it was never seen; `None` where 32 bits do not suffice.
    pub(super) fn number(&mut self, path: &[u8]) -> Option<Known> {
        if let Some(known) = self.numbers.get(path) {
            return Some(*known);
        }
        let number = u32::try_from(self.numbers.len()).ok()?;
        let known = Known { number, watched: self.watched.iter().position(|watched| watched.as_bytes() == path) };
        self.bytes += path.len();
        self.numbers.insert(path.into(), known);
        Some(known)
    }

    /// The length of all paths together.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The paths by number. What is not UTF-8 becomes U+FFFD, so two such paths can read alike.
    pub(super) fn into_paths(self) -> Vec<Arc<str>> {
        let mut paths: Vec<(Box<[u8]>, Known)> = self.numbers.into_iter().collect();
        paths.sort_unstable_by_key(|(_, known)| known.number);
        paths.into_iter().map(|(path, _)| String::from_utf8_lossy(&path).into()).collect()
    }
}
