//! What changed between two versions of a lock file: the packages whose files are others. Decides nothing about apps.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lock, LockedPackage, PackageName};

/// The packages whose content differs between `old` and `new`: another version, other files or hashes, another source,
/// or in one of the two alone.
///
/// A package whose list of dependencies alone changed is not among them: its wheel is the same file byte for byte, so no
/// layer that holds it changes by that. The packages that it newly brings along, or no longer, stand for themselves.
/// Nor do markers, lengths, the index or the order of anything count.
#[must_use]
pub fn changed_packages(old: &Lock, new: &Lock) -> BTreeSet<PackageName> {
    let (old, new) = (contents(old), contents(new));
    let names = old.keys().chain(new.keys()).copied();
    names.filter(|name| old.get(name) != new.get(name)).cloned().collect()
}

/// Everything of one locked version that decides which bytes are installed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Content<'a> {
    version: &'a str,
    is_from_index: bool,
    location: Option<&'a str>,
    files: BTreeSet<(&'a str, &'a str)>,
}

fn contents(lock: &Lock) -> BTreeMap<&PackageName, BTreeSet<Content<'_>>> {
    let mut contents: BTreeMap<&PackageName, BTreeSet<Content<'_>>> = BTreeMap::new();
    for package in &lock.packages {
        contents.entry(&package.name).or_default().insert(content(package));
    }
    contents
}

fn content(package: &LockedPackage) -> Content<'_> {
    let wheels = package.wheels.iter().map(|wheel| (wheel.file_name.as_str(), wheel.hash.as_str()));
    let others = package.other_files.iter().map(|file| (file.file_name.as_str(), file.hash.as_str()));
    // Where there are wheels the source archive is not installed, so a change of it alone changes nothing.
    let has_wheels = !package.wheels.is_empty();
    Content {
        version: &package.version,
        is_from_index: package.source == super::PackageOrigin::Registry,
        location: package.location.as_deref(),
        files: wheels.chain(others.filter(|_| !has_wheels)).collect(),
    }
}
