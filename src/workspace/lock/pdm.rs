//! `pdm.lock`: files by name or URL and hash, without lengths; edges as PEP 508 requirements; no roots. A package with
//! an extra occurs twice, the second time with `extras` and their additions; they are merged.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::LockError;
use super::files::{add_file, file_name_of};
use super::model::{Lock, LockedPackage, PackageOrigin};
use super::package_name::PackageName;
use super::requirement::Requirement;
use super::toml_text;

#[derive(Deserialize)]
struct PdmLock {
    #[serde(default, rename = "package")]
    packages: Vec<PdmPackage>,
    #[serde(default)]
    metadata: PdmMetadata,
}

#[derive(Default, Deserialize)]
struct PdmMetadata {
    lock_version: Option<String>,
}

#[derive(Deserialize)]
struct PdmPackage {
    name: String,
    #[serde(default)]
    version: String,
    marker: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    files: Vec<PdmFile>,
    git: Option<String>,
    revision: Option<String>,
    url: Option<String>,
    path: Option<String>,
    #[serde(default)]
    editable: bool,
}

#[derive(Deserialize)]
struct PdmFile {
    file: Option<String>,
    url: Option<String>,
    #[serde(default)]
    hash: String,
}

pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let read: PdmLock = toml_text::read(path, text)?;
    if let Some(version) = &read.metadata.lock_version
        && !version.starts_with("4.")
    {
        let (path, found) = (path.to_owned(), version.clone());
        return Err(LockError::UnsupportedVersion { path, found, known: "4" });
    }
    let mut packages: BTreeMap<(PackageName, String, Option<String>), LockedPackage> = BTreeMap::new();
    for read in read.packages {
        let package = package(read);
        let key = (package.name.clone(), package.version.clone(), package.location.clone());
        match packages.get_mut(&key) {
            Some(known) => merge(known, package),
            None => {
                packages.insert(key, package);
            }
        }
    }
    Ok(Lock { packages: packages.into_values().collect(), ..Lock::default() })
}

fn package(read: PdmPackage) -> LockedPackage {
    let mut package = LockedPackage::new(PackageName::new(&read.name), read.version);
    let is_folder = read.path.as_deref().is_some_and(|path| !path.ends_with(".whl") && !path.ends_with(".tar.gz"));
    let revision = read.revision.map(|revision| format!("#{revision}")).unwrap_or_default();
    package.location = read.git.map(|git| format!("{git}{revision}")).or(read.url).or(read.path);
    package.source = match package.location {
        Some(_) if read.editable || is_folder => PackageOrigin::Local,
        Some(_) => PackageOrigin::Direct,
        None => PackageOrigin::Registry,
    };
    package.markers = read.marker.into_iter().collect();
    for file in read.files {
        let name = file.file.or_else(|| file.url.as_deref().map(file_name_of)).unwrap_or_default();
        add_file(&mut package, name, None, file.hash);
    }
    let dependencies = read.dependencies.iter().filter_map(|text| Requirement::parse(text));
    // With extras, a package also needs itself in its own version.
    let others = dependencies.filter(|dependency| dependency.name != package.name || !dependency.extras.is_empty());
    package.dependencies = others.map(Requirement::into_dependency).collect();
    package
}

/// The files are equal; dependencies and markers are added.
fn merge(known: &mut LockedPackage, other: LockedPackage) {
    let is_new = |dependency: &_| !known.dependencies.contains(dependency);
    let further: Vec<_> = other.dependencies.into_iter().filter(is_new).collect();
    known.dependencies.extend(further);
    known.add_alternative_markers(other.markers);
    if known.wheels.is_empty() && known.other_files.is_empty() {
        (known.wheels, known.other_files) = (other.wheels, other.other_files);
    }
}

#[cfg(test)]
mod tests {
    use crate::workspace::lock::{PackageOrigin, parse};

    #[test]
    fn both_entries_of_a_package_with_extras_become_one() {
        let text = r#"
[metadata]
lock_version = "4.5.0"
content_hash = "sha256:00"

[[package]]
name = "coverage"
version = "7.10.4"
extras = ["toml"]
marker = "python_version < \"3.12\""
dependencies = ["coverage==7.10.4", "tomli; python_full_version <= \"3.11.0a6\""]
files = [{file = "coverage-7.10.4-py3-none-any.whl", hash = "sha256:01"}]

[[package]]
name = "coverage"
version = "7.10.4"
marker = "python_version >= \"3.12\""
dependencies = ["attrs>=1", "tomli; python_full_version <= \"3.11.0a6\""]
files = [{file = "coverage-7.10.4-py3-none-any.whl", hash = "sha256:01"}]

[[package]]
name = "cachecontrol"
version = "0.14.0"
files = [{url = "https://x/cachecontrol-0.14.0-py3-none-any.whl", hash = "sha256:02"}]

[[package]]
name = "forked"
version = "1"
git = "https://x/forked"
revision = "0001"

[[package]]
name = "mine"
version = "1"
path = "./mine"
"#;
        let lock = parse("pdm.lock", text).unwrap();
        let [cachecontrol, coverage, forked, mine] = lock.packages.as_slice() else { panic!("{:?}", lock.packages) };
        let needed: Vec<&str> = coverage.dependencies.iter().map(|dependency| dependency.name.as_str()).collect();
        assert_eq!(needed, ["tomli", "attrs"]);
        assert_eq!(coverage.dependencies[0].marker.as_deref(), Some("python_full_version <= \"3.11.0a6\""));
        assert_eq!(coverage.markers.len(), 2);
        assert_eq!(coverage.wheels.len(), 1);
        assert_eq!(cachecontrol.wheels[0].file_name, "cachecontrol-0.14.0-py3-none-any.whl");
        assert_eq!((forked.source, forked.location.as_deref()), (PackageOrigin::Direct, Some("https://x/forked#0001")));
        assert_eq!(mine.source, PackageOrigin::Local);
    }

    #[test]
    fn another_format_version_is_refused() {
        assert!(parse("pdm.lock", "[metadata]\nlock_version = \"5.0\"").is_err());
        assert!(parse("pdm.lock", "[[package]]\nversion = \"1\"").is_err());
    }
}
