//! `uv.lock`: every package with all its wheels and their lengths, for all platforms, and the edges with markers.
//!
//! The format is described only by uv's own source (`crates/uv-resolver/src/lock`); this reads version 1, any revision.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::files::{add_file, file_name_of};
use super::{Lock, LockError, LockedDependency, LockedPackage, PackageName, PackageOrigin, toml_text};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct UvLock {
    version: u64,
    requires_python: Option<String>,
    #[serde(default, rename = "package")]
    packages: Vec<UvPackage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct UvPackage {
    name: String,
    #[serde(default)]
    version: String,
    source: UvSource,
    #[serde(default)]
    resolution_markers: Vec<String>,
    #[serde(default)]
    dependencies: Vec<UvDependency>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<UvDependency>>,
    #[serde(default, alias = "dependency-groups")]
    dev_dependencies: BTreeMap<String, Vec<UvDependency>>,
    sdist: Option<UvFile>,
    #[serde(default)]
    wheels: Vec<UvFile>,
}

/// Exactly one of these keys stands in a `source` table (with `subdirectory` beside some of them).
#[derive(Deserialize)]
struct UvSource {
    registry: Option<String>,
    git: Option<String>,
    url: Option<String>,
    path: Option<String>,
    directory: Option<String>,
    editable: Option<String>,
    r#virtual: Option<String>,
}

#[derive(Deserialize)]
struct UvDependency {
    name: String,
    version: Option<String>,
    #[serde(default)]
    extra: Vec<String>,
    marker: Option<String>,
}

#[derive(Deserialize)]
struct UvFile {
    url: Option<String>,
    path: Option<String>,
    filename: Option<String>,
    hash: Option<String>,
    size: Option<u64>,
}

/// Reads the text of a `uv.lock`.
pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let read: UvLock = toml_text::read(path, text)?;
    if read.version != 1 {
        let (path, found) = (path.to_owned(), read.version.to_string());
        return Err(LockError::UnsupportedVersion { path, found, known: "1" });
    }
    let packages = read.packages.into_iter().map(package).collect();
    Ok(Lock { packages, requires_python: read.requires_python, findings: Vec::new() })
}

fn package(read: UvPackage) -> LockedPackage {
    let (source, location) = origin(read.source);
    let mut package = LockedPackage::new(PackageName::new(&read.name), read.version);
    package.source = source;
    package.location = location;
    package.markers = read.resolution_markers;
    package.dependencies = dependencies(read.dependencies);
    package.extras = read.optional_dependencies.into_iter().map(|(extra, list)| (extra, dependencies(list))).collect();
    package.groups = read.dev_dependencies.into_iter().map(|(group, list)| (group, dependencies(list))).collect();
    for file in read.wheels.into_iter().chain(read.sdist) {
        let name = file.filename.or(file.url).or(file.path).map(|location| file_name_of(&location));
        // A package that is itself one file (`source = { url = ".../a.whl" }`) lists it without repeating where it is.
        let name = name.or_else(|| package.location.as_deref().map(file_name_of)).unwrap_or_default();
        add_file(&mut package, name, file.size, file.hash.unwrap_or_default());
    }
    package
}

fn origin(source: UvSource) -> (PackageOrigin, Option<String>) {
    if let Some(folder) = source.editable.or(source.r#virtual).or(source.directory) {
        return (PackageOrigin::Local, Some(folder));
    }
    if let Some(location) = source.git.or(source.url).or(source.path) {
        return (PackageOrigin::Direct, Some(location));
    }
    // What is left is an index. Its URL is no part of what a package is: the same files come from any mirror.
    let _index = source.registry;
    (PackageOrigin::Registry, None)
}

fn dependencies(list: Vec<UvDependency>) -> Vec<LockedDependency> {
    let one = |read: UvDependency| LockedDependency {
        name: PackageName::new(&read.name),
        version: read.version,
        extras: read.extra,
        marker: read.marker,
    };
    list.into_iter().map(one).collect()
}
