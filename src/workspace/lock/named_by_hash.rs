//! Names wheels that one lock lists by hash and another also by name.

use std::collections::BTreeMap;

use super::model::{Lock, LockedFile, Wheel};

/// Returns `true` if a file of `lock` is known only by its hash.
#[must_use]
pub fn has_unnamed_files(lock: &Lock) -> bool {
    lock.packages.iter().any(|package| package.wheels.is_empty() && package.other_files.iter().any(is_unnamed))
}

fn is_unnamed(file: &LockedFile) -> bool {
    file.file_name.is_empty() && !file.hash.is_empty()
}

/// Names files of `lock` by `named`. The same hash is the same file.
pub fn name_wheels(lock: &mut Lock, named: &Lock) {
    let wheels = named.packages.iter().flat_map(|package| &package.wheels).filter(|wheel| !wheel.hash.is_empty());
    let by_hash: BTreeMap<&str, &Wheel> = wheels.map(|wheel| (wheel.hash.as_str(), wheel)).collect();
    for package in lock.packages.iter_mut().filter(|package| package.wheels.is_empty()) {
        let found = package.other_files.iter().filter(|file| is_unnamed(file));
        let found = found.filter_map(|file| by_hash.get(file.hash.as_str()));
        // The other lock is compared for lengths separately.
        package.wheels = found.map(|wheel| Wheel { bytes: None, ..(*wheel).clone() }).collect();
        let is_wheel = |file: &LockedFile| is_unnamed(file) && by_hash.contains_key(file.hash.as_str());
        package.other_files.retain(|file| !is_wheel(file));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::byte_count::ByteCount;
    use crate::workspace::lock::{LockedPackage, PackageName};

    #[test]
    fn a_hash_says_which_wheel_it_is() {
        let unnamed = |hash: &str| LockedFile { file_name: String::new(), bytes: None, hash: hash.to_owned() };
        let package = |other_files: Vec<LockedFile>, wheels: Vec<Wheel>| Lock {
            packages: vec![LockedPackage { other_files, wheels, ..LockedPackage::new(PackageName::new("a"), "1") }],
            ..Lock::default()
        };
        let wheel = |bytes: Option<u64>| Wheel {
            file_name: "a-1-cp312-cp312-manylinux_2_17_x86_64.whl".to_owned(),
            bytes: bytes.map(ByteCount),
            hash: "sha256:1".to_owned(),
        };
        let mut lock = package(vec![unnamed("sha256:1"), unnamed("sha256:2")], Vec::new());
        assert!(has_unnamed_files(&lock));
        name_wheels(&mut lock, &package(Vec::new(), vec![wheel(Some(7))]));
        assert_eq!(lock, package(vec![unnamed("sha256:2")], vec![wheel(None)]));
    }
}
