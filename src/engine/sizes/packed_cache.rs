//! Cached results of packing, by content, in one folder. Does IO; an unreadable cache counts as empty.

use crate::whole_file::write_whole;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// Beyond this, unused entries are dropped.
const MOST_ENTRIES: usize = 50_000;
const FILE: &str = "packed-sizes.txt";
/// Larger files are ignored.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

pub(crate) struct PackedCache {
    folder: Option<PathBuf>,
    entries: BTreeMap<String, (u64, u64)>,
    used: BTreeMap<String, (u64, u64)>,
    is_changed: bool,
}

impl PackedCache {
    /// Without a folder nothing is kept.
    #[must_use]
    pub(crate) fn load(folder: Option<&Path>) -> Self {
        let path = folder.map(|folder| folder.join(FILE));
        let is_readable = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|facts| facts.len() <= LARGEST_FILE);
        let text = path.filter(is_readable).and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        let entries = text.lines().filter_map(entry).collect();
        Self { folder: folder.map(Path::to_owned), entries, used: BTreeMap::new(), is_changed: false }
    }

    #[must_use]
    pub(crate) fn bytes(folder: &Path) -> u64 {
        std::fs::metadata(folder.join(FILE)).map_or(0, |about| about.len())
    }

    /// # Errors
    /// When the file can't be removed.
    pub(crate) fn clear(folder: &Path) -> io::Result<()> {
        match std::fs::remove_file(folder.join(FILE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    pub(crate) fn get(&mut self, key: &str) -> Option<(u64, u64)> {
        let figures = *self.entries.get(key)?;
        self.used.insert(key.to_owned(), figures);
        Some(figures)
    }

    pub(crate) fn put(&mut self, key: String, figures: (u64, u64)) {
        self.is_changed = true;
        self.used.insert(key.clone(), figures);
        self.entries.insert(key, figures);
    }

    /// Writes the cache if it changed.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub(crate) fn save(self) -> io::Result<()> {
        let Some(folder) = self.folder.filter(|_| self.is_changed) else { return Ok(()) };
        let entries = if self.entries.len() > MOST_ENTRIES { self.used } else { self.entries };
        let mut text = String::new();
        for (key, (bytes, more)) in entries {
            if writeln!(text, "{key} {bytes} {more}").is_err() {
                break;
            }
        }
        write_whole(&folder.join(FILE), text.as_bytes())
    }
}

fn entry(line: &str) -> Option<(String, (u64, u64))> {
    let mut words = line.split(' ');
    let key = words.next().filter(|key| key.len() == 64)?;
    Some((key.to_owned(), (words.next()?.parse().ok()?, words.next()?.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_figures_and_forgives_nonsense() {
        let folder = tempfile::TempDir::new().unwrap();
        let key = "a".repeat(64);
        let mut cache = PackedCache::load(Some(folder.path()));
        assert_eq!(cache.get(&key), None);
        cache.put(key.clone(), (7, 1));
        cache.save().unwrap();
        assert_eq!(PackedCache::load(Some(folder.path())).get(&key), Some((7, 1)));
        std::fs::write(folder.path().join(FILE), format!("nonsense\n{key} x y\n")).unwrap();
        assert_eq!(PackedCache::load(Some(folder.path())).get(&key), None);
    }
}
