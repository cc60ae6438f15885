//! The Starlark layer rules: the copy in the demo workspace is the one that is shipped, and a real Bazel confirms what
//! their README promises, where one is named.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_demo_uses_the_rules_that_are_shipped() {
    for name in
        ["BUILD.bazel", "container_image.bzl", "image_layers.bzl", "layer_tar.py", "py_layers.bzl", "release.bzl"]
    {
        let shipped = std::fs::read(Path::new(ROOT).join("assets/bazel").join(name)).unwrap();
        let copied = std::fs::read(Path::new(ROOT).join("assets/demo/tools/bazel").join(name)).unwrap();
        assert!(
            shipped == copied,
            "assets/demo/tools/bazel/{name} differs from assets/bazel/{name}: copy the latter over it"
        );
    }
}

/// Takes a minute or more and needs Bazel 7, so it runs only where `LAYERWRIGHT_BAZEL` names one.
#[test]
fn a_real_bazel_confirms_the_rules() {
    if std::env::var_os("LAYERWRIGHT_BAZEL").is_none() {
        return;
    }
    let output = Command::new("sh").arg(Path::new(ROOT).join("tests/layer_rules.sh")).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// One line of `layer_rules/mistakes.txt`: the macro, its arguments, and a part of what the rules must answer.
fn mistakes() -> Vec<[String; 3]> {
    let text = std::fs::read_to_string(Path::new(ROOT).join("tests/layer_rules/mistakes.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let parts = lines.map(|line| line.split(" | ").map(str::trim).collect::<Vec<_>>());
    // What only Bazel's analysis can tell is left to `layer_rules.sh`.
    let loading = parts.filter(|parts| parts[3] == "loading");
    loading.map(|parts| [parts[0], parts[1], parts[2]].map(str::to_owned)).collect()
}

/// Writes a file and the folders above it.
fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn layerwright(root: &Path, arguments: &[&str]) -> serde_json::Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwright"));
    let output =
        command.args(arguments).args(["--format", "json"]).current_dir(root).env("HOME", root).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// A workspace with the rules in tools/bazel.
fn workspace_with_rules() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "MODULE.bazel", "module(name = \"w\")\n");
    for name in
        ["BUILD.bazel", "container_image.bzl", "image_layers.bzl", "layer_tar.py", "py_layers.bzl", "release.bzl"]
    {
        let text = std::fs::read_to_string(Path::new(ROOT).join("assets/bazel").join(name)).unwrap();
        put(folder.path(), &format!("tools/bazel/{name}"), &text);
    }
    folder
}

const LOADS: &str = "load(\"@rules_python//python:defs.bzl\", \"py_binary\", \"py_library\")\nload(\"//tools/bazel:container_image.bzl\", \"container_image\", \"multiplatform_image\")\nload(\"//tools/bazel:release.bzl\", \"release_app\")\n";

#[test]
fn every_mistake_is_told_when_the_file_is_loaded() {
    let workspace = workspace_with_rules();
    let mistakes = mistakes();
    for (index, [function, arguments, _]) in mistakes.iter().enumerate() {
        let binary = if function == "release_app" { "" } else { "binary = \":one\", " };
        let build = format!("{LOADS}{function}(name = \"wrong\", {binary}{arguments})\n");
        put(workspace.path(), &format!("wrong_{index:02}/BUILD.bazel"), &build);
    }
    let apps = layerwright(workspace.path(), &["apps"]);
    let findings = apps["findings"].as_array().unwrap();
    for (index, [function, arguments, answer]) in mistakes.iter().enumerate() {
        let path = format!("wrong_{index:02}/BUILD.bazel");
        let of_path = findings.iter().filter(|finding| finding["path"] == path.as_str());
        let told: Vec<&str> = of_path.map(|finding| finding["message"].as_str().unwrap()).collect();
        assert!(told.iter().any(|message| message.contains(answer)), "{function}({arguments}): {told:?}");
    }
    assert!(mistakes.len() > 15);
}

#[test]
fn the_macros_declare_the_targets_of_the_document() {
    let workspace = workspace_with_rules();
    let build = format!(
        "{LOADS}py_library(name = \"lib\", srcs = [\"lib.py\"])\npy_binary(name = \"my-app\", srcs = [\"my-app.py\"], deps = [\":lib\"])\n\
         release_app(name = \"my-app\", domain = \"d\", language = \"python\", dep_layers = [{{\"name\": \"libs\", \"targets\": [\":lib\"]}}])\n\
         container_image(name = \"one_layer\", binary = \":my-app\", language = \"python\")\n"
    );
    put(workspace.path(), "app/BUILD.bazel", &build);
    put(workspace.path(), "app/lib.py", "");
    put(workspace.path(), "app/my-app.py", "");
    let plan = layerwright(workspace.path(), &["plan", "--app", "//app:my-app", "--commits", "1"]);
    assert_eq!(plan["macro"]["class"], "partitions");
    let names: Vec<&str> =
        plan["layers"].as_array().unwrap().iter().map(|layer| layer["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["base", "certificates", "interpreter", "libs", "app"]);
    let one = layerwright(workspace.path(), &["plan", "--app", "//app:one_layer", "--commits", "1"]);
    let names: Vec<&str> =
        one["layers"].as_array().unwrap().iter().map(|layer| layer["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["base", "certificates", "app"], "without `dep_layers` there is one layer");
}
