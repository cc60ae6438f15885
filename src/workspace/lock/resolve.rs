//! Selects what one platform and Python get of a lock: one version of each package, its wheel, and its edges. Markers,
//! extras and forks are decided only here; which packages an app needs follows from the edges and targets.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{LockFinding, LockFindingCode};
use super::model::{Lock, LockedFile, LockedPackage, PackageOrigin, Wheel};
use super::package_name::PackageName;
use super::reach::{Part, Reach};
use super::versions;
use super::wheel_tags::best_wheel;
use crate::workspace::platform::Platform;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedLock {
    /// Every package that can be installed there, with or without dependents.
    pub packages: BTreeMap<PackageName, ResolvedPackage>,
    /// Packages locked for other platforms or Pythons only.
    pub elsewhere: BTreeSet<PackageName>,
    /// Sorted findings about the whole lock; those about packages in its closure concern an app.
    pub findings: Vec<LockFinding>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedPackage {
    /// As written.
    pub version: String,
    /// `None` if none fits or the lock does not list files by name.
    pub wheel: Option<Wheel>,
    /// All files in the lock, if there is no such wheel.
    pub other_files: Vec<LockedFile>,
    /// Markers decided, with requested extras. Cycles are legal.
    pub dependencies: BTreeSet<PackageName>,
    pub origin: PackageOrigin,
    /// Source of a direct or local package.
    pub location: Option<String>,
    pub registry: Option<String>,
    /// Oldest first.
    pub also_locked: Vec<String>,
}

/// Resolves `lock` for `platform` and CPython `python` (major, minor). Local packages are roots, with all extras and
/// groups; in formats without roots every package is one. Of several versions the one stays that markers and dependents
/// name; if several remain, the newest, with a finding.
#[must_use]
pub fn resolve(lock: &Lock, platform: &Platform, python: (u32, u32)) -> ResolvedLock {
    let environment = platform.marker_environment(python);
    let reach = Reach::of(lock, &environment);
    let mut findings: BTreeSet<LockFinding> = lock.findings.iter().cloned().collect();
    let mut packages = BTreeMap::new();
    for (name, candidates) in &reach.here {
        let Some(chosen) = choose(name, candidates, &reach, &mut findings) else { continue };
        let package = chosen.package;
        let wheel = wheel_of(package, platform, python);
        // A package that nothing requests here (`pywin32`) needs no wheel.
        if wheel.is_none() && lists_files(package) && reach.parts.contains_key(&chosen.index) {
            findings.insert(no_wheel(package, platform, python));
        }
        let resolved = ResolvedPackage {
            version: package.version.clone(),
            other_files: if wheel.is_some() { Vec::new() } else { package.other_files.clone() },
            wheel,
            location: package.location.clone(),
            registry: package.registry.clone(),
            dependencies: dependencies(chosen, &reach),
            origin: package.source,
            also_locked: other_versions(lock, package),
        };
        packages.insert((*name).clone(), resolved);
    }
    if !lock.has_roots
        && packages.len() > 1
        && lock.packages.iter().all(|package| package.dependencies.is_empty() && package.extras.is_empty())
    {
        findings.insert(LockFinding {
            code: LockFindingCode::NoDependencies,
            package: None,
            line: None,
            message: "the lock does not say which package needs which; only packages that a target names are counted"
                .to_owned(),
        });
    }
    findings.extend(reach.findings);
    let elsewhere = lock.packages.iter().map(|package| &package.name).filter(|name| !packages.contains_key(*name));
    ResolvedLock { elsewhere: elsewhere.cloned().collect(), packages, findings: findings.into_iter().collect() }
}

/// With its position in the lock.
#[derive(Clone, Copy)]
struct Chosen<'a> {
    index: usize,
    package: &'a LockedPackage,
}

/// The newest version that is reached, else the newest that fits.
fn choose<'a>(
    name: &PackageName,
    candidates: &[(usize, &'a LockedPackage)],
    reach: &Reach<'_>,
    findings: &mut BTreeSet<LockFinding>,
) -> Option<Chosen<'a>> {
    let reached: Vec<_> = candidates.iter().copied().filter(|(index, _)| reach.parts.contains_key(index)).collect();
    let pool = if reached.is_empty() { candidates } else { &reached };
    let newest = pool.iter().max_by(|left, right| versions::compare(&left.1.version, &right.1.version))?;
    let versions: BTreeSet<&str> = pool.iter().map(|(_, package)| package.version.as_str()).collect();
    if versions.len() > 1 {
        findings.insert(LockFinding {
            code: LockFindingCode::SeveralVersions,
            package: Some(name.clone()),
            line: None,
            message: format!(
                "{} is locked as {} and nothing here decides between them; {} is counted",
                name.as_str(),
                versions.into_iter().collect::<Vec<_>>().join(" and "),
                newest.1.version
            ),
        });
    }
    Some(Chosen { index: newest.0, package: newest.1 })
}

fn wheel_of(package: &LockedPackage, platform: &Platform, python: (u32, u32)) -> Option<Wheel> {
    match package.source {
        PackageOrigin::Local => None,
        PackageOrigin::Registry | PackageOrigin::Direct => best_wheel(&package.wheels, platform, python).cloned(),
    }
}

/// Some formats name no files, and a local package has none, so a missing wheel means nothing.
fn lists_files(package: &LockedPackage) -> bool {
    let is_named = |file: &LockedFile| !file.file_name.is_empty();
    package.source != PackageOrigin::Local && (!package.wheels.is_empty() || package.other_files.iter().any(is_named))
}

fn no_wheel(package: &LockedPackage, platform: &Platform, (major, minor): (u32, u32)) -> LockFinding {
    let (name, version) = (package.name.as_str(), &package.version);
    LockFinding {
        code: LockFindingCode::NoWheel,
        package: Some(package.name.clone()),
        line: None,
        message: format!(
            "{name} {version} has no wheel for {platform} and Python {major}.{minor}; it would be built from source and \
             its size is not known"
        ),
    }
}

/// For all requested parts.
fn dependencies(chosen: Chosen<'_>, reach: &Reach<'_>) -> BTreeSet<PackageName> {
    let base = BTreeSet::from([Part::Base]);
    let parts = reach.parts.get(&chosen.index).unwrap_or(&base);
    let needed = parts.iter().flat_map(|part| reach.needed_by(chosen.package, part));
    // `project[all]` needs `project[some]`: a self-edge is redundant once extras are decided.
    needed
        .map(|dependency| &dependency.name)
        .filter(|name| reach.here.contains_key(*name) && **name != chosen.package.name)
        .cloned()
        .collect()
}

fn other_versions(lock: &Lock, chosen: &LockedPackage) -> Vec<String> {
    let others = lock.packages.iter().filter(|other| other.name == chosen.name && other.version != chosen.version);
    let mut versions: Vec<String> = others.map(|other| other.version.clone()).collect();
    versions.sort_by(|left, right| versions::compare(left, right));
    versions.dedup();
    versions
}

#[cfg(test)]
mod tests {
    use super::{ResolvedLock, resolve};
    use crate::workspace::lock::{LockFindingCode, PackageName, parse};
    use crate::workspace::platform::Platform;

    /// A `uv.lock` of a root and packages, each given as `name version` and the rest of its table.
    fn uv(root: &str, packages: &[(&str, &str)]) -> String {
        let mut text = format!("version = 1\n[[package]]\nname = \"root\"\nsource = {{ virtual = \".\" }}\n{root}\n");
        for (name_and_version, rest) in packages {
            let (name, version) = name_and_version.split_once(' ').unwrap();
            text += &format!(
                "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"x\" }}\n{rest}\n"
            );
        }
        text
    }

    fn resolved(text: &str, platform: &str, python: (u32, u32)) -> ResolvedLock {
        resolve(&parse("uv.lock", text).unwrap(), &platform.parse().unwrap(), python)
    }

    /// What `name` needs on linux/amd64 with Python 3.13.
    fn needs(text: &str, name: &str) -> Vec<String> {
        let resolved = resolved(text, "linux/amd64", (3, 13));
        let names = resolved.packages[&PackageName::new(name)].dependencies.iter();
        names.map(|name| name.as_str().to_owned()).collect()
    }

    fn version(resolved: &ResolvedLock, name: &str) -> String {
        resolved.packages[&PackageName::new(name)].version.clone()
    }

    fn codes(resolved: &ResolvedLock) -> Vec<LockFindingCode> {
        resolved.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn markers_decide_edges() {
        let edges = "dependencies = [{ name = \"b\", marker = \"sys_platform == 'win32'\" }, { name = \"c\", marker = \"python_version >= '3.13'\" }]";
        let text = uv("dependencies = [{ name = \"a\" }]", &[("a 1", edges), ("b 1", ""), ("c 1", "")]);
        assert_eq!(needs(&text, "a"), ["c"]);
        assert!(resolved(&text, "linux/amd64", (3, 12)).packages[&PackageName::new("a")].dependencies.is_empty());
    }

    #[test]
    fn an_extra_counts_where_something_that_is_reached_asks_for_it() {
        let extra = "[package.optional-dependencies]\nstandard = [{ name = \"c\" }]\nother = [{ name = \"d\" }]";
        let asking = "dependencies = [{ name = \"a\", extra = [\"standard\"] }]";
        let packages = |b: &'static str| [("a 1", extra), ("b 1", b), ("c 1", ""), ("d 1", "")];
        // The root asks, or a package that the root reaches, or one that it does not reach.
        assert_eq!(needs(&uv(asking, &packages("")), "a"), ["c"]);
        assert_eq!(needs(&uv("dependencies = [{ name = \"b\" }]", &packages(asking)), "a"), ["c"]);
        let unreached =
            uv("dependencies = [{ name = \"a\" }, { name = \"b\", marker = \"os_name == 'nt'\" }]", &packages(asking));
        assert!(needs(&unreached, "a").is_empty());
        // Extras and groups of the root itself are asked for.
        let group = "[package.dev-dependencies]\ndev = [{ name = \"a\", extra = [\"other\"] }]";
        assert_eq!(needs(&uv(group, &packages("")), "a"), ["d"]);
    }

    #[test]
    fn an_extra_of_oneself_brings_its_packages_and_no_edge_to_oneself() {
        let root = "[package.optional-dependencies]\nall = [{ name = \"a\", extra = [\"all\"] }]";
        let a =
            "[package.optional-dependencies]\nall = [{ name = \"a\", extra = [\"some\"] }]\nsome = [{ name = \"b\" }]";
        assert_eq!(needs(&uv(root, &[("a 1", a), ("b 1", "")]), "a"), ["b"]);
    }

    #[test]
    fn cycles_are_legal() {
        let text = uv(
            "dependencies = [{ name = \"a\" }]",
            &[("a 1", "dependencies = [{ name = \"b\" }]"), ("b 1", "dependencies = [{ name = \"a\" }]")],
        );
        assert_eq!((needs(&text, "a"), needs(&text, "b")), (vec!["b".to_owned()], vec!["a".to_owned()]));
    }

    #[test]
    fn the_markers_of_a_fork_choose_its_version() {
        let fork = |marker: &str| format!("resolution-markers = [\"{marker}\"]");
        let (old, new) = (fork("python_full_version < '3.12'"), fork("python_full_version >= '3.12'"));
        let text = uv("dependencies = [{ name = \"n\" }]", &[("n 2.2.6", &old), ("n 2.10", &new)]);
        let (old, new) = (resolved(&text, "linux/amd64", (3, 11)), resolved(&text, "linux/amd64", (3, 13)));
        assert_eq!((version(&old, "n"), version(&new, "n")), ("2.2.6".to_owned(), "2.10".to_owned()));
        assert_eq!(new.packages[&PackageName::new("n")].also_locked, ["2.2.6"]);
        assert!(new.findings.is_empty() && old.findings.is_empty());
        let nowhere = uv("", &[("n 1", &fork("os_name == 'nt'"))]);
        let nowhere = resolved(&nowhere, "linux/amd64", (3, 13));
        assert!(
            nowhere.elsewhere.contains(&PackageName::new("n"))
                && !nowhere.packages.contains_key(&PackageName::new("n"))
        );
    }

    #[test]
    fn the_version_that_a_dependency_names_is_chosen() {
        let root = "dependencies = [{ name = \"n\", version = \"1\", marker = \"os_name == 'posix'\" }, { name = \"n\", version = \"2\", marker = \"os_name == 'nt'\" }]";
        let named = resolved(&uv(root, &[("n 1", ""), ("n 2", "")]), "linux/amd64", (3, 13));
        assert_eq!((version(&named, "n"), codes(&named)), ("1".to_owned(), vec![]));
    }

    #[test]
    fn extras_that_exclude_each_other_end_in_the_newest_with_a_finding() {
        let root = "dependencies = [{ name = \"n\", version = \"9\", marker = \"extra == 'extra-4-root-old'\" }, { name = \"n\", version = \"10\", marker = \"extra == 'extra-4-root-new' or extra != 'extra-4-root-old'\" }]";
        let both = resolved(&uv(root, &[("n 10", ""), ("n 9", "")]), "linux/amd64", (3, 13));
        assert_eq!((version(&both, "n"), codes(&both)), ("10".to_owned(), vec![LockFindingCode::SeveralVersions]));
    }

    #[test]
    fn what_is_missing_or_unreadable_is_said() {
        let root = "dependencies = [{ name = \"gone\" }, { name = \"a\", marker = \"huh\" }, { name = \"windows\", marker = \"os_name == 'nt'\" }]";
        let resolved = resolved(&uv(root, &[("a 1", "")]), "linux/amd64", (3, 13));
        assert_eq!(codes(&resolved), [LockFindingCode::MissingPackage, LockFindingCode::UnreadableMarker]);
        let names: Vec<&str> =
            resolved.packages[&PackageName::new("root")].dependencies.iter().map(PackageName::as_str).collect();
        assert_eq!(names, ["a"], "what an unreadable marker guards is counted");
    }

    #[test]
    fn the_wheel_is_the_platforms() {
        let files = "wheels = [{ url = \"https://x/a-1-cp313-cp313-manylinux_2_28_x86_64.whl\", size = 10 }, { url = \"https://x/a-1-cp313-cp313-manylinux_2_28_aarch64.whl\", size = 20 }]\nsdist = { url = \"https://x/a-1.tar.gz\", size = 30 }";
        let text = uv("dependencies = [{ name = \"a\" }]", &[("a 1", files)]);
        let bytes = |platform: &str, python| {
            resolved(&text, platform, python).packages[&PackageName::new("a")]
                .wheel
                .as_ref()
                .and_then(|wheel| wheel.bytes)
                .map(|bytes| bytes.0)
        };
        assert_eq!((bytes("linux/amd64", (3, 13)), bytes("linux/arm64", (3, 13))), (Some(10), Some(20)));
        assert_eq!(bytes("linux/amd64", (3, 12)), None);
        let without = resolved(&text, "linux/amd64", (3, 12));
        assert_eq!(codes(&without), [LockFindingCode::NoWheel]);
        assert_eq!(without.packages[&PackageName::new("a")].other_files[0].file_name, "a-1.tar.gz");
        let unasked = uv("", &[("a 1", files)]);
        assert!(resolved(&unasked, "linux/amd64", (3, 12)).findings.is_empty(), "nothing asks for it");
    }

    #[test]
    fn a_lock_without_edges_says_so() {
        let lock = parse("requirements.txt", "a==1\nb==1\n").unwrap();
        assert_eq!(codes(&resolve(&lock, &Platform::default(), (3, 13))), [LockFindingCode::NoDependencies]);
        let lock = parse("requirements.txt", "a==1\nb==1 # via a\n").unwrap();
        assert_eq!(codes(&resolve(&lock, &Platform::default(), (3, 13))), []);
    }

    /// Twenty packages of a real lock file; the wheels for amd64 are 9,850,154 bytes with `colorama`, which only Windows needs.
    #[test]
    fn a_real_lock_gives_its_real_bytes() {
        let text = include_str!("testdata/hello_fastapi.uv.lock");
        let check = |platform: &str, python, expected: (usize, u64)| {
            let resolved = resolved(text, platform, python);
            let mut open = vec![PackageName::new("fastapi"), PackageName::new("uvicorn")];
            let mut closure = std::collections::BTreeSet::new();
            while let Some(name) = open.pop() {
                if closure.insert(name.clone()) {
                    open.extend(resolved.packages[&name].dependencies.iter().cloned());
                }
            }
            let wheels = closure.iter().filter_map(|name| resolved.packages[name].wheel.as_ref());
            let bytes: u64 = wheels.filter_map(|wheel| wheel.bytes).map(|bytes| bytes.0).sum();
            assert_eq!((closure.len(), bytes), expected, "{platform}");
            assert!(!closure.contains(&PackageName::new("colorama")));
        };
        check("linux/amd64", (3, 13), (19, 9_850_154 - 25_335));
        check("linux/arm64", (3, 13), (19, 9_554_621));
    }
}
