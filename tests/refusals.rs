//! Every refusal of the contract, as a user meets it: its code, file, line and way out, and that nothing was touched.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use layerwright::rewrite::change_set::{ChangeSet, FileChange};
use layerwright::rewrite::refusal::RefusalCode;
use layerwright::rewrite::write::error::WriteError;
use layerwright::rewrite::write::{WriteOptions, write_change_set};
use serde_json::Value;
use tempfile::TempDir;

mod program;

use program::{copy, layerwright};

const BUILD: &str = "demo/app/BUILD.bazel";
const LOAD: &str = "load(\"//tools/bazel:release.bzl\", \"release_app\")\n";
const SET: &str = r#"{"op": "set_dep_layers", "app": "my-app", "layers": [{"name": "a", "targets": [":x"]}]}"#;

/// A workspace with one BUILD file to edit.
struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// A copy of a folder of this repository.
    fn of(folder: &str) -> Self {
        let workspace = Self { folder: TempDir::new().unwrap() };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &workspace.root());
        workspace
    }

    fn with(build: &[u8]) -> Self {
        let workspace = Self::of("tests/edit_cases/_shared");
        workspace.put(BUILD, build);
        workspace
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let (mut files, mut folders) = (BTreeMap::new(), vec![self.root()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => drop(files.insert(path.clone(), std::fs::read(path).unwrap_or_default())),
                }
            }
        }
        files
    }

    /// Runs a command that must be refused, and returns the refusal.
    fn refusal(&self, command: &str, arguments: &[&str]) -> Value {
        let before = self.files();
        let output = layerwright(self.folder.path())
            .args(command.split(' '))
            .arg(self.root())
            .args(arguments)
            .args(["--format", "json"])
            .output()
            .unwrap();
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(output.status.code(), Some(2), "{document}");
        assert_eq!(document["outcome"], "refused");
        assert_eq!(self.files(), before, "a refusal touches nothing");
        document["refusal"].clone()
    }

    fn refused_edit(&self, edit: &str) -> Value {
        let request = self.folder.path().join("request.json");
        std::fs::write(&request, format!("{{\"package\": \"demo/app\", \"edits\": [{edit}]}}")).unwrap();
        self.refusal("edit", &["--request", request.to_str().unwrap()])
    }

    fn refused_plan(&self, plan: &str) -> Value {
        let path = self.folder.path().join("plan.toml");
        std::fs::write(&path, plan).unwrap();
        self.refusal("apply", &["--app", "price-api", "--plan", path.to_str().unwrap()])
    }
}

/// The codes that were met so far.
#[derive(Default)]
struct Met(BTreeSet<&'static str>);

impl Met {
    /// `line` is 0 where the whole file is meant.
    fn check(&mut self, refusal: &Value, code: RefusalCode, path: &str, line: u64, way_out: &str) {
        let message = refusal["message"].as_str().unwrap();
        assert_eq!(refusal["code"], code.as_str(), "{message}");
        assert_eq!(refusal["path"], path, "{code}: {message}");
        assert_eq!(refusal["line"].as_u64().unwrap_or_default(), line, "{code}: {message}");
        assert!(message.contains(way_out), "{code}: no way out in: {message}");
        self.0.insert(code.as_str());
    }
}

fn refused_texts(met: &mut Met) {
    use RefusalCode::*;
    let mut text = |code, build: &str, edit: &str, line, way_out: &str| {
        met.check(&Workspace::with(build.as_bytes()).refused_edit(edit), code, BUILD, line, way_out);
    };
    text(Bom, "\u{feff}release_app(name = \"my-app\")\n", SET, 1, "Save the file as UTF-8 without BOM");
    text(SyntaxError, "x = [\n", SET, 2, "correct it first");
    text(NotLoadable, "def f():\n    pass\n", SET, 1, "Correct it first");
    text(Kwargs, "\nf(*ARGS)\n", SET, 2, "Write the arguments out");
    text(TooDeep, &"[".repeat(300), SET, 1, "Flatten the expression");
    text(TooLarge, &"# comment\n".repeat(450_000), SET, 0, "Split the package");
    let app = |arguments: &str| format!("{LOAD}release_app({arguments})\n");
    text(ComputedValue, &app("name = \"my-app\", dep_layers = [x for x in []]"), SET, 2, "write it as a list first");
    let shared = "L = [{\"name\": \"b\", \"targets\": []}]\n";
    let two = "release_app(name = \"my-app\", dep_layers = L)\nrelease_app(name = \"b\", dep_layers = L)\n";
    text(SharedValue, &format!("{LOAD}{shared}{two}"), SET, 3, "Give each its own value, or edit L by hand");
    let common = "load(\"//tools/bazel:layers.bzl\", \"COMMON_LAYERS\")\n";
    text(
        DefinedElsewhere,
        &format!("{common}{}", app("name = \"my-app\", dep_layers = COMMON_LAYERS")),
        SET,
        3,
        "Change it there, or write the value out here",
    );
    text(
        GeneratedCall,
        &format!("{LOAD}[release_app(name = n) for n in [\"my-app\"]]\n"),
        SET,
        2,
        "Write the call of my-app out on its own first",
    );
    text(NotTheMacro, "filegroup(name = \"my-app\")\n", SET, 1, "Call a macro that has a dep_layers parameter");
    text(PositionalValue, &app("\"my-app\", None, None, None, []"), SET, 2, "Write `dep_layers = ` before it");
    let twice = "py_library(name = \"a\")\npy_library(name = \"a\")\n";
    text(AmbiguousTarget, twice, r#"{"op": "remove_target", "target": "a"}"#, 1, "Remove the right one by hand");
    let library = r#"{"op": "add_py_library", "name": "a", "deps": [":x"]}"#;
    text(NameTaken, "filegroup(name = \"a\")\n", library, 1, "Choose another name, such as a_2");
    text(BadLayerName, &app("name = \"my-app\""), &SET.replace("\"a\"", "\"a b\""), 2, "is not one of letters, digits");
    let commented = "release_app(\n    name = \"my-app\",\n    dep_layers = [\n        # words\n        {\"name\": \"old\", \"targets\": [\":o\"]},\n    ],\n)\n";
    let none = r#"{"op": "set_dep_layers", "app": "my-app", "layers": []}"#;
    text(
        WouldDropComments,
        &format!("{LOAD}{commented}"),
        none,
        5,
        "Confirm that these words may go, or move them first",
    );
    let select = "py_library(\n    name = \"a\",\n    deps = select({\"//conditions:default\": [\":x\"]}),\n)\n";
    text(
        ConditionalDep,
        select,
        r#"{"op": "rewire_deps", "target": "a", "remove": [":x"], "add": []}"#,
        3,
        "take it out of the select() by hand",
    );
    let sorted = "filegroup(\n    name = \"layers\",\n    # keep sorted\n    srcs = [\n        \":a\",\n        \":b\",\n    ],\n)\n";
    let order = r#"{"op": "set_order", "target": "layers", "attribute": "srcs", "order": [":b", ":a"]}"#;
    text(KeepSorted, sorted, order, 4, "Take `keep sorted` out first");
}

fn refused_places(met: &mut Met) {
    let plain = format!("{LOAD}release_app(name = \"my-app\")\n");
    let old = Workspace::with(b"load(\"//tools:old.bzl\", \"old_app\")\n\nold_app(name = \"my-app\")\n");
    old.put("tools/old.bzl", b"def old_app(name):\n    native.filegroup(name = name)\n");
    met.check(&old.refused_edit(SET), RefusalCode::ParameterMissing, BUILD, 3, "old.bzl");

    let link = Workspace::with(b"");
    std::fs::remove_file(link.root().join(BUILD)).unwrap();
    std::fs::write(link.folder.path().join("outside"), &plain).unwrap();
    std::os::unix::fs::symlink("../../../outside", link.root().join(BUILD)).unwrap();
    met.check(&link.refused_edit(SET), RefusalCode::OutsideWorkspace, BUILD, 0, "put a copy in place of the link");

    let locked = Workspace::with(plain.as_bytes());
    let mut mode = std::fs::metadata(locked.root().join(BUILD)).unwrap().permissions();
    mode.set_readonly(true);
    std::fs::set_permissions(locked.root().join(BUILD), mode).unwrap();
    met.check(&locked.refused_edit(SET), RefusalCode::ReadOnly, BUILD, 0, "chmod u+w");

    // Between the reading and the writing of one command nobody can get in from here; the write itself is asked.
    let edited = Workspace::with(plain.as_bytes());
    let change = FileChange { path: BUILD.into(), before: Some(b"as it was read".into()), after: b"new".into() };
    let options = WriteOptions { state_dir: edited.folder.path().join("state") };
    let result = write_change_set(&edited.root(), &ChangeSet { files: vec![change] }, &options);
    let Err(WriteError::Refused(refusal)) = result else { panic!("not refused") };
    assert_eq!(edited.files()[&edited.root().join(BUILD)], plain.as_bytes());
    let refusal = serde_json::json!({"code": refusal.code.as_str(), "message": refusal.message, "path": refusal.path, "line": refusal.line});
    met.check(&refusal, RefusalCode::ChangedOnDisk, BUILD, 0, "load it again and repeat the edit");
}

fn refused_plans(met: &mut Met) {
    let demo = Workspace::of("assets/demo");
    let path = "demo/price_api/BUILD.bazel";
    let line = std::fs::read_to_string(demo.root().join(path)).unwrap();
    let line = line.lines().position(|line| line.starts_with("release_app(")).unwrap() as u64 + 1;
    let empty = demo.refused_plan("[[layer]]\nname = \"pip\"\ntargets = []\n");
    met.check(&empty, RefusalCode::EmptyLayer, path, line, "give it some, or take it out of the plan");

    let library = demo.root().join("libs/python/BUILD.bazel");
    let text = std::fs::read_to_string(&library).unwrap();
    std::fs::write(&library, text.replace("//visibility:public", "//demo/hello_fastapi:__pkg__")).unwrap();
    let line = text.lines().position(|line| line.starts_with("py_library(")).unwrap() as u64 + 1;
    let hidden = demo.refused_plan("[[layer]]\nname = \"libs\"\ntargets = [\"//libs/python\"]\n");
    met.check(&hidden, RefusalCode::NotVisible, "libs/python/BUILD.bazel", line, "to its visibility first");
}

fn refused_rules(met: &mut Met) {
    let build = format!("{LOAD}release_app(name = \"my-app\", language = \"python\", domain = \"d\")\n");
    let workspace = Workspace::with(build.as_bytes());
    let path = "tools/bazel/release.bzl";
    let text = std::fs::read_to_string(workspace.root().join(path)).unwrap();
    let line = text.lines().position(|line| line.starts_with("def release_app(")).unwrap() as u64 + 1;
    let unknown = workspace.refusal("rules install", &[]);
    met.check(&unknown, RefusalCode::UnknownShape, path, line, "by hand; the rules alone can be installed");
    std::fs::remove_file(workspace.root().join("MODULE.bazel")).unwrap();
    workspace.put("WORKSPACE", b"");
    let missing = workspace.refusal("rules install", &["--files-only"]);
    met.check(&missing, RefusalCode::RuleSetMissing, "WORKSPACE", 0, "then install the rules again");
}

#[test]
fn every_refusal_names_file_line_and_way_out() {
    let mut met = Met::default();
    refused_texts(&mut met);
    refused_places(&mut met);
    refused_plans(&mut met);
    refused_rules(&mut met);
    // A failed check of Layerwright's own is a defect, which no file can bring about; `rewrite::verify` tests it.
    met.0.insert(RefusalCode::SelfCheck.as_str());
    let all: BTreeSet<&str> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(met.0, all);
}
