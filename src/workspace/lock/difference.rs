//! Packages whose files differ between versions of a lock file. Changed dependencies, markers, lengths, index URLs and
//! orders don't count: the wheel is the same byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Lock, LockedFile, LockedPackage, PackageOrigin, Wheel};
use super::package_name::PackageName;
use super::resolve::{ResolvedLock, ResolvedPackage};

/// Packages that differ on some platform: another version, files, hashes or source, or only in one lock. Includes
/// versions that only gained a wheel for another platform; [`changed_here`] is exact for one.
#[must_use]
pub fn changed_packages(old: &Lock, new: &Lock) -> BTreeSet<PackageName> {
    differing(&contents(old), &contents(new))
}

/// Packages that differ for one platform and Python. Raising `requires-python` drops wheels of old Pythons, and a new
/// Python adds wheels to old versions, so whole locks change without changing any image.
#[must_use]
pub fn changed_here(old: &ResolvedLock, new: &ResolvedLock) -> BTreeSet<PackageName> {
    let contents = |lock: &'_ ResolvedLock| -> BTreeMap<PackageName, Content> {
        lock.packages.iter().map(|(name, package)| (name.clone(), resolved_content(package))).collect()
    };
    differing(&contents(old), &contents(new))
}

fn differing<T: PartialEq>(old: &BTreeMap<PackageName, T>, new: &BTreeMap<PackageName, T>) -> BTreeSet<PackageName> {
    let names = old.keys().chain(new.keys());
    names.filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

/// What decides the installed bytes of a locked version.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Content {
    version: String,
    source: PackageOrigin,
    location: Option<String>,
    /// Name and hash.
    files: BTreeSet<(String, String)>,
}

fn contents(lock: &Lock) -> BTreeMap<PackageName, BTreeSet<Content>> {
    let mut contents: BTreeMap<PackageName, BTreeSet<Content>> = BTreeMap::new();
    for package in &lock.packages {
        contents.entry(package.name.clone()).or_default().insert(content(package));
    }
    contents
}

fn content(package: &LockedPackage) -> Content {
    Content {
        version: package.version.clone(),
        source: package.source,
        location: package.location.clone(),
        files: files(package.wheels.iter(), &package.other_files),
    }
}

fn resolved_content(package: &ResolvedPackage) -> Content {
    Content {
        version: package.version.clone(),
        source: package.origin,
        location: package.location.clone(),
        files: files(package.wheel.iter(), &package.other_files),
    }
}

/// The wheels, or else the other files: nobody installs an archive beside a wheel.
fn files<'a>(wheels: impl Iterator<Item = &'a Wheel>, others: &[LockedFile]) -> BTreeSet<(String, String)> {
    let wheels: BTreeSet<_> = wheels.map(|wheel| (wheel.file_name.clone(), wheel.hash.clone())).collect();
    if wheels.is_empty() {
        return others.iter().map(|file| (file.file_name.clone(), file.hash.clone())).collect();
    }
    wheels
}

#[cfg(test)]
mod tests {
    use super::{changed_here, changed_packages};
    use crate::workspace::lock::resolve::resolve;
    use crate::workspace::lock::{Lock, parse};
    use crate::workspace::platform::Platform;

    const OLD: &str = r#"
version = 1
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://one.example/simple" }
dependencies = [{ name = "b" }]
sdist = { url = "https://x/a-1.0.tar.gz", hash = "sha256:00", size = 1 }
wheels = [
    { url = "https://x/a-1.0-cp313-cp313-manylinux_2_17_x86_64.whl", hash = "sha256:01", size = 1 },
    { url = "https://x/a-1.0-cp313-cp313-win_amd64.whl", hash = "sha256:02", size = 1 },
]
[[package]]
name = "b"
version = "2.0"
source = { registry = "https://one.example/simple" }
sdist = { url = "https://x/b-2.0.tar.gz", hash = "sha256:03", size = 1 }
[[package]]
name = "c"
version = "3.0"
source = { git = "https://x/c?rev=main#0001" }
"#;

    fn lock(text: &str) -> Lock {
        parse("uv.lock", text).unwrap()
    }

    /// Replaces `from` by `to` in the old lock: the packages that changed in all, and those that changed on linux/amd64.
    fn check(from: &str, to: &str, everywhere: &[&str], here: &[&str]) {
        assert!(OLD.contains(from), "{from}");
        let (old, new) = (lock(OLD), lock(&OLD.replace(from, to)));
        let names = |set: std::collections::BTreeSet<super::PackageName>| -> Vec<String> {
            set.into_iter().map(|name| name.as_str().to_owned()).collect()
        };
        assert_eq!(names(changed_packages(&old, &new)), everywhere, "{from} -> {to}");
        assert_eq!(names(changed_packages(&new, &old)), everywhere, "{to} -> {from}");
        let resolved = |lock: &Lock| resolve(lock, &Platform::default(), (3, 13));
        assert_eq!(names(changed_here(&resolved(&old), &resolved(&new))), here, "{from} -> {to}");
    }

    #[test]
    fn content_is_version_files_and_source() {
        check("a", "a", &[], &[]);
        check("version = \"1.0\"", "version = \"1.1\"", &["a"], &["a"]);
        check("sha256:01", "sha256:11", &["a"], &["a"]);
        check("c?rev=main#0001", "c?rev=main#0002", &["c"], &["c"]);
        check("{ git = \"https://x/c?rev=main#0001\" }", "{ registry = \"https://x\" }", &["c"], &["c"]);
    }

    #[test]
    fn an_archive_counts_only_where_there_is_no_wheel() {
        check("sha256:00", "sha256:10", &[], &[]);
        check("sha256:03", "sha256:13", &["b"], &["b"]);
    }

    #[test]
    fn a_wheel_for_elsewhere_changes_nothing_here() {
        check("sha256:02", "sha256:12", &["a"], &[]);
    }

    #[test]
    fn dependencies_lengths_and_the_index_do_not_count() {
        check("dependencies = [{ name = \"b\" }]\n", "", &[], &[]);
        check("size = 1", "size = 2", &[], &[]);
        check("https://one.example/simple", "https://mirror.example", &[], &[]);
    }

    #[test]
    fn a_package_in_one_of_them_alone_differs() {
        let without_c = OLD.split("[[package]]\nname = \"c\"").next().unwrap();
        let changed = changed_packages(&lock(OLD), &lock(without_c));
        assert_eq!(changed.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["c"]);
    }
}
