//! Compares two versions of a lock file. A lock covers many platforms and Pythons, of which images use few, so a
//! comparison can be limited.

use crate::history::request::LockDifference;
use crate::workspace::lock::difference::changed_here;
use crate::workspace::lock::resolve::resolve;
use crate::workspace::lock::{Lock, parse};
use crate::workspace::platform::Platform;

/// Packages that differ between two versions of the lock file at `path` for any of `platforms` and one Python (major,
/// minor). A missing file has no packages.
#[must_use]
pub fn lock_difference(
    platforms: &[Platform],
    python: (u32, u32),
    path: &str,
    old: Option<&[u8]>,
    new: Option<&[u8]>,
) -> LockDifference {
    match (read(path, old), read(path, new)) {
        (Ok(old), Ok(new)) => {
            let resolved = |lock: &Lock, platform: &Platform| resolve(lock, platform, python);
            let here = |platform: &Platform| changed_here(&resolved(&old, platform), &resolved(&new, platform));
            LockDifference::Packages(platforms.iter().flat_map(here).collect())
        }
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
    use crate::workspace::lock::PackageName;

    fn difference(old: Option<&[u8]>, new: Option<&[u8]>) -> LockDifference {
        lock_difference(&[Platform::default()], (3, 13), "uv.lock", old, new)
    }

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
        let found = match difference(old, new) {
            LockDifference::Packages(packages) => Ok(packages.iter().map(|name| name.as_str().to_owned()).collect()),
            LockDifference::Unreadable(reason) => Err(reason.split(':').next().unwrap_or_default().to_owned()),
        };
        let expected = expected.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn a_wheel_for_elsewhere_is_no_difference_on_a_platform() {
        let with_wheel = |tag: &str| {
            let wheel = format!(
                "wheels = [{{ url = \"https://example.com/numpy-1-{tag}.whl\", hash = \"sha256:1\", size = 1 }},"
            );
            lock(&[("numpy", "1"), ("six", "1")]).replacen("wheels = [", &wheel, 1)
        };
        let old = lock(&[("numpy", "1"), ("six", "1")]);
        let check = |new: &str, here: &[&str]| {
            let (old, new) = (Some(old.as_bytes()), Some(new.as_bytes()));
            let packages =
                |names: &[&str]| LockDifference::Packages(names.iter().map(|name| PackageName::new(name)).collect());
            assert_eq!(difference(old, new), packages(here));
        };
        check(&with_wheel("cp313-cp313-win_amd64"), &[]);
        check(&with_wheel("cp314-cp314-manylinux_2_17_x86_64"), &[]);
        check(&with_wheel("cp313-cp313-manylinux_2_17_x86_64"), &["numpy"]);
        check(&old.replace("name = \"six\"\nversion = \"1\"", "name = \"six\"\nversion = \"2\""), &["six"]);
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
