//! The edit cases with the program itself, on disk: evaluated before and after, written, and asked for a second time.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that can't read its own files has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

mod edit_support;
mod program;

use edit_support::read_files;
use program::layerwright;

struct Staged {
    folder: tempfile::TempDir,
    case: Value,
}

impl Staged {
    fn new(case: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut files = BTreeMap::new();
        let shared = case.parent().unwrap().join("_shared");
        read_files(&shared, &shared, &mut files);
        read_files(&case.join("in"), &case.join("in"), &mut files);
        for (path, bytes) in files {
            let path = match path.strip_prefix("_outside/") {
                Some(outside) => folder.path().join("outside").join(outside),
                None => folder.path().join("workspace").join(path),
            };
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let text = std::fs::read(case.join("case.json")).unwrap();
        std::fs::write(folder.path().join("request.json"), &text).unwrap();
        let case: Value = serde_json::from_slice(&text).unwrap();
        for (link, target) in case["symlinks"].as_object().into_iter().flatten() {
            let link = folder.path().join("workspace").join(link);
            std::fs::create_dir_all(link.parent().unwrap()).unwrap();
            std::os::unix::fs::symlink(target.as_str().unwrap(), link).unwrap();
        }
        Self { folder, case }
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        read_files(self.folder.path(), &self.folder.path().join("workspace"), &mut files);
        files
    }

    fn edit(&self) -> (Output, Value) {
        let output = layerwright(self.folder.path())
            .args(["edit", "workspace", "--request", "request.json", "--format", "json", "-v"])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (output, document)
    }
}

fn check(folder: &Path) -> Result<(), String> {
    let staged = Staged::new(folder);
    let before = staged.files();
    let (output, document) = staged.edit();
    let said = format!("{document}\n{}", String::from_utf8_lossy(&output.stderr));
    let wanted = match staged.case["outcome"].as_str().unwrap() {
        "edit" => "edited",
        "noop" => "unchanged",
        _ => "refused",
    };
    if document["outcome"] != wanted {
        return Err(format!("{wanted} wanted: {said}"));
    }
    let mut expected = before;
    let mut out = BTreeMap::new();
    read_files(&folder.join("out"), &folder.join("out"), &mut out);
    expected.extend(out.into_iter().map(|(path, bytes)| (format!("workspace/{path}"), bytes)));
    if staged.files() != expected {
        return Err(format!("other files than expected: {said}"));
    }
    if wanted == "edited" && said.contains("could not be evaluated before the change") {
        return Err(format!("not evaluated: {said}"));
    }
    let (_, again) = staged.edit();
    match (wanted, again["outcome"].as_str()) {
        ("refused", Some("refused")) | (_, Some("unchanged")) => Ok(()),
        _ => Err(format!("the second time: {again}")),
    }
}

#[test]
fn the_program_makes_every_case_on_disk() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edit_cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("case.json").exists());
    folders.sort();
    assert!(folders.len() >= 43, "only {} cases", folders.len());
    let failures: Vec<String> = folders
        .iter()
        .filter_map(|folder| check(folder).err().map(|error| format!("{}: {error}", folder.display())))
        .collect();
    assert!(failures.is_empty(), "{} of {} cases fail:\n\n{}", failures.len(), folders.len(), failures.join("\n\n"));
}
