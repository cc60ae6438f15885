//! The place of a locked package in the runfiles, and the files made of its wheel, by rule set.
//!
//! rules_pycross 0.8 (`wheel_library.bzl`, `tools/wheel_installer.py`, `tools/namespace_pkgs.py`) unpacks a wheel into
//! one folder with PyPA's `installer` 0.7, which writes INSTALLER, RECORD and programs in `bin/`; rules_python 1.6
//! (`whl_library_targets.bzl`) takes `site-packages` without RECORD and compiled code. Bazel 8 joins names of
//! repositories by `+`, Bazel 7 by `~`: as many bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::byte_count::ByteCount;
use crate::size::installed::Found;
use crate::size::range::Range;
use crate::size::tar;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaidOutBy {
    Pycross,
    /// rules_python or others, known only roughly.
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub by: LaidOutBy,
    /// A shared folder, ending in `/`: `app/shared.runfiles/`.
    pub above: String,
    /// Its own folder below, ending in `/`.
    pub own: String,
}

impl Place {
    /// `runfiles` is the folder of the runfiles: `app/main.runfiles`.
    #[must_use]
    pub fn new(runfiles: &str, rule_set: &str, hub: &str, name: &str, version: &str, python: (u32, u32)) -> Self {
        match rule_set {
            "rules_pycross" => Self {
                by: LaidOutBy::Pycross,
                above: format!("{runfiles}/rules_pycross++lock_repos+{hub}/_lock/"),
                own: format!("{name}@{version}/"),
            },
            _ => Self {
                by: LaidOutBy::Other,
                above: format!("{runfiles}/"),
                own: format!("rules_python++pip+{hub}_{}{}_{}/", python.0, python.1, name.replace('-', "_")),
            },
        }
    }

    /// Its entry on Python's path.
    #[must_use]
    pub fn import_path(&self) -> String {
        let runfiles = self.above.splitn(3, '/').nth(2).unwrap_or_default();
        format!("{runfiles}{}site-packages", self.own)
    }
}

/// A package's files as a rule set lays them out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidOut {
    /// Sorted paths below [`Place::own`].
    pub files: Vec<(String, ByteCount)>,
    /// Entries in a tar, with folders from [`Place::own`] on.
    pub tar_bytes: ByteCount,
    pub tar_range: Range,
}

#[must_use]
pub fn lay_out(found: &Found, place: &Place) -> LaidOut {
    let mut files: BTreeMap<String, ByteCount> = BTreeMap::new();
    let mut is_certain = found.is_whole;
    for (path, length) in &found.files {
        files.insert(of_scheme(path), *length);
    }
    match place.by {
        LaidOutBy::Pycross => {
            let scripts = found.entry_points.as_deref().map(scripts);
            is_certain &= scripts.is_some();
            files.extend(scripts.unwrap_or_default());
            add_record(&mut files);
            add_namespace_files(&mut files);
        }
        LaidOutBy::Other => {
            is_certain = false;
            files.retain(|path, _| path.starts_with("site-packages/") && !path.ends_with(".dist-info/RECORD"));
        }
    }
    let files: Vec<(String, ByteCount)> = files.into_iter().collect();
    let tar_bytes = entries_bytes(&files, &format!("{}{}", place.above, place.own));
    let tar_range = if is_certain {
        Range::exactly(tar_bytes)
    } else {
        // Another name of the repository can make every entry's name long; a few files may be added or missing.
        let entries = files.len() as u64;
        let few = ByteCount(8 * 1_024) + ByteCount(512).times(entries / 10);
        Range { least: tar_bytes - ByteCount(1_024).times(entries) - few, most: tar_bytes + few }
    };
    LaidOut { files, tar_bytes, tar_range }
}

/// Entries of `files` below `folder`, and of all folders from it on.
#[must_use]
pub fn entries_bytes(files: &[(String, ByteCount)], folder: &str) -> ByteCount {
    let mut folders = BTreeSet::from([folder.to_owned()]);
    let mut bytes = ByteCount::ZERO;
    for (path, length) in files {
        let path = format!("{folder}{path}");
        bytes += tar::entry_bytes(&path, *length);
        let ends = path.match_indices('/').map(|(at, _)| at + 1).filter(|end| *end > folder.len());
        folders.extend(ends.filter_map(|end| path.get(..end)).map(str::to_owned));
    }
    bytes + folders.iter().map(|folder| tar::entry_bytes(folder, ByteCount::ZERO)).sum()
}

/// `<x>.data/<scheme>/...` goes to the folder of its scheme (binary distribution format of the Python packaging guide),
/// everything else to `site-packages`.
fn of_scheme(path: &str) -> String {
    let data = path.split_once('/').filter(|(first, _)| first.ends_with(".data"));
    match data.and_then(|(_, rest)| rest.split_once('/')) {
        Some(("scripts", rest)) => format!("bin/{rest}"),
        Some(("headers", rest)) => format!("include/{rest}"),
        Some(("data", rest)) => format!("data/{rest}"),
        Some((_, rest)) => format!("site-packages/{rest}"),
        None => format!("site-packages/{path}"),
    }
}

/// Programs that `installer` writes for entry points: 230 bytes, the module, the import, and the call.
fn scripts(entry_points: &str) -> BTreeMap<String, ByteCount> {
    let mut scripts = BTreeMap::new();
    let mut is_program = false;
    for line in entry_points.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            is_program = matches!(section.trim_end_matches(']'), "console_scripts" | "gui_scripts");
        } else if let Some((name, target)) = line.split_once('=').filter(|_| is_program && !line.starts_with('#')) {
            let target = target.split('[').next().unwrap_or_default().trim();
            let Some((module, called)) = target.split_once(':') else { continue };
            let (module, called) = (module.trim(), called.trim());
            let imported = called.split('.').next().unwrap_or_default();
            let length = 230 + module.len() + imported.len() + called.len();
            scripts.insert(format!("bin/{}", name.trim()), ByteCount(length as u64));
        }
    }
    scripts
}

/// `https://github.com/jvolkman/rules_pycross`, without a line end.
const INSTALLER: ByteCount = ByteCount(41);

/// Adds INSTALLER and RECORD, which lists path, hash and length of each file, and itself without.
fn add_record(files: &mut BTreeMap<String, ByteCount>) {
    let information =
        |path: &str| path.strip_suffix("/RECORD").filter(|path| path.ends_with(".dist-info")).map(str::to_owned);
    let Some(folder) = files.keys().find_map(|path| information(path)) else { return };
    files.insert(format!("{folder}/INSTALLER"), INSTALLER);
    let own = format!("{folder}/RECORD");
    let line = |(path, length): (&String, &ByteCount)| {
        let path = match path.strip_prefix("site-packages/") {
            Some(path) => path.to_owned(),
            None => format!("../{path}"),
        };
        let quotes = path.matches('"').count();
        let quoted = if quotes > 0 || path.contains(',') { path.len() + quotes + 2 } else { path.len() };
        // `,sha256=` and 43 characters, `,` and the length, a line end.
        quoted + 8 + 43 + 1 + length.0.to_string().len() + 1
    };
    let others = files.iter().filter(|(path, _)| **path != own).map(line).sum::<usize>();
    let itself = own.len() - "site-packages/".len() + ",,\n".len();
    files.insert(own, ByteCount((others + itself) as u64));
}

/// The `__init__.py` of a namespace package.
const NAMESPACE_INIT: ByteCount = ByteCount(149);

/// Folders with Python code, and those above them, get a missing `__init__.py`.
fn add_namespace_files(files: &mut BTreeMap<String, ByteCount>) {
    let mut folders = BTreeSet::new();
    for path in files.keys().filter_map(|path| path.strip_prefix("site-packages/")) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let ending = name.rsplit_once('.').filter(|(front, _)| !front.is_empty()).map_or("", |(_, ending)| ending);
        if matches!(ending, "py" | "pyc" | "so" | "pyd") {
            folders.extend(path.match_indices('/').filter_map(|(at, _)| path.get(..at)).map(str::to_owned));
        }
    }
    for folder in folders {
        files.entry(format!("site-packages/{folder}/__init__.py")).or_insert(NAMESPACE_INIT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: &str) -> Vec<(String, ByteCount)> {
        let pair = |line: &str| line.split_once(' ').map(|(bytes, path)| (path.to_owned(), bytes.parse().unwrap()));
        lines.lines().filter_map(pair).map(|(path, bytes)| (path, ByteCount(bytes))).collect()
    }

    fn found(files: Vec<(String, ByteCount)>, entry_points: Option<&str>) -> Found {
        Found {
            files,
            folder: None,
            fingerprint: Vec::new(),
            found_in: "here".to_owned(),
            entry_points: entry_points.map(str::to_owned),
            is_whole: true,
        }
    }

    type Files = Vec<(String, ByteCount)>;

    /// The two lists of a recorded wheel: its own files, and what the rule made of them.
    fn recorded(text: &str) -> (Files, Files) {
        let (wheel, laid_out) = text.split_once("# laid out\n").unwrap();
        (list(wheel.trim_start_matches("# in the wheel\n")), list(laid_out))
    }

    #[test]
    fn a_wheel_is_laid_out_as_rules_pycross_does_to_the_byte() {
        let uvicorn = include_str!("../../tests/data/layouts/uvicorn.txt");
        let telemetry = include_str!("../../tests/data/layouts/opentelemetry-api.txt");
        let programs = "[console_scripts]\nuvicorn = uvicorn.main:main\n";
        let others =
            "[opentelemetry_context]\ncontextvars_context = opentelemetry.context.contextvars_context:Runtime\n";
        for (name, version, text, entry_points, tar_bytes) in [
            ("uvicorn", "0.54.0", uvicorn, programs, 402_944),
            ("opentelemetry-api", "1.45.2", telemetry, others, 315_904),
        ] {
            let (wheel, expected) = recorded(text);
            let place = Place::new("app/shared.runfiles", "rules_pycross", "pypi", name, version, (3, 13));
            let laid_out = lay_out(&found(wheel, Some(entry_points)), &place);
            assert_eq!(laid_out.files, expected, "{name}");
            assert_eq!(
                (laid_out.tar_bytes, laid_out.tar_range),
                (ByteCount(tar_bytes), Range::exactly(ByteCount(tar_bytes)))
            );
        }
    }

    #[test]
    fn what_is_not_known_is_said_to_be_estimated() {
        let place = |rule_set| Place::new("app/x.runfiles", rule_set, "pypi", "Demo-kit", "1.0", (3, 13));
        let files = || list("5 demo/a.py\n9 demo-1.0.dist-info/entry_points.txt\n70 demo-1.0.dist-info/RECORD");
        let unread = lay_out(&found(files(), None), &place("rules_pycross"));
        assert!(!unread.tar_range.is_exact() && unread.tar_range.contains(unread.tar_bytes));
        let python = lay_out(&found(files(), Some("")), &place("rules_python"));
        assert!(!python.tar_range.is_exact());
        let names: Vec<&str> = python.files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["site-packages/demo-1.0.dist-info/entry_points.txt", "site-packages/demo/a.py"]);
        assert_eq!(place("rules_python").import_path(), "rules_python++pip+pypi_313_Demo_kit/site-packages");
    }

    #[test]
    fn a_wheels_data_goes_to_the_folders_of_its_schemes() {
        for (path, expected) in [
            ("a/b.py", "site-packages/a/b.py"),
            ("a-1.data/scripts/run", "bin/run"),
            ("a-1.data/purelib/a.py", "site-packages/a.py"),
            ("a-1.data/headers/a.h", "include/a.h"),
            ("a-1.data/data/share/a", "data/share/a"),
        ] {
            assert_eq!(of_scheme(path), expected);
        }
    }
}
