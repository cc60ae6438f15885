//! The content of one folder, listed once. Follows a link only on request.

use std::io;
use std::path::{Path, PathBuf};

use super::root::{BUILD_FILE_NAMES, ROOT_MARKERS};

/// An entry whose name is UTF-8.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: String,
    pub path: PathBuf,
    pub is_link: bool,
    /// Itself, not through a link.
    pub is_folder: bool,
    /// Itself, not through a link.
    is_file: bool,
}

impl Entry {
    fn leads_to_file(&self) -> bool {
        self.is_file || (self.is_link && self.path.is_file())
    }
}

#[derive(Debug, Default)]
pub struct Listing {
    entries: Vec<Entry>,
    /// Names that are not UTF-8, approximately.
    pub unreadable_names: Vec<String>,
    /// Why the folder could not be listed.
    pub problem: Option<io::Error>,
}

impl Listing {
    /// A folder that can't be listed has no entries and a problem.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let mut result = Self::default();
        let listing = match std::fs::read_dir(folder) {
            Ok(listing) => listing,
            Err(error) => return Self { problem: Some(error), ..result },
        };
        for entry in listing.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            match entry.file_name().into_string() {
                Ok(name) => result.entries.push(Entry {
                    name,
                    path: entry.path(),
                    is_link: kind.is_symlink(),
                    is_folder: kind.is_dir(),
                    is_file: kind.is_file(),
                }),
                Err(name) => result.unreadable_names.push(name.to_string_lossy().into_owned()),
            }
        }
        result
    }

    /// In no order.
    pub fn into_entries(self) -> impl Iterator<Item = Entry> {
        self.entries.into_iter()
    }

    fn has_file(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name && entry.leads_to_file())
    }

    #[must_use]
    pub fn build_file_name(&self) -> Option<&'static str> {
        BUILD_FILE_NAMES.into_iter().find(|name| self.has_file(name))
    }

    #[must_use]
    pub fn is_root(&self) -> bool {
        ROOT_MARKERS.iter().any(|marker| self.has_file(marker))
    }
}
