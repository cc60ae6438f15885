//! Markers of dependencies that a requirements file leaves out, from a lock beside it that has them. pip and rules_python
//! read them in the wheel's metadata: torch brings CUDA on x86_64 only, whatever the requirements file lists.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{LockFinding, LockFindingCode};
use super::model::{Lock, LockedPackage};
use super::package_name::PackageName;
use crate::counted::counted;

/// Gives dependencies of `lock` without a marker those that `other`, the file `path`, has for the same two packages. Their
/// versions may differ, so each change is a finding.
pub fn borrow_markers(lock: &mut Lock, other: &Lock, path: &str) {
    let others: BTreeMap<&PackageName, &LockedPackage> =
        other.packages.iter().map(|package| (&package.name, package)).collect();
    for package in &mut lock.packages {
        let Some(other) = others.get(&package.name) else { continue };
        let mut borrowed: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for dependency in package.dependencies.iter_mut().filter(|dependency| dependency.marker.is_none()) {
            let Some(marker) = marker_of(other, &dependency.name) else { continue };
            borrowed.entry(marker.clone()).or_default().insert(dependency.name.as_str());
            dependency.marker = Some(marker);
        }
        let findings = borrowed.into_iter().map(|(marker, names)| LockFinding {
            code: LockFindingCode::BorrowedMarker,
            package: Some(package.name.clone()),
            line: None,
            message: format!(
                "{} {} needs {} only where {marker}, as {path} says of {}",
                package.name.as_str(),
                package.version,
                several(&names),
                other.version
            ),
        });
        lock.findings.extend(findings);
    }
}

/// The marker under which `package` needs `name`; `None` if it always or never does.
fn marker_of(package: &LockedPackage, name: &PackageName) -> Option<String> {
    let found = package.dependencies.iter().filter(|dependency| dependency.name == *name);
    let markers: Option<BTreeSet<&str>> = found.map(|dependency| dependency.marker.as_deref()).collect();
    let markers: Vec<&str> = markers?.into_iter().collect();
    match markers.as_slice() {
        [] => None,
        [one] => Some((*one).to_owned()),
        several => Some(format!("({})", several.join(") or ("))),
    }
}

/// `triton`, or `nvidia-cublas-cu12 and 13 other packages`.
fn several(names: &BTreeSet<&str>) -> String {
    let first = names.first().copied().unwrap_or_default();
    match names.len() {
        0 | 1 => first.to_owned(),
        count => format!("{first} and {}", counted(count as u64 - 1, "other package")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::lock::LockedDependency;

    fn lock(version: &str, dependencies: &[(&str, Option<&str>)]) -> Lock {
        let dependency = |(name, marker): &(&str, Option<&str>)| LockedDependency {
            name: PackageName::new(name),
            version: None,
            extras: Vec::new(),
            marker: marker.map(str::to_owned),
        };
        let dependencies = dependencies.iter().map(dependency).collect();
        let torch = LockedPackage { dependencies, ..LockedPackage::new(PackageName::new("torch"), version) };
        Lock { packages: vec![torch], ..Lock::default() }
    }

    #[test]
    fn a_marker_comes_from_the_lock_beside_and_is_said() {
        let mut requirements = lock("2.8.0", &[("cuda", None), ("nccl", None), ("jinja2", None), ("new", None)]);
        let x86 = Some("platform_machine == 'x86_64'");
        let beside = lock("2.7.1", &[("cuda", x86), ("nccl", x86), ("jinja2", None), ("jinja2", x86)]);
        borrow_markers(&mut requirements, &beside, "uv.lock");
        let markers: Vec<Option<&str>> =
            requirements.packages[0].dependencies.iter().map(|dependency| dependency.marker.as_deref()).collect();
        assert_eq!(markers, [x86, x86, None, None], "what is needed always, or not known there, stays");
        let messages: Vec<&str> = requirements.findings.iter().map(|finding| finding.message.as_str()).collect();
        let expected = "torch 2.8.0 needs cuda and 1 other package only where platform_machine == 'x86_64', as uv.lock says of 2.7.1";
        assert_eq!(messages, [expected]);
    }

    #[test]
    fn several_markers_are_alternatives() {
        let mut requirements = lock("1", &[("a", None)]);
        borrow_markers(&mut requirements, &lock("1", &[("a", Some("x == '1'")), ("a", Some("y == '2'"))]), "uv.lock");
        assert_eq!(requirements.packages[0].dependencies[0].marker.as_deref(), Some("(x == '1') or (y == '2')"));
    }
}
