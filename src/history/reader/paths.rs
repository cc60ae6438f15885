//! Numbers paths while trees are compared.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::sync::Arc;

/// In order of first sight.
pub(super) struct PathNumbers<'a> {
    numbers: HashMap<Box<[u8]>, Known, RandomState>,
    watched: &'a [&'a str],
    bytes: usize,
}

#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) number: u32,
    /// Its place among the watched paths.
    pub(super) watched: Option<usize>,
}

impl<'a> PathNumbers<'a> {
    pub(super) fn new(watched: &'a [&'a str]) -> Self {
        Self { numbers: HashMap::default(), watched, bytes: 0 }
    }

    /// `None` if 32 bits do not suffice.
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

    /// Length of all paths together.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Invalid UTF-8 becomes U+FFFD, so two such paths can read alike.
    pub(super) fn into_paths(self) -> Vec<Arc<str>> {
        let mut paths: Vec<(Box<[u8]>, Known)> = self.numbers.into_iter().collect();
        paths.sort_unstable_by_key(|(_, known)| known.number);
        paths.into_iter().map(|(path, _)| String::from_utf8_lossy(&path).into()).collect()
    }
}
