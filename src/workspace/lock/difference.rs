//! Packages whose files differ between versions of a lock file. Changed dependencies, markers, lengths, index URLs and
//! orders don't count: the wheel is the same byte for byte.

use std::collections::BTreeSet;

use super::model::{LockedFile, PackageOrigin, Wheel};
use super::package_name::PackageName;
use super::resolve::{ResolvedLock, ResolvedPackage};

/// Packages that differ for one platform and Python. Raising `requires-python` drops wheels of old Pythons, and a new
/// Python adds wheels to old versions, so whole locks change without changing any image.
#[must_use]
pub fn changed_here(old: &ResolvedLock, new: &ResolvedLock) -> BTreeSet<PackageName> {
    let names = old.packages.keys().chain(new.packages.keys());
    let content = |lock: &ResolvedLock, name| lock.packages.get(name).map(content);
    names.filter(|&name| content(old, name) != content(new, name)).cloned().collect()
}

/// What decides the installed bytes of a locked version.
#[derive(PartialEq, Eq)]
struct Content {
    version: String,
    source: PackageOrigin,
    location: Option<String>,
    /// Name and hash.
    files: BTreeSet<(String, String)>,
}

fn content(package: &ResolvedPackage) -> Content {
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
    use super::changed_here;
    use crate::workspace::lock::parse;
    use crate::workspace::lock::resolve::ResolvedLock;
    use crate::workspace::lock::resolve::resolve;
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

    fn lock(text: &str) -> ResolvedLock {
        resolve(&parse("uv.lock", text).unwrap(), &Platform::default(), (3, 13))
    }

    /// Replaces `from` by `to` in the old lock; `changed` are the packages that differ on linux/amd64.
    fn check(from: &str, to: &str, changed: &[&str]) {
        assert!(OLD.contains(from), "{from}");
        let (old, new) = (lock(OLD), lock(&OLD.replace(from, to)));
        for found in [changed_here(&old, &new), changed_here(&new, &old)] {
            assert_eq!(found.iter().map(|name| name.as_str()).collect::<Vec<_>>(), changed, "{from} -> {to}");
        }
    }

    #[test]
    fn content_is_version_files_and_source() {
        check("a", "a", &[]);
        check("version = \"1.0\"", "version = \"1.1\"", &["a"]);
        check("sha256:01", "sha256:11", &["a"]);
        check("c?rev=main#0001", "c?rev=main#0002", &["c"]);
        check("{ git = \"https://x/c?rev=main#0001\" }", "{ registry = \"https://x\" }", &["c"]);
    }

    #[test]
    fn an_archive_counts_only_where_there_is_no_wheel() {
        check("sha256:00", "sha256:10", &[]);
        check("sha256:03", "sha256:13", &["b"]);
    }

    #[test]
    fn a_wheel_for_elsewhere_changes_nothing_here() {
        check("sha256:02", "sha256:12", &[]);
    }

    #[test]
    fn dependencies_lengths_and_the_index_do_not_count() {
        check("dependencies = [{ name = \"b\" }]\n", "", &[]);
        check("size = 1", "size = 2", &[]);
        check("https://one.example/simple", "https://mirror.example", &[]);
    }

    #[test]
    fn a_package_in_one_of_them_alone_differs() {
        let without_c = OLD.split("[[package]]\nname = \"c\"").next().unwrap();
        let changed = changed_here(&lock(OLD), &lock(without_c));
        assert_eq!(changed.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["c"]);
    }
}
