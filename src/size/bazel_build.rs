//! Files of Bazel's last build of a binary. Reads only; runs nothing.
//!
//! `bazel-bin/<package>/<name>.runfiles_manifest` lists each file: path in the runfiles, a space, real path. Without a
//! real path the file is empty; a folder stands for all files below it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::byte_count::ByteCount;
use crate::jobs::Watch;
use crate::label::Label;
use crate::workspace::lock::PackageName;

const LARGEST_MANIFEST: u64 = 256 * 1024 * 1024;
const MOST_FILES: usize = 1_000_000;
/// Real ones have some kilobytes.
const LARGEST_SCRIPT: u64 = 16 * 1024 * 1024;

/// Files with a common folder in the runfiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuiltFolder {
    /// Below the runfiles, ending in `/`.
    pub folder: String,
    /// Sorted paths below it, with lengths and real paths; empty files have none.
    pub files: Vec<(String, ByteCount, Option<PathBuf>)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuiltBinary {
    pub launcher: Option<PathBuf>,
    /// The names of repositories, for runfiles libraries.
    pub repo_mapping: Option<PathBuf>,
    /// By name and version in their `.dist-info`.
    pub packages: BTreeMap<(PackageName, String), BuiltFolder>,
    pub interpreter: Option<BuiltFolder>,
}

/// `None` if there is none or it can't be read.
#[must_use]
pub fn built_binary(root: &Path, binary: &Label, watch: &dyn Watch) -> Option<BuiltBinary> {
    let folder = root.join("bazel-bin").join(binary.package());
    let manifest = folder.join(format!("{}.runfiles_manifest", binary.name()));
    let facts = fs::metadata(&manifest).ok()?;
    if !facts.is_file() || facts.len() > LARGEST_MANIFEST {
        return None;
    }
    let text = fs::read_to_string(&manifest).ok()?;
    let mut files: Vec<(String, Option<PathBuf>)> = Vec::new();
    for line in text.lines() {
        if watch.is_cancelled() || files.len() > MOST_FILES {
            return None;
        }
        let (path, place) = manifest_line(line)?;
        match place {
            Some(place) if place.is_dir() => below(&path, &place, &mut files),
            place => files.push((path, place)),
        }
    }
    let mut built = BuiltBinary {
        launcher: Some(folder.join(binary.name())).filter(|path| is_script(path)),
        repo_mapping: Some(folder.join(format!("{}.repo_mapping", binary.name()))).filter(|path| is_script(path)),
        ..BuiltBinary::default()
    };
    sort_into(&mut built, files)?;
    Some(built)
}

fn is_script(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.len() <= LARGEST_SCRIPT)
}

/// Path and real path of a line. If a path has blanks, the line begins with one, and `\s`, `
/// ` and `\b` stand for a blank, a line end and a backslash (Bazel's `SourceManifestAction`).
fn manifest_line(line: &str) -> Option<(String, Option<PathBuf>)> {
    let plain = |text: &str| text.replace("\\s", " ").replace("\\n", "\n").replace("\\b", "\\");
    let (path, place) = match line.strip_prefix(' ') {
        Some(line) => {
            let (path, place) = line.split_once(' ')?;
            (plain(path), plain(place))
        }
        None => {
            let (path, place) = line.split_once(' ')?;
            (path.to_owned(), place.to_owned())
        }
    };
    Some((path, Some(place).filter(|place| !place.is_empty()).map(PathBuf::from)))
}

/// Files of a folder that an action made; links to folders are not followed.
fn below(path: &str, folder: &Path, files: &mut Vec<(String, Option<PathBuf>)>) {
    let mut pending = vec![(path.to_owned(), folder.to_owned())];
    while let Some((path, folder)) = pending.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            let inside = format!("{path}/{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => pending.push((inside, entry.path())),
                Ok(_) if files.len() <= MOST_FILES => files.push((inside, Some(entry.path()))),
                _ => {}
            }
        }
    }
}

/// Sorts files into packages (by `.dist-info`), and the repository with `bin/python3`.
fn sort_into(built: &mut BuiltBinary, files: Vec<(String, Option<PathBuf>)>) -> Option<()> {
    let mut keys: BTreeMap<String, (PackageName, String)> = BTreeMap::new();
    let mut interpreter = None;
    for (path, _) in &files {
        if let Some((folder, rest)) = path.split_once("site-packages/")
            && let Some((information, _)) = rest.split_once(".dist-info/")
            && let Some((name, version)) = information.split_once('-').filter(|_| !information.contains('/'))
        {
            keys.insert(folder.to_owned(), (PackageName::new(name), version.to_owned()));
        }
        if let Some(folder) = path.strip_suffix("bin/python3") {
            interpreter = Some(folder.to_owned());
        }
    }
    // An interpreter brings packages of its own, such as pip.
    keys.retain(|folder, _| interpreter.as_ref().is_none_or(|interpreter| !folder.starts_with(interpreter)));
    for (path, place) in files {
        let owner = path
            .match_indices('/')
            .filter_map(|(at, _)| path.get(..=at))
            .find(|folder| keys.contains_key(*folder) || interpreter.as_deref() == Some(*folder));
        let Some(owner) = owner.map(str::to_owned) else { continue };
        let length = match &place {
            // The workspace's author controls the manifest: packing a pipe or device would never end.
            Some(place) => ByteCount(fs::metadata(place).ok().filter(fs::Metadata::is_file)?.len()),
            None => ByteCount::ZERO,
        };
        let folder = match keys.get(&owner) {
            Some(key) => built.packages.entry(key.clone()).or_default(),
            None => built.interpreter.get_or_insert_default(),
        };
        let inside = path.get(owner.len()..).unwrap_or_default().to_owned();
        folder.folder = owner;
        folder.files.push((inside, length, place));
    }
    let folders = built.packages.values_mut().chain(&mut built.interpreter);
    folders.for_each(|folder| folder.files.sort());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::Unwatched;

    fn write(folder: &Path, path: &str, content: &str) -> PathBuf {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    #[test]
    fn packages_and_interpreter_are_found_in_the_manifest() {
        let root = tempfile::tempdir().unwrap();
        let wheel = root.path().join("out/demo@1.0");
        write(&wheel, "site-packages/demo.py", "x = 1\n");
        write(&wheel, "site-packages/demo_kit-1.0.dist-info/WHEEL", "Tag: x\n");
        write(&wheel, "bin/demo", "#!\n");
        let python = write(root.path(), "out/python", "ELF");
        let launcher = write(root.path(), "bazel-bin/app/web", "#!/usr/bin/env python3\n");
        let manifest = format!(
            "_main/app/web {}\n__init__.py \npy~313/__init__.py \npy~313/bin/python3 {}\n py~313/lib/a\\sb {}\nhub/_lock/demo@1.0 {}\n",
            launcher.display(),
            python.display(),
            python.display(),
            wheel.display()
        );
        write(root.path(), "bazel-bin/app/web.runfiles_manifest", &manifest);
        let built = built_binary(root.path(), &Label::parse_absolute("//app:web").unwrap(), &Unwatched).unwrap();
        let (key, package) = built.packages.iter().next().unwrap();
        assert_eq!((key.0.as_str(), key.1.as_str()), ("demo-kit", "1.0"));
        let files: Vec<(&str, u64)> = package.files.iter().map(|(path, bytes, _)| (path.as_str(), bytes.0)).collect();
        let expected =
            [("bin/demo", 3), ("site-packages/demo.py", 6), ("site-packages/demo_kit-1.0.dist-info/WHEEL", 7)];
        assert_eq!((package.folder.as_str(), files), ("hub/_lock/demo@1.0/", expected.to_vec()));
        let interpreter = built.interpreter.unwrap();
        let files: Vec<(&str, u64)> =
            interpreter.files.iter().map(|(path, bytes, _)| (path.as_str(), bytes.0)).collect();
        assert_eq!(interpreter.folder, "py~313/");
        assert_eq!(files, [("__init__.py", 0), ("bin/python3", 3), ("lib/a b", 3)]);
        assert_eq!((built.launcher.is_some(), built.repo_mapping), (true, None));
    }

    #[test]
    #[cfg(unix)]
    fn a_manifest_that_names_no_plain_file_is_not_believed() {
        let root = tempfile::tempdir().unwrap();
        let binary = Label::parse_absolute("//app:web").unwrap();
        let wheel = root.path().join("out");
        write(&wheel, "demo_kit-1.0.dist-info/WHEEL", "Tag: x\n");
        let manifest = |place: &Path| {
            let wheel = wheel.display();
            let text = format!("a/site-packages/x {}\na/site-packages {wheel}\n", place.display());
            write(root.path(), "bazel-bin/app/web.runfiles_manifest", &text);
            built_binary(root.path(), &binary, &Unwatched)
        };
        let plain = write(root.path(), "plain", "x");
        assert!(manifest(&plain).is_some_and(|built| built.packages.len() == 1));
        let socket = root.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(manifest(&socket), None);
        assert_eq!(manifest(Path::new("/dev/zero")), None);
        let launcher = fs::File::create(root.path().join("bazel-bin/app/web")).unwrap();
        launcher.set_len(LARGEST_SCRIPT + 1).unwrap();
        assert_eq!(manifest(&plain).and_then(|built| built.launcher), None);
    }

    #[test]
    fn what_was_not_built_or_makes_no_sense_is_nothing() {
        let root = tempfile::tempdir().unwrap();
        let binary = Label::parse_absolute("//app:web").unwrap();
        assert_eq!(built_binary(root.path(), &binary, &Unwatched), None);
        write(root.path(), "bazel-bin/app/web.runfiles_manifest", "nonsense\n");
        assert_eq!(built_binary(root.path(), &binary, &Unwatched), None);
    }
}
