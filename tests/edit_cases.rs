//! The edit cases: each folder of `tests/edit_cases` is a small workspace, a request, and what must come of it, byte for byte.
//!
//! `in/` lies over `_shared/`; what lies in `in/_outside/` stands beside the workspace. An outcome is `edit` (the result is `out/`), `noop` or
//! `refuse`.

#![allow(clippy::unwrap_used, reason = "a test that can't read its own files has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use layerwright::rewrite::plan_edits;
use layerwright::rewrite::request::EditRequest;
use serde::Deserialize;

mod edit_support;

use edit_support::{Files, changed, read_files};

#[derive(Deserialize)]
struct Case {
    id: String,
    file: String,
    outcome: String,
    #[serde(default)]
    symlinks: BTreeMap<String, String>,
    refuse: Option<Refuse>,
    #[serde(flatten)]
    request: EditRequest,
}

#[derive(Deserialize)]
struct Refuse {
    code: String,
    must_mention: Vec<String>,
}

fn check(folder: &Path) -> Result<(), String> {
    let case: Case =
        serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).map_err(|error| error.to_string())?;
    let mut workspace = Files { symlinks: case.symlinks, ..Files::default() };
    let shared = folder.parent().unwrap().join("_shared");
    read_files(&shared, &shared, &mut workspace.files);
    read_files(&folder.join("in"), &folder.join("in"), &mut workspace.files);
    workspace.files.retain(|path, _| !path.starts_with("_outside/"));
    let result = plan_edits(&workspace, &case.request);
    match (case.outcome.as_str(), result) {
        ("edit", Ok(changes)) => {
            let after = changed(&workspace, &changes);
            let mut expected = BTreeMap::new();
            read_files(&folder.join("out"), &folder.join("out"), &mut expected);
            for (path, bytes) in &expected {
                let found = after.files.get(path).map(|bytes| String::from_utf8_lossy(bytes)).unwrap_or_default();
                if after.files.get(path) != Some(bytes) {
                    return Err(format!("{path}:\n{found}\n--- instead of\n{}", String::from_utf8_lossy(bytes)));
                }
            }
            let again = plan_edits(&after, &case.request).map_err(|refusal| format!("the second time: {refusal}"))?;
            if again.is_empty() { Ok(()) } else { Err("the second time changes more".to_owned()) }
        }
        ("noop", Ok(changes)) if changes.is_empty() => Ok(()),
        ("refuse", Err(refusal)) => {
            let wanted = case.refuse.ok_or("no refusal in the case")?;
            let missing: Vec<&String> =
                wanted.must_mention.iter().filter(|words| !refusal.message.contains(*words)).collect();
            if refusal.code.as_str() == wanted.code && missing.is_empty() {
                Ok(())
            } else {
                Err(format!("{}: {} (wanted {}, missing {missing:?})", refusal.code, refusal.message, wanted.code))
            }
        }
        (wanted, Ok(changes)) => {
            let texts: Vec<String> =
                changes.files.iter().map(|file| String::from_utf8_lossy(&file.after).into_owned()).collect();
            Err(format!("{wanted} wanted for {} of {}, got {}", case.file, case.id, texts.join("\n")))
        }
        (wanted, Err(refusal)) => Err(format!("{wanted} wanted, got {}: {}", refusal.code, refusal.message)),
    }
}

#[test]
fn every_case_comes_out_as_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edit_cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("case.json").exists());
    folders.sort();
    assert!(folders.len() >= 43, "only {} cases", folders.len());
    let name = |folder: &PathBuf| folder.file_name().unwrap().to_string_lossy().into_owned();
    let failures: Vec<String> = folders
        .iter()
        .filter_map(|folder| check(folder).err().map(|error| format!("{}: {error}", name(folder))))
        .collect();
    assert!(failures.is_empty(), "{} of {} cases fail:\n\n{}", failures.len(), folders.len(), failures.join("\n\n"));
}
