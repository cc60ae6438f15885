//! `poetry.lock`: files by name and hash, without lengths; edges as Poetry's constraints; no roots. An optional
//! dependency is in `[package.dependencies]` only if its extra was requested (`[package.extras]` lists all), so each
//! one there counts as requested.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::{Table, Value};

use super::error::LockError;
use super::files::add_file;
use super::marker::extras_named;
use super::model::{Lock, LockedDependency, LockedPackage, PackageOrigin};
use super::package_name::PackageName;
use super::toml_text;

#[derive(Deserialize)]
struct PoetryLock {
    #[serde(default, rename = "package")]
    packages: Vec<PoetryPackage>,
    #[serde(default)]
    metadata: PoetryMetadata,
}

#[derive(Default, Deserialize)]
struct PoetryMetadata {
    #[serde(rename = "lock-version")]
    lock_version: Option<String>,
    #[serde(rename = "python-versions")]
    python_versions: Option<String>,
    /// Place of the files before lock version 2.
    #[serde(default)]
    files: BTreeMap<String, Vec<PoetryFile>>,
}

#[derive(Deserialize)]
struct PoetryPackage {
    name: String,
    version: String,
    #[serde(default)]
    groups: Vec<String>,
    /// One marker, or one per group.
    markers: Option<Value>,
    #[serde(default)]
    files: Vec<PoetryFile>,
    #[serde(default)]
    dependencies: Table,
    source: Option<PoetrySource>,
}

#[derive(Clone, Deserialize)]
struct PoetryFile {
    file: String,
    #[serde(default)]
    hash: String,
}

#[derive(Deserialize)]
struct PoetrySource {
    r#type: Option<String>,
    #[serde(default)]
    url: String,
    resolved_reference: Option<String>,
    subdirectory: Option<String>,
}

pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let mut read: PoetryLock = toml_text::read(path, text)?;
    if let Some(version) = &read.metadata.lock_version
        && !version.starts_with("1.")
        && !version.starts_with("2.")
    {
        let (path, found) = (path.to_owned(), version.clone());
        return Err(LockError::UnsupportedVersion { path, found, known: "1 and 2" });
    }
    let old_files = std::mem::take(&mut read.metadata.files);
    let old_files: BTreeMap<PackageName, &Vec<PoetryFile>> =
        old_files.iter().map(|(name, files)| (PackageName::new(name), files)).collect();
    let packages = read.packages.into_iter().map(|read| package(read, &old_files)).collect();
    Ok(Lock { packages, requires_python: read.metadata.python_versions, ..Lock::default() })
}

fn package(read: PoetryPackage, old_files: &BTreeMap<PackageName, &Vec<PoetryFile>>) -> LockedPackage {
    let name = PackageName::new(&read.name);
    let mut package = LockedPackage::new(name, read.version);
    set_origin(&mut package, read.source);
    package.markers = match read.markers {
        Some(Value::String(marker)) => vec![marker],
        Some(Value::Table(by_group)) if read.groups.iter().all(|group| by_group.contains_key(group)) => {
            by_group.values().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let old = old_files.get(&package.name).map(|files| files.as_slice()).unwrap_or_default();
    for file in read.files.iter().chain(old) {
        add_file(&mut package, file.file.clone(), None, file.hash.clone());
    }
    let mut asked = BTreeSet::new();
    for (name, constraint) in read.dependencies {
        for constraint in alternatives(constraint) {
            add_dependency(&mut package, &name, &constraint, &mut asked);
        }
    }
    if !asked.is_empty() {
        // A package that needs itself with extras requests them.
        let (name, extras) = (package.name.clone(), asked.into_iter().collect());
        package.dependencies.push(LockedDependency { name, version: None, extras, marker: None });
    }
    package
}

fn set_origin(package: &mut LockedPackage, source: Option<PoetrySource>) {
    let Some(source) = source else { return };
    package.source = match source.r#type.as_deref() {
        Some("directory") => PackageOrigin::Local,
        Some("git" | "url" | "file") => PackageOrigin::Direct,
        // `legacy`: another index.
        _ => return,
    };
    let parts = [Some(source.url), source.resolved_reference, source.subdirectory];
    package.location = Some(parts.into_iter().flatten().collect::<Vec<_>>().join("#"));
}

/// One constraint, or several with a marker each.
fn alternatives(constraint: Value) -> Vec<Value> {
    match constraint {
        Value::Array(several) => several,
        one => vec![one],
    }
}

fn add_dependency(package: &mut LockedPackage, name: &str, constraint: &Value, asked: &mut BTreeSet<String>) {
    let table = constraint.as_table();
    let text = |key: &str| table.and_then(|table| table.get(key)).and_then(Value::as_str).map(str::to_owned);
    let extras = table.and_then(|table| table.get("extras")).and_then(Value::as_array);
    let dependency = LockedDependency {
        name: PackageName::new(name),
        version: None,
        extras: extras.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        marker: text("markers"),
    };
    let of_extras = dependency.marker.as_deref().map(extras_named).unwrap_or_default();
    if of_extras.is_empty() {
        package.dependencies.push(dependency);
        return;
    }
    for extra in of_extras {
        package.extras.entry(extra.clone()).or_default().push(dependency.clone());
        asked.insert(extra);
    }
}

#[cfg(test)]
mod tests {
    use crate::workspace::lock::resolve::resolve;
    use crate::workspace::lock::{PackageName, PackageOrigin, parse};
    use crate::workspace::platform::Platform;

    const SMALL: &str = r#"
[[package]]
name = "SQLAlchemy"
version = "2.0.36"
optional = false
files = [
    {file = "SQLAlchemy-2.0.36-cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", hash = "sha256:01"},
    {file = "sqlalchemy-2.0.36.tar.gz", hash = "sha256:02"},
]

[package.dependencies]
aiohttp = {version = ">=3", optional = true, markers = "extra == \"async\""}
greenlet = [
    {version = "!=0.4.17", markers = "python_version < \"3.13\""},
    {version = ">=3", extras = ["test"], markers = "python_version >= \"3.13\""},
]
typing_extensions = ">=4.6.0"

[package.extras]
async = ["aiohttp (>=3)"]
other = ["asyncpg"]

[[package]]
name = "aiohttp"
version = "3.11.10"
groups = ["dev", "main"]
markers = {main = "extra == \"x\" or python_version < \"4\"", dev = "sys_platform == \"win32\""}
files = []

[[package]]
name = "greenlet"
version = "3.1.1"
groups = ["dev", "main"]
markers = {dev = "sys_platform == \"win32\""}

[[package]]
name = "typing-extensions"
version = "4.12.2"

[[package]]
name = "mine"
version = "0.1"
[package.source]
type = "directory"
url = "libs/mine"

[[package]]
name = "forked"
version = "0.2"
[package.source]
type = "git"
url = "https://x/forked"
reference = "main"
resolved_reference = "0001"

[metadata]
lock-version = "2.1"
python-versions = ">=3.11"
content-hash = "00"

[metadata.files]
typing_extensions = [{file = "typing_extensions-4.12.2-py3-none-any.whl", hash = "sha256:04"}]
"#;

    #[test]
    fn reads_what_poetry_writes() {
        let lock = parse("poetry.lock", SMALL).unwrap();
        assert_eq!(lock.requires_python.as_deref(), Some(">=3.11"));
        let find = |name: &str| lock.packages.iter().find(|package| package.name.as_str() == name).unwrap();
        assert_eq!(find("sqlalchemy").wheels[0].hash, "sha256:01");
        assert_eq!(find("sqlalchemy").other_files[0].file_name, "sqlalchemy-2.0.36.tar.gz");
        assert_eq!(find("typing-extensions").wheels[0].hash, "sha256:04", "files of the old format");
        assert_eq!(find("aiohttp").markers.len(), 2);
        assert_eq!(find("greenlet").markers.len(), 0, "the main group needs it always");
        assert_eq!((find("mine").source, find("mine").location.as_deref()), (PackageOrigin::Local, Some("libs/mine")));
        assert_eq!(find("forked").location.as_deref(), Some("https://x/forked#0001"));
    }

    #[test]
    fn an_optional_dependency_that_stands_there_is_asked_for() {
        let lock = parse("poetry.lock", SMALL).unwrap();
        let resolved = resolve(&lock, &Platform::default(), (3, 13));
        let needed = &resolved.packages[&PackageName::new("sqlalchemy")].dependencies;
        let names: Vec<&str> = needed.iter().map(PackageName::as_str).collect();
        assert_eq!(names, ["aiohttp", "greenlet", "typing-extensions"]);
        assert_eq!(resolved.findings, []);
    }

    #[test]
    fn another_major_version_is_refused() {
        assert!(parse("poetry.lock", "[metadata]\nlock-version = \"3.0\"").is_err());
        let error = parse("poetry.lock", "[[package]]\nname = \"a\"\n").unwrap_err().to_string();
        assert_eq!(error, "poetry.lock:1: missing field `version`");
    }
}
