//! `pylock.toml` (PEP 751). Lengths and edges are optional, and most tools leave out one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::LockError;
use super::files::{add_file, file_name_of};
use super::model::{Lock, LockedDependency, LockedPackage, PackageOrigin};
use super::package_name::PackageName;
use super::toml_text;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Pylock {
    lock_version: String,
    requires_python: Option<String>,
    #[serde(default)]
    packages: Vec<PylockPackage>,
}

#[derive(Deserialize)]
struct PylockPackage {
    name: String,
    #[serde(default)]
    version: String,
    marker: Option<String>,
    #[serde(default)]
    dependencies: Vec<PylockDependency>,
    vcs: Option<PylockVcs>,
    directory: Option<PylockDirectory>,
    archive: Option<PylockFile>,
    sdist: Option<PylockFile>,
    #[serde(default)]
    wheels: Vec<PylockFile>,
}

#[derive(Deserialize)]
struct PylockDependency {
    name: String,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct PylockVcs {
    url: Option<String>,
    path: Option<String>,
    commit_id: Option<String>,
    subdirectory: Option<String>,
}

#[derive(Deserialize)]
struct PylockDirectory {
    path: String,
}

#[derive(Deserialize)]
struct PylockFile {
    name: Option<String>,
    url: Option<String>,
    path: Option<String>,
    size: Option<u64>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let read: Pylock = toml_text::read(path, text)?;
    // PEP 751: a reader must refuse another major version, and may read a later minor one.
    if read.lock_version != "1" && !read.lock_version.starts_with("1.") {
        return Err(LockError::UnsupportedVersion { path: path.to_owned(), found: read.lock_version, known: "1.0" });
    }
    let packages = read.packages.into_iter().map(package).collect();
    Ok(Lock { packages, requires_python: read.requires_python, ..Lock::default() })
}

fn package(read: PylockPackage) -> LockedPackage {
    let mut package = LockedPackage::new(PackageName::new(&read.name), read.version);
    package.markers = read.marker.into_iter().collect();
    if let Some(directory) = read.directory {
        package.source = PackageOrigin::Local;
        package.location = Some(directory.path);
    } else if let Some(vcs) = read.vcs {
        package.source = PackageOrigin::Direct;
        let parts = [vcs.url.or(vcs.path), vcs.commit_id, vcs.subdirectory];
        package.location = Some(parts.into_iter().flatten().collect::<Vec<_>>().join("#"));
    } else if let Some(archive) = &read.archive {
        package.source = PackageOrigin::Direct;
        package.location = archive.url.clone().or_else(|| archive.path.clone());
    }
    for file in read.wheels.into_iter().chain(read.archive).chain(read.sdist) {
        let hash = strongest(&file.hashes);
        let name = file.name.or_else(|| file.url.or(file.path).map(|location| file_name_of(&location)));
        add_file(&mut package, name.unwrap_or_default(), file.size, hash);
    }
    let dependency = |read: PylockDependency| LockedDependency {
        name: PackageName::new(&read.name),
        version: read.version,
        extras: Vec::new(),
        marker: None,
    };
    package.dependencies = read.dependencies.into_iter().map(dependency).collect();
    package
}

/// SHA-256, as in other formats, else the first by name.
fn strongest(hashes: &BTreeMap<String, String>) -> String {
    let chosen = hashes.get_key_value("sha256").or_else(|| hashes.first_key_value());
    chosen.map(|(algorithm, digest)| format!("{algorithm}:{digest}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::byte_count::ByteCount;
    use crate::workspace::lock::{PackageOrigin, parse};

    #[test]
    fn reads_lengths_names_and_sources() {
        let text = r#"
lock-version = "1.0"
created-by = "uv"
requires-python = ">=3.11"

[[packages]]
name = "anyio"
version = "4.16.0"
marker = "python_full_version >= '3.11'"
dependencies = [{ name = "idna" }]
sdist = { url = "https://x/anyio-4.16.0.tar.gz", size = 5, hashes = { sha256 = "59" } }
wheels = [{ url = "https://x/anyio-4.16.0-py3-none-any.whl", upload-time = 2026-11-01T11:20:05Z, size = 134521, hashes = { md5 = "00", sha256 = "c6" } }]

[[packages]]
name = "by-name"
version = "1"
[[packages.wheels]]
name = "by_name-1-py3-none-any.whl"
path = "other/name.whl"
[packages.wheels.hashes]
blake2b = "b2"

[[packages]]
name = "folder"
directory = { path = ".", editable = true }

[[packages]]
name = "from-git"
vcs = { type = "git", url = "https://x/y", commit-id = "0001" }
"#;
        let lock = parse("pylock.dev.toml", text).unwrap();
        let [anyio, by_name, folder, from_git] = lock.packages.as_slice() else { panic!("{:?}", lock.packages) };
        assert_eq!(anyio.wheels[0].bytes, Some(ByteCount(134_521)));
        assert_eq!(anyio.wheels[0].hash, "sha256:c6");
        assert_eq!(anyio.other_files[0].hash, "sha256:59");
        assert_eq!(anyio.markers, ["python_full_version >= '3.11'"]);
        assert_eq!(anyio.dependencies[0].name.as_str(), "idna");
        assert_eq!(by_name.wheels[0].file_name, "by_name-1-py3-none-any.whl");
        assert_eq!((by_name.wheels[0].bytes, by_name.wheels[0].hash.as_str()), (None, "blake2b:b2"));
        assert_eq!((folder.source, folder.location.as_deref()), (PackageOrigin::Local, Some(".")));
        assert_eq!((from_git.source, from_git.location.as_deref()), (PackageOrigin::Direct, Some("https://x/y#0001")));
    }

    #[test]
    fn a_later_major_version_is_refused_and_a_minor_one_read() {
        assert!(parse("pylock.toml", "lock-version = \"1.7\"").is_ok());
        let error = parse("pylock.toml", "lock-version = \"2.0\"").unwrap_err().to_string();
        assert!(error.contains("2.0"), "{error}");
        assert!(parse("pylock.toml", "").is_err());
    }
}
