//! Compares two versions of a lock file as text. Pure.
//!
//! This is the comparison for whole locks; who knows the platform of an image can compare what it gets of each version
//! with `workspace::lock::difference::changed_here` instead.

use crate::history::request::LockDifference;
use crate::workspace::lock::difference::changed_packages;
use crate::workspace::lock::{Lock, parse};

/// The packages that differ between `old` and `new`, both versions of the lock file at `path`. Where the file does not
/// exist it has no packages.
#[must_use]
pub fn lock_difference(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> LockDifference {
    match (read(path, old), read(path, new)) {
        (Ok(old), Ok(new)) => LockDifference::Packages(changed_packages(&old, &new)),
        (_, Err(reason)) => LockDifference::Unreadable(format!("after the commit: {reason}")),
        (Err(reason), _) => LockDifference::Unreadable(format!("before the commit: {reason}")),
    }
}

fn read(path: &str, content: Option<&[u8]>) -> Result<Lock, String> {
    let Some(content) = content else { return Ok(Lock::default()) };
    let text = std::str::from_utf8(content).map_err(|error| format!("{path}: {error}"))?;
    parse(path, text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A uv.lock with these packages and versions.
    fn lock(packages: &[(&str, &str)]) -> String {
        let mut text = "version = 1\nrequires-python = \">=3.12\"\n".to_owned();
        for (name, version) in packages {
            text.push_str(&format!(
                "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"https://example.com\" }}\n\
                 wheels = [{{ url = \"https://example.com/{name}-{version}-py3-none-any.whl\", hash = \"sha256:{name}{version}\", size = 1 }}]\n"
            ));
        }
        text
    }

    fn check(old: Option<&[u8]>, new: Option<&[u8]>, expected: Result<&[&str], &str>) {
        let found = match lock_difference("uv.lock", old, new) {
            LockDifference::Packages(packages) => Ok(packages.iter().map(|name| name.as_str().to_owned()).collect()),
            LockDifference::Unreadable(reason) => Err(reason.split(':').next().unwrap_or_default().to_owned()),
        };
        let expected = expected.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn versions_that_differ_are_named_and_broken_ones_told() {
        let old = lock(&[("numpy", "1"), ("torch", "2")]);
        let new = lock(&[("numpy", "1"), ("torch", "3"), ("six", "1")]);
        let (old, new) = (Some(old.as_bytes()), Some(new.as_bytes()));
        check(old, new, Ok(&["six", "torch"]));
        check(old, old, Ok(&[]));
        check(None, old, Ok(&["numpy", "torch"]));
        check(old, None, Ok(&["numpy", "torch"]));
        check(old, Some(b"<<<<<<< HEAD"), Err("after the commit"));
        check(Some(b"\xff"), new, Err("before the commit"));
    }
}
