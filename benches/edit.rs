//! One edit: the whole process next to `buildozer` on the same file in the same run, and the edit alone in a file of 10,000 lines.
//!
//! `BUILDOZER=/path/to/buildozer cargo bench --bench edit`. `LAYERWRIGHT` names the program, by default the one that was built with the
//! benchmark. Without BUILDOZER only Layerwright is measured.
#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use layerwright::rewrite::plan_edits;
use layerwright::rewrite::request::EditRequest;
use layerwright::rewrite::source_tree::{Entry, SourceTree};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const ROUNDS: usize = 40;
const FILE: &str = "demo/app/BUILD.bazel";
const CASES: [&str; 2] = ["01_migrate_clean_file", "57_ten_thousand_lines"];
const LAYERS: &str = r#"[{"name": "pip_deps", "targets": [":pip_deps_layer"]}]"#;

fn main() -> Outcome<()> {
    let program = env::var_os("LAYERWRIGHT").unwrap_or_else(|| env!("CARGO_BIN_EXE_layerwright").into());
    for case in CASES {
        whole_process(case, &program, env::var_os("BUILDOZER"))?;
    }
    in_process(CASES[1])
}

/// Both programs in turn, each time on a fresh copy of the file, from the start of the process to its end.
fn whole_process(case: &str, program: &OsString, buildozer: Option<OsString>) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edit_cases");
    copy(&cases.join("_shared"), root)?;
    copy(&cases.join(case).join("in"), root)?;
    let file = root.join(FILE);
    let before = fs::read(&file)?;
    let app = app_of(&cases.join(case))?;
    let request = root.join("request.json");
    let edits = format!(r#"[{{"op": "set_dep_layers", "app": "{app}", "layers": {LAYERS}}}]"#);
    fs::write(&request, format!(r#"{{"package": "demo/app", "edits": {edits}}}"#))?;

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        fs::write(&file, &before)?;
        ours.push(timed(Command::new(program).arg("edit").arg(root).arg("--request").arg(&request))?);
        if let Some(buildozer) = &buildozer {
            fs::write(&file, &before)?;
            let set = format!("set dep_layers {}", LAYERS.replace(' ', ""));
            theirs.push(timed(Command::new(buildozer).arg(set).arg(format!("//demo/app:{app}")).current_dir(root))?);
        }
    }
    println!("{case}, whole process, {} bytes", before.len());
    report("layerwright edit", &mut ours);
    report("buildozer set", &mut theirs);
    Ok(())
}

fn timed(command: &mut Command) -> Outcome<Duration> {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let time = start.elapsed();
    if status.success() { Ok(time) } else { Err(format!("{command:?}: {status}").into()) }
}

/// The edit of the case itself with all its checks, in memory.
fn in_process(case: &str) -> Outcome<()> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edit_cases");
    let request: EditRequest = serde_json::from_slice(&fs::read(cases.join(case).join("case.json"))?)?;
    let mut files = BTreeMap::new();
    for path in [FILE, "tools/bazel/release.bzl"] {
        let own = cases.join(case).join("in").join(path);
        let bytes = fs::read(if own.exists() { own } else { cases.join("_shared").join(path) })?;
        files.insert(path.to_owned(), bytes);
    }
    let files = Files(files);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let changes = plan_edits(&files, &request)?;
        times.push(start.elapsed());
        assert!(!changes.is_empty(), "the case changes something");
    }
    println!("{case}, in memory");
    report("edit and check", &mut times);
    Ok(())
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).map(|time| time.as_secs_f64() * 1000.0);
    if let (Some(least), Some(median), Some(most)) = (at(0), at(50), at(90)) {
        println!("  {what:<18} least {least:7.2} ms   median {median:7.2} ms   90 % {most:7.2} ms");
    }
}

/// The name of the first app that a case's request speaks of.
fn app_of(case: &Path) -> Outcome<String> {
    let description: serde_json::Value = serde_json::from_slice(&fs::read(case.join("case.json"))?)?;
    let edits = description.get("edits").and_then(|edits| edits.as_array());
    let app = edits.into_iter().flatten().find_map(|edit| edit.get("app")?.as_str());
    Ok(app.ok_or("a case without an app")?.to_owned())
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?
        } else {
            fs::copy(entry.path(), &target).map(drop)?
        }
    }
    Ok(())
}

/// Files in memory.
struct Files(BTreeMap<String, Vec<u8>>);

impl SourceTree for Files {
    fn entry(&self, path: &str) -> Entry {
        match self.0.get(path) {
            Some(bytes) => Entry::File { bytes: bytes.clone(), real_path: path.to_owned() },
            None => Entry::Missing,
        }
    }

    fn bzl_files(&self) -> Vec<String> {
        Vec::new()
    }

    fn known_names(&self, _package: &str) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}
