//! Sizes that a package's own lock lacks and another lock file of the workspace has. Lists folders and reads `uv.lock`
//! and `pylock.toml`, the formats with sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::graph::packages::resolve_hubs;
use crate::jobs::Watch;
use crate::path_text::join;
use crate::size::installed::Wanted;
use crate::size::known::KnownSizes;
use crate::workspace::lock::wheel_tags::best_wheel;
use crate::workspace::lock::{Lock, PackageName, Wheel, parse};
use crate::workspace::model::Workspace;
use crate::workspace::walk::{ignored_folders, is_left_out};

const MOST_FOLDERS: usize = 50_000;
const MOST_LOCKS: usize = 200;
const LARGEST_LOCK: u64 = 32 * 1024 * 1024;

/// Adds lengths of wheels that are still unknown.
pub(crate) fn add(
    workspace: &Workspace,
    model: &AppModel,
    wanted: &[Wanted],
    known: &mut KnownSizes,
    watch: &dyn Watch,
) {
    let mut missing: BTreeSet<(PackageName, String)> = wanted
        .iter()
        .filter(|wanted| wanted.wheel.as_ref().is_none_or(|wheel| wheel.bytes.is_none()))
        .map(|wanted| (wanted.name.clone(), wanted.version.clone()))
        .filter(|key| !known.packages.contains_key(key) && !known.wheels.contains_key(key))
        .collect();
    if missing.is_empty() {
        return;
    }
    let hashes = locked_hashes(workspace, model);
    for path in lock_files(&workspace.root, watch) {
        if missing.is_empty() || watch.is_cancelled() {
            return;
        }
        let Some(lock) = read(&workspace.root, &path) else { continue };
        let mut count = 0;
        for (key, bytes) in sizes_in(&lock, &missing, &hashes, model) {
            missing.remove(&key);
            known.wheels.insert(key, bytes);
            count += 1;
        }
        if count > 0 {
            known.other_locks.insert(path, count);
        }
    }
}

/// For each package, the hashes in the hubs' own locks.
fn locked_hashes(workspace: &Workspace, model: &AppModel) -> BTreeMap<(PackageName, String), BTreeSet<String>> {
    let mut hashes: BTreeMap<(PackageName, String), BTreeSet<String>> = BTreeMap::new();
    for hub in resolve_hubs(workspace, &model.platform, model.python.version).values() {
        for (name, package) in &hub.packages.packages {
            let of_package = hashes.entry((name.clone(), package.version.clone())).or_default();
            of_package.extend(package.other_files.iter().map(|file| file.hash.clone()).filter(|hash| !hash.is_empty()));
        }
    }
    hashes
}

/// Lengths that `lock` has for `missing` packages. If the package's own lock has hashes, the wheel must be one of them:
/// another index may have another file of an equal version.
fn sizes_in(
    lock: &Lock,
    missing: &BTreeSet<(PackageName, String)>,
    hashes: &BTreeMap<(PackageName, String), BTreeSet<String>>,
    model: &AppModel,
) -> BTreeMap<(PackageName, String), ByteCount> {
    let mut sizes = BTreeMap::new();
    for package in &lock.packages {
        let key = (package.name.clone(), package.version.clone());
        if !missing.contains(&key) {
            continue;
        }
        let taken = hashes.get(&key).filter(|hashes| !hashes.is_empty());
        let is_taken = |wheel: &&Wheel| taken.is_none_or(|hashes| hashes.contains(&wheel.hash));
        let wheels: Vec<Wheel> = package.wheels.iter().filter(is_taken).cloned().collect();
        let best = best_wheel(&wheels, &model.platform, model.python.version);
        if let Some(bytes) = best.and_then(|wheel| wheel.bytes) {
            sizes.insert(key, bytes);
        }
    }
    sizes
}

/// Lock files that may have sizes, by path.
fn lock_files(root: &Path, watch: &dyn Watch) -> Vec<String> {
    let ignored = ignored_folders(root);
    let mut folders = vec![String::new()];
    let (mut seen, mut locks) = (0_usize, Vec::new());
    while let Some(folder) = folders.pop() {
        seen += 1;
        if seen > MOST_FOLDERS || locks.len() >= MOST_LOCKS || watch.is_cancelled() {
            break;
        }
        let Ok(entries) = std::fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries.flatten() {
            let (Some(name), Ok(kind)) = (entry.file_name().to_str().map(str::to_owned), entry.file_type()) else {
                continue;
            };
            let path = join(&folder, &name);
            let is_hidden = name.starts_with('.') || name == "node_modules" || name == "venv";
            if kind.is_dir() && !is_hidden && !is_left_out(&path, &name, false, &ignored) {
                folders.push(path);
            } else if kind.is_file()
                && (name == "uv.lock"
                    || name.ends_with(".py.lock")
                    || (name.starts_with("pylock") && name.ends_with(".toml")))
            {
                locks.push(path);
            }
        }
    }
    locks.sort();
    locks
}

fn read(root: &Path, path: &str) -> Option<Lock> {
    let file = root.join(path);
    if std::fs::metadata(&file).ok()?.len() > LARGEST_LOCK {
        return None;
    }
    let text = std::fs::read_to_string(file).ok()?;
    // A broken lock is reported where it is used.
    parse(path, &text).ok()
}
