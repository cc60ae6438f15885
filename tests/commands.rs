//! The headless commands, as a user runs them: the real binary on copies of the demo workspace.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::path::PathBuf;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

mod program;

use program::{copy_demo, layerwright, text};

/// A copy of the demo, with folders of its own for settings, caches and journals.
struct Demo {
    folder: TempDir,
}

impl Demo {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        copy_demo(&folder.path().join("workspace"));
        Self { folder }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        layerwright(self.folder.path()).args(arguments).current_dir(self.root()).output().unwrap()
    }

    /// Runs with `--format json` and returns the document, whatever the exit status.
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)))
    }

    fn write(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

const PRICE_PLAN: &str = "
[[layer]]
name = \"pip_deps\"
targets = [\"@pypi//:fastapi\", \"@pypi//:uvicorn\"]

[[layer]]
name = \"internal_libs\"
targets = [\"//libs/python\"]
";

const PRICE_BUILD: &str = "demo/price_api/BUILD.bazel";

#[test]
fn apps_lists_every_call_with_its_present_layers() {
    let apps = Demo::new().json(&["apps"]);
    assert_eq!(apps["schema"], "layerwright.apps/2");
    let labels: Vec<&str> = apps["apps"].as_array().unwrap().iter().map(|app| app["label"].as_str().unwrap()).collect();
    assert_eq!(
        labels,
        ["//demo/hello_fastapi:hello-fastapi", "//demo/price_api:price-api", "//demo/sales_report:sales-report"]
    );
    let hello = &apps["apps"][0];
    assert_eq!(hello["macro"], "release_app");
    assert_eq!(hello["binary"], "//demo/hello_fastapi:hello-fastapi");
    assert_eq!(hello["dep_layers"][0]["targets"][0], "//demo/hello_fastapi:pip_deps_layer");
    assert_eq!(hello["editable"], true);
    assert_eq!(apps["apps"][1]["dep_layers"], Value::Null);
    assert_eq!(apps["findings"].as_array().unwrap().len(), 0, "everything in the demo can be read");
}

#[test]
fn graph_follows_targets_files_and_locked_packages() {
    let graph = Demo::new().json(&["graph", "--app", "hello-fastapi"]);
    assert_eq!(graph["source"], "evaluated");
    let edges: Vec<(String, String)> = graph["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| (edge[0].as_str().unwrap().to_owned(), edge[1].as_str().unwrap().to_owned()))
        .collect();
    let has = |from: &str, to: &str| edges.contains(&(from.to_owned(), to.to_owned()));
    assert!(has("//demo/hello_fastapi:hello-fastapi", "//demo/hello_fastapi:main_lib"));
    assert!(has("//demo/hello_fastapi:main_lib", "//demo/hello_fastapi:main.py"));
    assert!(has("//demo/hello_fastapi:pip_deps_layer", "@pypi//:fastapi"));
    assert!(has("@pypi//:fastapi", "@pypi//:starlette"));
    assert!(!edges.iter().any(|(_, to)| to == "@pypi//:colorama"), "a Windows marker does not hold on Linux");
    let mut sorted = edges.clone();
    sorted.sort();
    assert_eq!(edges, sorted);
}

#[test]
fn plan_shows_every_layer_and_counts_each_unit_once() {
    let plan = Demo::new().json(&["plan", "--app", "sales-report"]);
    let layers = plan["layers"].as_array().unwrap();
    let kinds: Vec<&str> = layers.iter().map(|layer| layer["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["base", "certs", "interpreter", "dep", "dep", "app"]);
    assert_eq!(plan["macro"]["class"], "partitions");
    let packages = layers.iter().flat_map(|layer| layer["units"].as_array().unwrap());
    let mut labels: Vec<&str> =
        packages.filter(|unit| unit["kind"] == "package").map(|unit| unit["label"].as_str().unwrap()).collect();
    let count = labels.len();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), count, "no package is in two layers");
    assert!(count > 10);
    let sum: u64 = layers.iter().filter_map(|layer| layer["compressed_bytes"].as_u64()).sum();
    assert_eq!(plan["totals"]["first_pull"], sum);
}

#[test]
fn apply_writes_what_plan_reads_back_and_nothing_twice() {
    let demo = Demo::new();
    let before = demo.read(PRICE_BUILD);
    let plan = demo.write("plan.toml", PRICE_PLAN);
    let arguments = ["apply", "--app", "price-api", "--plan", &plan];

    let dry = demo.run(&[&arguments[..], &["--dry-run"]].concat());
    assert!(text(&dry.stdout).contains("+    dep_layers = ["), "{}", text(&dry.stderr));
    assert_eq!(demo.read(PRICE_BUILD), before, "a dry run writes nothing");

    let applied = demo.json(&arguments);
    assert_eq!(applied["outcome"], "edited");
    assert_eq!(applied["files"][0]["path"], PRICE_BUILD);
    let after = demo.read(PRICE_BUILD);
    for comment in before.lines().filter(|line| line.contains('#')) {
        assert!(after.contains(comment), "{comment} is lost");
    }

    let read_back = demo.json(&["plan", "--app", "price-api"]);
    let dep = |index: usize| &read_back["layers"][index];
    assert_eq!((&dep(3)["name"], &dep(4)["name"]), (&"pip_deps".into(), &"internal_libs".into()));
    assert_eq!(strings(&dep(3)["targets"]), ["@pypi//:fastapi", "@pypi//:uvicorn"]);
    assert_eq!(strings(&dep(4)["targets"]), ["//libs/python:python"]);
    assert_eq!(dep(3)["library"], "//demo/price_api:pip_deps_layer");

    assert_eq!(demo.json(&arguments)["outcome"], "unchanged");
    assert_eq!(demo.read(PRICE_BUILD), after);
}

#[cfg(unix)]
#[test]
fn bazel_has_the_last_word_where_it_is_asked() {
    use std::os::unix::fs::PermissionsExt;
    let demo = Demo::new();
    let before = demo.read(PRICE_BUILD);
    let plan = demo.write("plan.toml", PRICE_PLAN);
    let bazel = |text: &str| {
        let program =
            demo.write("bazel", &format!("#!/bin/sh\necho \"$@\" > {}/asked\n{text}\n", demo.folder.path().display()));
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        program
    };
    let refusing = bazel("echo 'ERROR: no such target' >&2; exit 7");
    let arguments = ["apply", "--app", "price-api", "--plan", &plan, "--ask-bazel", "--bazel", &refusing];

    let untrusted = demo.run(&arguments);
    assert_eq!(untrusted.status.code(), Some(2));
    assert!(text(&untrusted.stderr).contains("layerwright trust"), "{}", text(&untrusted.stderr));
    assert_eq!(demo.read(PRICE_BUILD), before);

    let refused = demo.run(&[&arguments[..], &["--trust"]].concat());
    assert_eq!(refused.status.code(), Some(3));
    let said = text(&refused.stderr);
    assert!(said.contains("ERROR: no such target") && said.contains("The change was undone"), "{said}");
    assert_eq!(demo.read(PRICE_BUILD), before);

    bazel("exit 0");
    let taken = demo.run(&[&arguments[..], &["--trust"]].concat());
    assert_eq!(taken.status.code(), Some(0), "{}", text(&taken.stderr));
    assert_ne!(demo.read(PRICE_BUILD), before);
    let asked = std::fs::read_to_string(demo.folder.path().join("asked")).unwrap();
    assert_eq!(asked.trim(), "query set(//demo/price_api:all)");
}

#[test]
fn a_library_without_a_layer_goes_when_asked_and_its_comments_are_asked_about() {
    let demo = Demo::new();
    let path = "demo/hello_fastapi/BUILD.bazel";
    let before = demo.read(path);
    let plan = demo.write("plan.toml", "layer = []\n");
    let arguments = ["apply", "--app", "hello-fastapi", "--plan", &plan];

    let kept = demo.run(&[&arguments[..], &["--dry-run"]].concat());
    assert!(kept.status.success());
    assert!(!text(&kept.stdout).contains("-    name = \"pip_deps_layer\""), "it stays unless somebody agrees");
    assert!(text(&kept.stderr).contains("--remove-unused-libraries removes it"), "{}", text(&kept.stderr));

    let remove = [&arguments[..], &["--remove-unused-libraries"]].concat();
    let refusal = demo.json(&remove)["refusal"].clone();
    assert_eq!(refusal["code"], "would_drop_comments");
    assert!(refusal["message"].as_str().unwrap().contains("`# Step 1: what comes from PyPI, as a layer of its own.`"));
    assert_eq!(demo.read(path), before);

    let removed = demo.json(&[&remove[..], &["--drop-comments"]].concat());
    assert_eq!(removed["outcome"], "edited");
    let after = demo.read(path);
    assert!(!after.contains("pip_deps_layer") && !after.contains("Step 1"));
    assert!(after.contains("# Step 2: the app stands on the layer."));
    assert!(
        after.contains("    deps = [\n        \"@pypi//:fastapi\",\n        \"@pypi//:uvicorn\",\n    ],"),
        "{after}"
    );
}

#[test]
fn a_library_that_something_else_uses_stays_and_says_why() {
    let demo = Demo::new();
    let path = "demo/hello_fastapi/BUILD.bazel";
    let used = demo.read(path).replace(
        "        \":main_lib\",\n        \"@pypi//:httpx\"",
        "        \":main_lib\",\n        \":pip_deps_layer\",\n        \"@pypi//:httpx\"",
    );
    std::fs::write(demo.root().join(path), used).unwrap();
    let plan = demo.write("plan.toml", "layer = []\n");
    let output = demo.run(&["apply", "--app", "hello-fastapi", "--plan", &plan, "--remove-unused-libraries"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = "stays: //demo/hello_fastapi:test_main uses it (demo/hello_fastapi/BUILD.bazel:";
    assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    assert!(demo.read(path).contains("name = \"pip_deps_layer\""));
}

#[test]
fn an_update_of_a_design_moves_only_what_changed() {
    let demo = Demo::new();
    let plan = "[[layer]]\nname = \"pip_deps\"\ntargets = [\"@pypi//:fastapi\"]\n";
    let plan = demo.write("plan.toml", plan);
    let applied = demo.json(&["apply", "--app", "hello-fastapi", "--plan", &plan]);
    let diff = applied["files"][0]["diff"].as_str().unwrap();
    let changed: Vec<&str> = diff
        .lines()
        .filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---"))
        .collect();
    // The package moves from the library to the one target that needs it: everything else keeps its lines.
    assert_eq!(
        changed,
        [
            "-        \"@pypi//:uvicorn\",",
            "-    deps = [\":pip_deps_layer\"],",
            "+    deps = [",
            "+        \":pip_deps_layer\",",
            "+        \"@pypi//:uvicorn\",",
            "+    ],"
        ],
        "{diff}"
    );
    assert_eq!(applied["files"].as_array().unwrap().len(), 1);
}

#[test]
fn edit_takes_one_request_and_refuses_with_code_and_place() {
    let demo = Demo::new();
    let request = r#"{"package": "demo/hello_fastapi", "edits": [
        {"op": "add_py_library", "name": "main_lib", "deps": ["@pypi//:fastapi"], "before": "main_lib"}]}"#;
    let path = demo.write("request.json", request);
    let before = demo.read("demo/hello_fastapi/BUILD.bazel");
    let refused = demo.json(&["edit", "--request", &path]);
    assert_eq!(refused["outcome"], "refused");
    assert_eq!(refused["refusal"]["code"], "name_taken");
    assert_eq!(refused["refusal"]["path"], "demo/hello_fastapi/BUILD.bazel");
    assert_eq!(demo.run(&["edit", "--request", &path]).status.code(), Some(2));
    assert_eq!(demo.read("demo/hello_fastapi/BUILD.bazel"), before);
}

#[test]
fn wrong_use_says_what_to_do_and_ends_with_two() {
    let demo = Demo::new();
    let check = |arguments: &[&str], part: &str| {
        let output = demo.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(part), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty(), "results only on standard output");
    };
    check(&["plan", "--app", "no-such-app"], "`layerwright apps` lists the apps");
    check(&["apps", "/"], "MODULE.bazel");
    let plan = demo.write("plan.toml", "[[layer]]\nname = \"a b\"\ntargets = []\n");
    check(&["apply", "--app", "price-api", "--plan", &plan], "letters, digits");
    check(&["plan", "--app", "price-api", "--platform", "beos/m68k"], "beos");
}

#[test]
fn without_a_display_the_demo_is_printed_as_text() {
    let output = Demo::new().run(&[]);
    assert!(output.status.success());
    let message = text(&output.stderr);
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.contains("no display") && message.contains("libegl1"), "{message}");
    let printed = text(&output.stdout);
    for part in ["//demo/sales_report:sales-report", "pip_deps", "interpreter", "first pull", "per deploy"] {
        assert!(printed.contains(part), "{part} is missing in {printed}");
    }
}

#[test]
fn trust_is_remembered_per_workspace_until_it_is_taken_back() {
    let demo = Demo::new();
    let root = demo.root().canonicalize().unwrap();
    let root = format!("{}\n", root.display());
    let listed = || text(&demo.run(&["trust", "--list"]).stdout);
    assert_eq!(listed(), "");
    let said = demo.run(&["trust", "demo/price_api"]);
    assert!(said.status.success() && text(&said.stdout).contains("is trusted"), "{}", text(&said.stdout));
    assert!(demo.run(&["trust"]).status.success());
    assert_eq!(listed(), root);
    assert!(demo.run(&["trust", "--forget"]).status.success());
    assert_eq!(listed(), "");
    assert_eq!(demo.run(&["trust", "/"]).status.code(), Some(2));
}

#[test]
fn what_is_kept_between_starts_can_be_seen_and_cleared_and_changes_nothing() {
    let demo = Demo::new();
    let anew = demo.json(&["apps", "--no-cache"]);
    assert_eq!(demo.json(&["cache"])["workspaces"], 0);
    let first = demo.json(&["apps"]);
    let kept = demo.json(&["cache"]);
    assert_eq!(kept["workspaces"], 1);
    assert!(kept["evaluation_bytes"].as_u64().unwrap() > 0);
    assert_eq!(demo.json(&["apps"]), first);
    assert_eq!(anew, first);
    assert!(demo.run(&["cache", "--clear"]).status.success());
    assert_eq!(demo.json(&["cache"])["workspaces"], 0);
    assert_eq!(demo.json(&["apps"]), first);
}

#[test]
fn the_log_says_what_is_done() {
    let demo = Demo::new();
    for arguments in [&["-v", "apps", "."] as &[&str], &["apps", ".", "-v"], &["apps", "-v"]] {
        let output = demo.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        let log = text(&output.stderr);
        assert!(log.contains("Looking for packages") && log.contains(" apps, "), "{arguments:?}: {log}");
    }
    assert_eq!(text(&demo.run(&["apps", "."]).stderr), "");
    let output = demo.run(&["somewhere", "apps"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("come after the command"));
}
