//! Bazel as a source of the graph, as a user asks for it. A script that prints a recorded answer stands in Bazel's place;
//! `tests/bazel_agrees.py` asks a real one.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

mod program;

use program::{copy, layerwright, text};

/// A copy of the workspace that the recorded answer is about, and what `query` does after the answer.
struct Workspace {
    folder: TempDir,
}

impl Workspace {
    fn new(after: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bazel_answer");
        copy(&recorded.join("workspace"), &folder.path().join("workspace"));
        let answer = recorded.join("answer.pb");
        let script = format!(
            "#!/bin/sh\necho \"$PWD $*\" >> '{log}'\ncase \"$2\" in\nmod) echo 'ERROR: no such command' >&2; exit 2;;\nquery) echo 'Loading: 2 packages loaded' >&2; cat '{answer}'; {after};;\nesac\n",
            log = folder.path().join("log").display(),
            answer = answer.display(),
        );
        let program = folder.path().join("bazel");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("workspace").canonicalize().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        layerwright(self.folder.path())
            .args(arguments)
            .current_dir(self.root())
            .env("LAYERWRIGHT_BAZEL", format!("'{}' --own_option", self.folder.path().join("bazel").display()))
            .output()
            .unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
    }

    /// What was run: the folder and the arguments of each call.
    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

const WEB: &[&str] = &["graph", "--app", "//app:web"];

#[test]
fn without_the_users_word_nothing_is_run_and_the_refusal_says_what_to_do() {
    let workspace = Workspace::new("exit 0");
    let output = workspace.run(&[WEB, &["--source", "bazel"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    for words in ["is not trusted", "--trust", "layerwright trust", "--own_option"] {
        assert!(said.contains(words), "{said}");
    }
    assert_eq!(workspace.log(), "");
    // Reading never runs it, trusted or not.
    assert!(workspace.run(&["trust"]).status.success());
    assert!(workspace.run(WEB).status.success());
    assert_eq!(workspace.log(), "");
}

#[test]
fn both_sources_give_the_same_graph() {
    let workspace = Workspace::new("exit 0");
    let read = workspace.json(WEB);
    let bazel = workspace.json(&[WEB, &["--source", "bazel", "--trust"]].concat());
    assert_eq!((&read["source"], &bazel["source"]), (&"evaluated".into(), &"bazel".into()));
    assert_eq!(read["edges"], bazel["edges"]);
    assert_eq!(read["nodes"], bazel["nodes"]);
    let log = workspace.log();
    let calls: Vec<&str> = log.lines().collect();
    let root = workspace.root();
    assert!(calls[0].starts_with(&format!("{} --own_option mod dump_repo_mapping", root.display())), "{log}");
    assert!(calls[1].contains("query --output=streamed_proto") && calls[1].contains("--notool_deps"), "{log}");
    // One time is one time.
    assert_eq!(workspace.run(&[WEB, &["--source", "bazel"]].concat()).status.code(), Some(2));
    assert!(workspace.run(&["trust"]).status.success());
    assert!(workspace.run(&[WEB, &["--source", "bazel"]].concat()).status.success());
}

#[test]
fn a_comparison_lists_what_only_one_has() {
    let workspace = Workspace::new("exit 0");
    let compare = [WEB, &["--compare", "--trust"]].concat();
    let same = workspace.json(&compare);
    assert_eq!(same["schema"], "layerwright.graph_comparison/1");
    assert_eq!((&same["only_bazel"], &same["only_read"]), (&Value::Array(Vec::new()), &Value::Array(Vec::new())));
    assert!(same["both"].as_u64().unwrap() >= 8, "{same}");
    // An edit that Bazel's recorded answer does not know.
    let path = workspace.root().join("app/BUILD.bazel");
    let build = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, build.replace("deps = [\":caf\u{e9}\"]", "deps = [\"//tools:stamp\"]")).unwrap();
    let output = workspace.run(&compare);
    assert!(output.status.success());
    let said = text(&output.stdout);
    assert!(said.contains("//app:web -> //app:caf\u{e9}") && said.contains("//app:web -> //tools:stamp"), "{said}");
    let changed = workspace.json(&compare);
    assert_eq!(changed["only_read"][0], serde_json::json!(["//app:web", "//tools:stamp"]));
    assert_eq!(workspace.run(&[WEB, &["--compare"]].concat()).status.code(), Some(2));
}

#[test]
fn a_partial_answer_is_used_and_each_error_is_a_finding() {
    let workspace = Workspace::new(
        "echo \"ERROR: $PWD/tools/BUILD.bazel:1:10: name 'sh' is not defined\" >&2; echo 'ERROR: package contains errors: tools' >&2; exit 3",
    );
    let output = workspace.run(&["apps", "--source", "bazel", "--trust", "--format", "json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let apps: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings: Vec<(&str, &str)> = apps["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["path"].as_str().unwrap(), finding["code"].as_str().unwrap()))
        .collect();
    assert_eq!(findings, [("tools/BUILD.bazel", "not_answered"), ("tools/BUILD.bazel", "bazel_error")]);
    assert!(text(&output.stderr).contains("tools/BUILD.bazel:1: Bazel: name 'sh' is not defined"));
    let compared = workspace.json(&[WEB, &["--compare", "--trust"]].concat());
    assert_eq!(compared["partial"], true);
}

#[test]
fn a_bazel_that_fails_or_is_not_there_is_said() {
    let workspace = Workspace::new("echo 'ERROR: the server crashed' >&2; exit 37");
    let output = workspace.run(&[WEB, &["--source", "bazel", "--trust"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).contains("the server crashed"), "{}", text(&output.stderr));
    let output = workspace.run(&[WEB, &["--source", "bazel", "--trust", "--bazel", "no-such-bazel"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no-such-bazel"), "{}", text(&output.stderr));
}
