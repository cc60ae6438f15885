//! What one platform and one Python get of a lock: one version of each package, its wheel, and the edges that hold.
//!
//! A lock file holds for many platforms at once. Markers, extras and forks are decided here and nowhere else; which of
//! the packages an app needs is not: that follows from the edges and from the targets that name packages.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::{Part, Reach};
use super::wheel_tags::best_wheel;
use super::{Lock, LockFinding, LockFindingCode, LockedPackage, PackageName, PackageOrigin, Wheel, versions};
use crate::workspace::platform::Platform;

/// A lock as one platform and one Python see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolvedLock {
    /// Every package that is installed there when it is asked for, also those that nothing else depends on.
    pub packages: BTreeMap<PackageName, ResolvedPackage>,
    /// Packages that are locked for other platforms or Pythons only.
    pub elsewhere: BTreeSet<PackageName>,
    /// What could not be decided for certain, and what the reading of the file left out; sorted. They speak of the whole
    /// lock: an app is concerned by those whose package is in its closure.
    pub findings: Vec<LockFinding>,
}

/// One package as one platform and one Python see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedPackage {
    /// The version that was chosen, as written.
    pub version: String,
    /// The wheel to install; `None` where none fits or the lock does not list files by name.
    pub wheel: Option<Wheel>,
    /// What it needs here: markers decided, extras included that something in the lock asks for. Cycles are legal.
    pub dependencies: BTreeSet<PackageName>,
    /// Where it comes from.
    pub origin: PackageOrigin,
    /// The other locked versions, oldest first.
    pub also_locked: Vec<String>,
}

/// Decides `lock` for `platform` and CPython `python` (major, minor).
///
/// The local packages are the roots, with all their extras and groups, for a lock holds what any of them needs. Where a
/// format writes no roots, every package starts on its own. Of several versions the one stays that markers and the
/// reaching dependencies name; if that leaves several, the newest, with a finding.
#[must_use]
pub fn resolve(lock: &Lock, platform: &Platform, python: (u32, u32)) -> ResolvedLock {
    let environment = platform.marker_environment(python);
    let reach = Reach::of(lock, &environment);
    let mut findings: BTreeSet<LockFinding> = lock.findings.iter().cloned().collect();
    let mut packages = BTreeMap::new();
    for (name, candidates) in &reach.here {
        let Some(chosen) = choose(name, candidates, &reach, &mut findings) else { continue };
        let package = chosen.package;
        let wheel = wheel_of(package, platform, python, &mut findings);
        let resolved = ResolvedPackage {
            version: package.version.clone(),
            wheel,
            dependencies: dependencies(chosen, &reach),
            origin: package.source,
            also_locked: other_versions(lock, package),
        };
        packages.insert((*name).clone(), resolved);
    }
    if packages.len() > 1
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

/// One locked version, with its place in the lock.
#[derive(Clone, Copy)]
struct Chosen<'a> {
    index: usize,
    package: &'a LockedPackage,
}

/// The version of `name` to install: the newest of those that something reaches, or else of those that fit.
fn choose<'a>(
    name: &PackageName,
    candidates: &[(usize, &'a LockedPackage)],
    reach: &Reach<'_>,
    findings: &mut BTreeSet<LockFinding>,
) -> Option<Chosen<'a>> {
    let reached: Vec<_> = candidates.iter().copied().filter(|(index, _)| reach.parts.contains_key(index)).collect();
    let pool = if reached.is_empty() { candidates } else { &reached };
    let newest = pool.iter().max_by(|left, right| versions::compare(&left.1.version, &right.1.version))?;
    if pool.len() > 1 {
        let versions: Vec<&str> = pool.iter().map(|(_, package)| package.version.as_str()).collect();
        findings.insert(LockFinding {
            code: LockFindingCode::SeveralVersions,
            package: Some(name.clone()),
            line: None,
            message: format!(
                "{} is locked as {} and nothing here decides between them; {} is counted",
                name.as_str(),
                versions.join(" and "),
                newest.1.version
            ),
        });
    }
    Some(Chosen { index: newest.0, package: newest.1 })
}

fn wheel_of(
    package: &LockedPackage,
    platform: &Platform,
    python: (u32, u32),
    findings: &mut BTreeSet<LockFinding>,
) -> Option<Wheel> {
    if package.source == PackageOrigin::Local {
        return None;
    }
    let best = best_wheel(&package.wheels, platform, python);
    let lists_files = !package.wheels.is_empty() || package.other_files.iter().any(|file| !file.file_name.is_empty());
    if best.is_none() && lists_files {
        let (major, minor) = python;
        findings.insert(LockFinding {
            code: LockFindingCode::NoWheel,
            package: Some(package.name.clone()),
            line: None,
            message: format!(
                "{} {} has no wheel for {platform} and Python {major}.{minor}; it would be built from source and its \
                 size is not known",
                package.name.as_str(),
                package.version
            ),
        });
    }
    best.cloned()
}

/// The names that the chosen version needs here, in all the parts of it that something asks for.
fn dependencies(chosen: Chosen<'_>, reach: &Reach<'_>) -> BTreeSet<PackageName> {
    let base = BTreeSet::from([Part::Base]);
    let parts = reach.parts.get(&chosen.index).unwrap_or(&base);
    let needed = parts.iter().flat_map(|part| reach.needed_by(chosen.package, part));
    // `project[all]` needs `project[some]`: an edge to oneself says nothing once extras are decided.
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
