//! Finds files of locked packages on this machine: installed trees and wheels. Reads only; runs nothing. Name and
//! version must be the locked ones, and `WHEEL` must have a tag of the locked wheel, so that no wheel of another
//! platform is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::byte_count::ByteCount;
use crate::jobs::Watch;
use crate::workspace::lock::wheel_tags::best_wheel;
use crate::workspace::lock::{PackageName, Wheel};
use crate::workspace::platform::Platform;

const MOST_FOLDERS: usize = 20_000;
const MOST_FILES: usize = 200_000;
const LARGEST_TEXT: u64 = 64 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub name: PackageName,
    /// Locked.
    pub version: String,
    /// The wheel for the platform, if the lock lists one.
    pub wheel: Option<Wheel>,
}

/// Where packages may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Folders with `*.dist-info`, and their names for users.
    pub sites: Vec<(PathBuf, String)>,
    /// By file name.
    pub wheels: BTreeMap<String, PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Sorted, relative to the folder it is installed into.
    pub files: Vec<(String, ByteCount)>,
    /// If the files themselves are there.
    pub folder: Option<PathBuf>,
    /// Changes with any file's content: the RECORD with its hashes, or the wheel's hash.
    pub fingerprint: Vec<u8>,
    /// For users.
    pub found_in: String,
    /// `entry_points.txt`, empty if the package has none; `None` if not read.
    pub entry_points: Option<String>,
    /// `files` are all files of the wheel, with their lengths in it.
    pub is_whole: bool,
}

/// Looks into `.venv` and `venv` of the workspace, Bazel's external repositories, uv's cache, and the folders in
/// `named`.
#[must_use]
pub fn places(root: &Path, named: &[PathBuf], watch: &dyn Watch) -> Places {
    let mut places = Places::default();
    for folder in named {
        add_named(folder, &mut places);
    }
    for name in [".venv", "venv"] {
        for library in folders(&root.join(name).join("lib")) {
            add_site(&library.join("site-packages"), name, &mut places);
        }
    }
    // `bazel-out` leads to <output base>/execroot/<name>/bazel-out.
    let external =
        root.join("bazel-out").canonicalize().ok().and_then(|out| Some(out.ancestors().nth(3)?.join("external")));
    for repository in external.iter().flat_map(|external| folders(external)) {
        if watch.is_cancelled() {
            return places;
        }
        add_site(&repository.join("site-packages"), "Bazel's external repositories", &mut places);
    }
    for unpacked in uv_cache().iter().flat_map(|cache| folders(&cache.join("archive-v0"))) {
        if watch.is_cancelled() {
            return places;
        }
        add_site(&unpacked, "uv's cache", &mut places);
    }
    places
}

fn uv_cache() -> Option<PathBuf> {
    let named = std::env::var_os("UV_CACHE_DIR").map(PathBuf::from);
    named.or_else(|| Some(directories::BaseDirs::new()?.cache_dir().join("uv")))
}

/// A site-packages folder, one that contains such folders, or one with wheels.
fn add_named(folder: &Path, places: &mut Places) {
    let name = folder.display().to_string();
    add_site(folder, &name, places);
    for inner in folders(folder) {
        add_site(&inner.join("site-packages"), &name, places);
    }
    let wheels = entries(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "whl"));
    for wheel in wheels {
        if let Some(name) = wheel.file_name().and_then(|name| name.to_str()) {
            places.wheels.entry(name.to_owned()).or_insert_with(|| wheel.clone());
        }
    }
}

fn add_site(folder: &Path, name: &str, places: &mut Places) {
    if places.sites.len() < MOST_FOLDERS && folder.is_dir() {
        places.sites.push((folder.to_owned(), name.to_owned()));
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = read.take(MOST_FILES).filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).take(MOST_FOLDERS).collect()
}

#[must_use]
pub fn find_packages(
    places: &Places,
    wanted: &[Wanted],
    platform: &Platform,
    python: (u32, u32),
    watch: &dyn Watch,
) -> BTreeMap<(PackageName, String), Found> {
    let mut found: BTreeMap<(PackageName, String), Found> = BTreeMap::new();
    let by_key: BTreeMap<(PackageName, String), &Wanted> =
        wanted.iter().map(|wanted| ((wanted.name.clone(), wanted.version.clone()), wanted)).collect();
    for (site, name) in &places.sites {
        if watch.is_cancelled() {
            return found;
        }
        for information in entries(site) {
            let Some(key) = dist_info_key(&information) else { continue };
            let Some(wanted) = by_key.get(&key) else { continue };
            if !found.contains_key(&key)
                && fits(&information, wanted, platform, python)
                && let Some(package) = installed(site, &information, name)
            {
                found.insert(key, package);
            }
        }
    }
    for (key, wanted) in by_key {
        let wheel = wanted.wheel.as_ref().and_then(|wheel| Some((wheel, places.wheels.get(&wheel.file_name)?)));
        if !found.contains_key(&key)
            && let Some(package) = wheel.and_then(|(wheel, path)| wheel_file(path, wheel))
        {
            found.insert(key, package);
        }
    }
    found
}

/// Name and version of `<name>-<version>.dist-info`.
fn dist_info_key(path: &Path) -> Option<(PackageName, String)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".dist-info")?;
    let (name, version) = name.split_once('-')?;
    Some((PackageName::new(name), version.to_owned()))
}

/// Returns `true` if it is from the locked wheel, or from one that would be chosen if the lock names none.
fn fits(information: &Path, wanted: &Wanted, platform: &Platform, python: (u32, u32)) -> bool {
    let Some(text) = read_text(&information.join("WHEEL")) else { return false };
    // Some builders write one tag per line, others all in one.
    let lines = text.lines().filter_map(|line| line.strip_prefix("Tag:"));
    let mut tags = lines.flat_map(|tag| wheel_tags(tag.trim()));
    let locked = wanted.wheel.as_ref().map(|wheel| wheel_tags(&wheel.file_name));
    tags.any(|tag| match &locked {
        Some(locked) => locked.contains(&tag),
        None => {
            let file_name = format!("{}-{}-{tag}.whl", wanted.name.as_str().replace('-', "_"), wanted.version);
            best_wheel(&[Wheel { file_name, bytes: None, hash: String::new() }], platform, python).is_some()
        }
    })
}

/// `py2.py3-none-any` is two tags (PEP 425).
fn wheel_tags(file_name: &str) -> BTreeSet<String> {
    let mut parts = file_name.strip_suffix(".whl").unwrap_or(file_name).rsplit('-');
    let (Some(platforms), Some(abis), Some(pythons)) = (parts.next(), parts.next(), parts.next()) else {
        return BTreeSet::new();
    };
    let mut tags = BTreeSet::new();
    for python in pythons.split('.') {
        for abi in abis.split('.') {
            tags.extend(platforms.split('.').map(|platform| format!("{python}-{abi}-{platform}")));
        }
    }
    tags
}

fn read_text(path: &Path) -> Option<String> {
    let facts = fs::metadata(path).ok()?;
    if !facts.is_file() || facts.len() > LARGEST_TEXT {
        return None;
    }
    fs::read_to_string(path).ok()
}

/// Files that an installer adds to `.dist-info`.
const MADE: [&str; 5] = ["INSTALLER", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json"];
const ENTRY_POINTS: &str = ".dist-info/entry_points.txt";

/// Files in a top-level dist-info's RECORD, except for what an installer adds.
fn installed(site: &Path, information: &Path, found_in: &str) -> Option<Found> {
    let record = read_text(&information.join("RECORD"))?;
    let own_record = format!("{}/RECORD", information.file_name()?.to_str()?);
    let mut files = Vec::new();
    let mut outside = Vec::new();
    for line in record.lines().take(MOST_FILES) {
        let (path, length) = record_line(line)?;
        // Programs are outside; compiled code and INSTALLER are made by installers.
        let is_made = path.ends_with(".pyc")
            || MADE.iter().any(|name| path.strip_suffix(name).is_some_and(|front| front.ends_with(".dist-info/")));
        if is_made {
            continue;
        }
        if !is_inside(&path) {
            outside.push(path);
            continue;
        }
        let length = match length {
            Some(length) => length,
            None if path == own_record => record.len() as u64,
            None => fs::metadata(site.join(&path)).ok()?.len(),
        };
        files.push((path, ByteCount(length)));
    }
    files.sort();
    files.dedup_by(|left, right| left.0 == right.0);
    let has_entry_points = files.iter().any(|(path, _)| path.ends_with(ENTRY_POINTS));
    let entry_points =
        if has_entry_points { read_text(&information.join("entry_points.txt")) } else { Some(String::new()) };
    // Programs of entry points are made again; the installer changed the lengths of other files outside.
    let is_program = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        let names = entry_points.iter().flat_map(|text| text.lines().filter_map(|line| line.split_once('=')));
        names.map(|(name, _)| name.trim()).any(|known| known == name)
    };
    let is_whole = outside.iter().all(is_program);
    let is_there = files.iter().all(|(path, length)| {
        fs::symlink_metadata(site.join(path)).is_ok_and(|facts| facts.is_file() && facts.len() == length.0)
            || *path == own_record
    });
    Some(Found {
        files,
        folder: is_there.then(|| site.to_owned()),
        fingerprint: record.into_bytes(),
        found_in: found_in.to_owned(),
        entry_points,
        is_whole,
    })
}

/// `path,hash,length`, the path quoted if it contains a comma (PEP 376, CSV).
fn record_line(line: &str) -> Option<(String, Option<u64>)> {
    let (path, rest) = match line.strip_prefix('"') {
        Some(quoted) => {
            let (path, rest) = quoted.split_once("\",")?;
            (path.replace("\"\"", "\""), rest)
        }
        None => {
            let (path, rest) = line.split_once(',')?;
            (path.to_owned(), rest)
        }
    };
    let (_, length) = rest.rsplit_once(',')?;
    Some((path, length.trim().parse().ok()))
}

/// Returns `true` if the path stays below the folder it is unpacked into.
pub(super) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains('\\')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

/// From the zip's directory; nothing is unpacked.
fn wheel_file(path: &Path, wheel: &Wheel) -> Option<Found> {
    let facts = fs::metadata(path).ok()?;
    if !facts.is_file() || wheel.bytes.is_some_and(|bytes| bytes.0 != facts.len()) {
        return None;
    }
    let mut archive = zip::ZipArchive::new(fs::File::open(path).ok()?).ok()?;
    if archive.len() > MOST_FILES {
        return None;
    }
    let mut files = Vec::new();
    let mut entry_points = String::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).ok()?;
        let Ok(name) = entry.name().map(|name| name.to_string()) else { continue };
        if entry.is_dir() || !is_inside(&name) {
            continue;
        }
        let mut length = entry.size();
        if name.ends_with(ENTRY_POINTS) {
            entry.take(LARGEST_TEXT).read_to_string(&mut entry_points).ok()?;
        } else if name.contains(".data/scripts/") {
            length = script_length(&mut entry, length)?;
        }
        files.push((name, ByteCount(length)));
    }
    files.sort();
    files.dedup_by(|left, right| left.0 == right.0);
    let fingerprint = format!("{} {} {}", wheel.file_name, wheel.hash, facts.len()).into_bytes();
    let found_in = format!("the wheel {}", path.display());
    Some(Found { files, folder: None, fingerprint, found_in, entry_points: Some(entry_points), is_whole: true })
}

/// Length of a script once its first line names the interpreter: PyPA's `installer` writes `#!/usr/bin/env python3` for
/// a line starting with `#!python`.
fn script_length(script: &mut impl Read, length: u64) -> Option<u64> {
    let mut start = Vec::new();
    script.take(4_096).read_to_end(&mut start).ok()?;
    if !start.starts_with(b"#!python") {
        return Some(length);
    }
    let first = start.iter().position(|byte| *byte == b'\n')? as u64 + 1;
    Some(length.saturating_sub(first) + "#!/usr/bin/env python3\n".len() as u64)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tempfile::TempDir;

    use super::*;
    use crate::jobs::Unwatched;

    fn write(folder: &Path, path: &str, content: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn wanted(version: &str, wheel: Option<&str>) -> Wanted {
        let wheel = wheel.map(|name| Wheel { file_name: name.to_owned(), bytes: None, hash: "sha256:00".to_owned() });
        Wanted { name: PackageName::new("Demo_Kit"), version: version.to_owned(), wheel }
    }

    const RECORD: &str = "demo_kit/__init__.py,sha256=x,5\n\"demo_kit/a,b.txt\",sha256=y,3\n../../bin/demo,sha256=z,9\n\
        /etc/passwd,sha256=q,4\ndemo_kit/__pycache__/a.pyc,,\ndemo_kit-1.0.dist-info/WHEEL,sha256=w,23\n\
        demo_kit-1.0.dist-info/RECORD,,\n";

    fn site() -> TempDir {
        let folder = TempDir::new().unwrap();
        let site = folder.path().join(".venv/lib/python3.13/site-packages");
        write(&site, "demo_kit/__init__.py", "hello");
        write(&site, "demo_kit/a,b.txt", "abc");
        write(&site, "demo_kit-1.0.dist-info/WHEEL", "Tag: py3-none-any\nx: y\n");
        write(&site, "demo_kit-1.0.dist-info/RECORD", RECORD);
        // A package that another one brings along is not the package itself.
        write(&site, "other/_vendor/demo_kit-2.0.dist-info/RECORD", RECORD);
        folder
    }

    fn find(root: &Path, wanted: Wanted) -> Option<Found> {
        let places = places(root, &[], &Unwatched);
        find_packages(&places, &[wanted], &Platform::default(), (3, 13), &Unwatched).into_values().next()
    }

    #[test]
    fn an_installed_package_is_read_from_its_own_record() {
        let folder = site();
        let found = find(folder.path(), wanted("1.0", None)).unwrap();
        let files: Vec<(&str, u64)> = found.files.iter().map(|(path, bytes)| (path.as_str(), bytes.0)).collect();
        let record = RECORD.len() as u64;
        let expected = [
            ("demo_kit-1.0.dist-info/RECORD", record),
            ("demo_kit-1.0.dist-info/WHEEL", 23),
            ("demo_kit/__init__.py", 5),
            ("demo_kit/a,b.txt", 3),
        ];
        assert_eq!(files, expected);
        assert_eq!(found.found_in, ".venv");
        assert!(found.folder.is_some());
        assert_eq!(found.entry_points.as_deref(), Some(""));
        assert!(!found.is_whole, "what a program outside is, nobody says");
    }

    #[test]
    fn another_version_or_platform_is_not_taken() {
        let folder = site();
        assert!(find(folder.path(), wanted("1.1", None)).is_none());
        assert!(find(folder.path(), wanted("2.0", None)).is_none());
        let of_wheel = |name: &str| find(folder.path(), wanted("1.0", Some(name)));
        assert!(of_wheel("demo_kit-1.0-py2.py3-none-any.whl").is_some());
        assert!(of_wheel("demo_kit-1.0-cp313-cp313-manylinux_2_17_aarch64.whl").is_none());
        let tag = "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64";
        let site = folder.path().join(".venv/lib/python3.13/site-packages");
        write(&site, "demo_kit-1.0.dist-info/WHEEL", &format!("Tag: {tag}\n"));
        assert!(of_wheel(&format!("demo_kit-1.0-{tag}.whl")).is_some());
        assert!(of_wheel("demo_kit-1.0-py3-none-any.whl").is_none());
    }

    #[test]
    fn a_wheel_is_read_by_its_directory() {
        let folder = TempDir::new().unwrap();
        let name = "demo_kit-1.0-py3-none-any.whl";
        let mut writer = zip::ZipWriter::new(fs::File::create(folder.path().join(name)).unwrap());
        for (path, content) in [("demo_kit/a.py", "import b"), ("../outside.py", "x")] {
            writer.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(content.as_bytes()).unwrap();
        }
        writer.finish().unwrap();
        let places = places(Path::new("/nowhere"), &[folder.path().to_owned()], &Unwatched);
        let find = |wanted| find_packages(&places, &[wanted], &Platform::default(), (3, 13), &Unwatched);
        let found = find(wanted("1.0", Some(name))).into_values().next().unwrap();
        assert_eq!(found.files, [("demo_kit/a.py".to_owned(), ByteCount(8))]);
        assert_eq!(found.folder, None);
        let mut other = wanted("1.0", Some(name));
        other.wheel.as_mut().unwrap().bytes = Some(ByteCount(1));
        assert!(find(other).is_empty(), "a file of another length is another wheel");
    }

    #[test]
    fn a_record_that_makes_no_sense_is_no_package() {
        let folder = site();
        write(&folder.path().join(".venv/lib/python3.13/site-packages"), "demo_kit-1.0.dist-info/RECORD", "nonsense");
        assert!(find(folder.path(), wanted("1.0", None)).is_none());
    }
}
