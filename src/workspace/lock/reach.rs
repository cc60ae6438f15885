//! Walks a lock from its roots on one platform: decides markers and extras, but not between versions.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{LockFinding, LockFindingCode};
use super::marker::holds;
use super::model::{Lock, LockedDependency, LockedPackage, PackageOrigin};
use super::package_name::PackageName;
use crate::workspace::platform::MarkerEnvironment;

/// Dependencies of a package that are requested together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Base,
    /// Normalised by PEP 685, like package names.
    Extra(PackageName),
    Group(String),
}

pub(super) struct Reach<'a> {
    /// Versions whose own markers hold, by name, with positions in the lock.
    pub here: BTreeMap<&'a PackageName, Vec<(usize, &'a LockedPackage)>>,
    /// Requested parts by the package's position in the lock.
    pub parts: BTreeMap<usize, BTreeSet<Part>>,
    /// Unreadable markers, missing packages, assumed extras.
    pub findings: BTreeSet<LockFinding>,
    locked: BTreeSet<&'a PackageName>,
    environment: &'a MarkerEnvironment,
}

impl<'a> Reach<'a> {
    pub(super) fn of(lock: &'a Lock, environment: &'a MarkerEnvironment) -> Self {
        let locked = lock.packages.iter().map(|package| &package.name).collect();
        let (here, parts, findings) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let mut reach = Self { here, parts, findings, locked, environment };
        for (index, package) in lock.packages.iter().enumerate() {
            let markers = &package.markers;
            let fits = markers.is_empty() || markers.iter().any(|marker| reach.marker_holds(marker, &Part::Base));
            if fits {
                reach.here.entry(&package.name).or_default().push((index, package));
            }
            reach.note_unreadable(package);
        }
        let starts: Vec<_> = reach.here.values().flatten().copied().collect();
        reach.walk(starts.into_iter().flat_map(|(index, package)| first_parts(lock, index, package)).collect());
        reach
    }

    /// Dependencies whose markers hold.
    pub(super) fn needed_by<'p>(&self, package: &'p LockedPackage, part: &Part) -> Vec<&'p LockedDependency> {
        let listed: Vec<&LockedDependency> = match part {
            Part::Base => package.dependencies.iter().collect(),
            Part::Extra(wanted) => {
                let named = package.extras.iter().filter(|(extra, _)| PackageName::new(extra) == *wanted);
                named.flat_map(|(_, list)| list).collect()
            }
            Part::Group(wanted) => package.groups.get(wanted).into_iter().flatten().collect(),
        };
        let holds = |dependency: &&LockedDependency| {
            dependency.marker.as_deref().is_none_or(|marker| self.marker_holds(marker, part))
        };
        listed.into_iter().filter(holds).collect()
    }

    /// An unreadable marker holds: a package too many is noticed sooner than one too few.
    fn marker_holds(&self, marker: &str, part: &Part) -> bool {
        let extra = match part {
            Part::Extra(name) => Some(name.as_str()),
            Part::Base | Part::Group(_) => None,
        };
        holds(marker, self.environment, extra).unwrap_or(true)
    }

    fn note_unreadable(&mut self, package: &LockedPackage) {
        let lists = [&package.dependencies].into_iter().chain(package.extras.values()).chain(package.groups.values());
        let markers = lists.flatten().filter_map(|dependency| dependency.marker.as_ref()).chain(&package.markers);
        for error in markers.filter_map(|marker| holds(marker, self.environment, None).err()) {
            self.findings.insert(LockFinding {
                code: LockFindingCode::UnreadableMarker,
                package: Some(package.name.clone()),
                line: None,
                message: format!("{error}; what it guards is counted"),
            });
        }
    }

    fn walk(&mut self, mut open: Vec<(usize, &'a LockedPackage, Part)>) {
        while let Some((index, package, part)) = open.pop() {
            if !self.parts.entry(index).or_default().insert(part.clone()) {
                continue;
            }
            for dependency in self.needed_by(package, &part) {
                let targets = self.versions_meant(package, dependency);
                for (index, target) in targets {
                    open.push((index, target, Part::Base));
                    let extras = dependency.extras.iter().map(|extra| Part::Extra(PackageName::new(extra)));
                    open.extend(extras.map(|extra| (index, target, extra)));
                }
            }
        }
    }

    /// Possible versions of a dependency: the named one, or all that fit here.
    fn versions_meant(
        &mut self,
        from: &LockedPackage,
        dependency: &LockedDependency,
    ) -> Vec<(usize, &'a LockedPackage)> {
        let Some(candidates) = self.here.get(&dependency.name) else {
            // Locked for other platforms only: the package's own marker decides.
            if !self.locked.contains(&dependency.name) {
                self.note_missing(from, dependency);
            }
            return Vec::new();
        };
        let named = candidates.iter().filter(|(_, package)| dependency.version.as_ref() == Some(&package.version));
        let named: Vec<_> = named.copied().collect();
        if named.is_empty() { candidates.clone() } else { named }
    }

    fn note_missing(&mut self, from: &LockedPackage, dependency: &LockedDependency) {
        let (from, name) = (&from.name, dependency.name.as_str());
        self.findings.insert(LockFinding {
            code: LockFindingCode::MissingPackage,
            package: Some(from.clone()),
            line: None,
            message: format!("{} needs {name}, which the lock does not hold; update the lock", from.as_str()),
        });
    }
}

/// Parts that are requested without a dependent.
fn first_parts<'a>(lock: &Lock, index: usize, package: &'a LockedPackage) -> Vec<(usize, &'a LockedPackage, Part)> {
    let is_root = package.source == PackageOrigin::Local;
    let parts = match (lock.has_roots, is_root) {
        (true, true) => {
            let extras = package.extras.keys().map(|extra| Part::Extra(PackageName::new(extra)));
            let groups = package.groups.keys().map(|group| Part::Group(group.clone()));
            [Part::Base].into_iter().chain(extras).chain(groups).collect()
        }
        (true, false) => Vec::new(),
        (false, _) => vec![Part::Base],
    };
    parts.into_iter().map(|part| (index, package, part)).collect()
}
