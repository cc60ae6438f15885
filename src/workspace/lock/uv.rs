//! `uv.lock`: every package with all wheels and lengths, for all platforms, and edges with markers. Described only by
//! uv's source (`crates/uv-resolver/src/lock`); reads version 1, any revision.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::LockError;
use super::files::{add_file, file_name_of};
use super::model::{Lock, LockedDependency, LockedPackage, PackageOrigin};
use super::package_name::PackageName;
use super::toml_text;

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

/// One of these keys is in a `source` table.
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

pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let read: UvLock = toml_text::read(path, text)?;
    if read.version != 1 {
        let (path, found) = (path.to_owned(), read.version.to_string());
        return Err(LockError::UnsupportedVersion { path, found, known: "1" });
    }
    let packages: Vec<LockedPackage> = read.packages.into_iter().map(package).collect();
    let has_roots = packages.iter().any(|package| package.source == PackageOrigin::Local);
    Ok(Lock { packages, requires_python: read.requires_python, has_roots, findings: Vec::new() })
}

fn package(read: UvPackage) -> LockedPackage {
    let registry = read.source.registry.clone().filter(|url| url.contains("://"));
    let (source, location) = origin(read.source);
    let mut package = LockedPackage::new(PackageName::new(&read.name), read.version);
    package.source = source;
    package.location = location;
    package.registry = registry;
    package.markers = read.resolution_markers;
    package.dependencies = dependencies(read.dependencies);
    package.extras = read.optional_dependencies.into_iter().map(|(extra, list)| (extra, dependencies(list))).collect();
    package.groups = read.dev_dependencies.into_iter().map(|(group, list)| (group, dependencies(list))).collect();
    for file in read.wheels.into_iter().chain(read.sdist) {
        let name = file.filename.or(file.url).or(file.path).map(|location| file_name_of(&location));
        // A package that is a single file (`source = { url = ".../a.whl" }`) lists it without its location.
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

#[cfg(test)]
mod tests {
    use crate::byte_count::ByteCount;
    use crate::workspace::lock::{LockError, PackageName, PackageOrigin, Wheel, parse};

    const SMALL: &str = r#"
version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "uvicorn"
version = "0.37.0"
source = { registry = "https://pypi.org/simple" }
resolution-markers = ["sys_platform == 'linux'"]
dependencies = [
    { name = "click", marker = "sys_platform != 'win32'" },
    { name = "h11", version = "0.16.0", extra = ["fast"] },
]
sdist = { url = "https://x/uvicorn-0.37.0.tar.gz", hash = "sha256:41", size = 80367 }
wheels = [
    { url = "https://x/uvicorn-0.37.0-py3-none-any.whl", hash = "sha256:91", size = 67976 },
]

[package.optional-dependencies]
standard = [{ name = "httptools" }]

[[package]]
name = "My_Root"
source = { editable = "." }

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "direct"
version = "1"
source = { url = "https://x/direct-1-py3-none-any.whl" }
wheels = [{ filename = "direct-1-py3-none-any.whl", hash = "sha256:05" }]
"#;

    #[test]
    fn reads_what_uv_writes() {
        let lock = parse("python/uv.lock", SMALL).unwrap();
        assert_eq!(lock.requires_python.as_deref(), Some(">=3.13"));
        assert!(lock.has_roots);
        let [direct, root, uvicorn] = lock.packages.as_slice() else { panic!("{:?}", lock.packages) };
        assert_eq!(uvicorn.name.as_str(), "uvicorn");
        let file_name = "uvicorn-0.37.0-py3-none-any.whl".to_owned();
        let wheel = Wheel { file_name, bytes: Some(ByteCount(67_976)), hash: "sha256:91".to_owned() };
        assert_eq!(uvicorn.wheels, [wheel]);
        assert_eq!(uvicorn.other_files[0].file_name, "uvicorn-0.37.0.tar.gz");
        assert_eq!(uvicorn.registry.as_deref(), Some("https://pypi.org/simple"));
        assert_eq!(uvicorn.markers, ["sys_platform == 'linux'"]);
        assert_eq!(uvicorn.dependencies[0].marker.as_deref(), Some("sys_platform != 'win32'"));
        assert_eq!(uvicorn.dependencies[1].version.as_deref(), Some("0.16.0"));
        assert_eq!(uvicorn.dependencies[1].extras, ["fast"]);
        assert_eq!(uvicorn.extras["standard"][0].name, PackageName::new("httptools"));
        assert_eq!((root.name.as_str(), root.source, root.version.as_str()), ("my-root", PackageOrigin::Local, ""));
        assert_eq!(root.groups["dev"][0].name.as_str(), "pytest");
        assert_eq!(direct.source, PackageOrigin::Direct);
        assert_eq!(direct.wheels[0].file_name, "direct-1-py3-none-any.whl");
    }

    #[test]
    fn errors_name_the_line() {
        let check = |text: &str, message: &str| assert_eq!(parse("uv.lock", text).unwrap_err().to_string(), message);
        check("version = 1\n[[package]]\nname = 3\n", "uv.lock:3: invalid type: integer `3`, expected a string");
        check("version = 1\n\n[[package]]\nversion = \"1\"\n", "uv.lock:3: missing field `name`");
        check("version = 1\nx = [\n", "uv.lock:2: unclosed array, expected `]`");
        assert_eq!(
            parse("uv.lock", "version = 2"),
            Err(LockError::UnsupportedVersion { path: "uv.lock".to_owned(), found: "2".to_owned(), known: "1" })
        );
    }
}
