//! `Pipfile.lock`: versions and hashes in JSON, without file names, lengths or edges.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Deserialize;
use serde_json::Value;

use super::error::LockError;
use super::files::add_file;
use super::model::{Lock, LockedPackage, PackageOrigin};
use super::package_name::PackageName;

#[derive(Deserialize)]
struct PipfileLock {
    #[serde(rename = "_meta")]
    meta: PipfileMeta,
    /// `default`, `develop` and the user's own categories.
    #[serde(flatten)]
    categories: BTreeMap<String, BTreeMap<String, PipfilePackage>>,
}

#[derive(Deserialize)]
struct PipfileMeta {
    #[serde(default, rename = "pipfile-spec")]
    spec: Option<u64>,
    #[serde(default)]
    requires: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct PipfilePackage {
    #[serde(default)]
    version: String,
    markers: Option<String>,
    #[serde(default)]
    hashes: Vec<String>,
    git: Option<String>,
    r#ref: Option<String>,
    file: Option<String>,
    path: Option<String>,
}

pub(super) fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let read: PipfileLock = serde_json::from_str(text).map_err(|error| LockError::Malformed {
        path: path.to_owned(),
        // Line 0 means none, as in an empty file.
        line: Some(error.line()).filter(|line| *line > 0),
        message: error.to_string(),
    })?;
    if let Some(spec) = read.meta.spec.filter(|spec| *spec != 6) {
        return Err(LockError::UnsupportedVersion { path: path.to_owned(), found: spec.to_string(), known: "6" });
    }
    let mut packages: BTreeMap<_, LockedPackage> = BTreeMap::new();
    for (name, read) in read.categories.into_values().flatten() {
        let package = package(&name, read);
        match packages.entry((package.name.clone(), package.version.clone(), package.location.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(package);
            }
            // In two categories, either may need it.
            Entry::Occupied(mut entry) => entry.get_mut().add_alternative_markers(package.markers),
        }
    }
    let python = read.meta.requires.get("python_version").and_then(Value::as_str);
    let requires_python = python.map(|version| format!("=={version}.*"));
    Ok(Lock { packages: packages.into_values().collect(), requires_python, ..Lock::default() })
}

fn package(name: &str, read: PipfilePackage) -> LockedPackage {
    let version = read.version.trim_start_matches('=').to_owned();
    let mut package = LockedPackage::new(PackageName::new(name), version);
    let reference = read.r#ref.map(|reference| format!("#{reference}")).unwrap_or_default();
    let direct = read.git.map(|git| format!("{git}{reference}")).or(read.file);
    package.source = match (&direct, &read.path) {
        (Some(_), _) => PackageOrigin::Direct,
        (None, Some(_)) => PackageOrigin::Local,
        (None, None) => PackageOrigin::Registry,
    };
    package.location = direct.or(read.path);
    package.markers = read.markers.into_iter().collect();
    for hash in read.hashes {
        add_file(&mut package, String::new(), None, hash);
    }
    package
}

#[cfg(test)]
mod tests {
    use crate::workspace::lock::{PackageOrigin, parse};

    #[test]
    fn categories_are_read_as_one() {
        let text = r#"{
    "_meta": {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {"python_version": "3.11"}, "sources": []},
    "default": {
        "uvicorn": {"extras": ["standard"], "hashes": ["sha256:01", "sha256:02"], "index": "pypi",
                    "markers": "python_version >= '3.8'", "version": "==0.37.0"},
        "forked": {"git": "https://x/forked", "ref": "0001"},
        "mine": {"editable": true, "path": "."}
    },
    "develop": {
        "Uvicorn": {"hashes": ["sha256:01", "sha256:02"], "version": "==0.37.0"},
        "pytest": {"hashes": ["sha256:03"], "markers": "python_version >= '3.9'", "version": "==8.4.2"}
    }
}"#;
        let lock = parse("Pipfile.lock", text).unwrap();
        assert_eq!(lock.requires_python.as_deref(), Some("==3.11.*"));
        let [forked, mine, pytest, uvicorn] = lock.packages.as_slice() else { panic!("{:?}", lock.packages) };
        assert_eq!((uvicorn.version.as_str(), uvicorn.markers.len()), ("0.37.0", 0));
        assert_eq!(uvicorn.other_files.len(), 2);
        assert_eq!(pytest.other_files[0].hash, "sha256:03");
        assert_eq!(pytest.markers, ["python_version >= '3.9'"]);
        assert_eq!(forked.location.as_deref(), Some("https://x/forked#0001"));
        assert_eq!(mine.source, PackageOrigin::Local);
    }

    #[test]
    fn errors_name_the_line() {
        let check = |text: &str, start: &str| {
            let error = parse("Pipfile.lock", text).unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        };
        check("{\n\"_meta\": {},\n\"default\": 3}", "Pipfile.lock:3: invalid type");
        check("{}", "Pipfile.lock:1: missing field `_meta`");
        check("", "Pipfile.lock:1: EOF");
        check("{\"_meta\": {\"pipfile-spec\": 7}}", "Pipfile.lock: format version 7");
    }
}
