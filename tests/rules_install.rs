//! `rules install` on small workspaces: what it writes, what the workspace is then, and what it refuses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

const MODULE: &str = "module(name = \"w\")\n\nbazel_dep(name = \"rules_python\", version = \"1.0.0\")\nbazel_dep(name = \"rules_oci\", version = \"2.0.0\")\nbazel_dep(name = \"rules_pkg\", version = \"1.0.1\")\n";
const BUILD: &str = "load(\"@rules_python//python:defs.bzl\", \"py_binary\", \"py_library\")\nload(\"//tools:image.bzl\", \"service\")\n\npy_library(\n    name = \"lib\",\n    srcs = [\"lib.py\"],\n)\n\npy_binary(\n    name = \"app\",\n    srcs = [\"app.py\"],\n    deps = [\":lib\"],\n)\n\nservice(\n    name = \"app\",\n    binary = \":app\",\n)\n";
const MACRO: &str = r#""""Images of services."""

load("@rules_oci//oci:defs.bzl", "oci_image", "oci_push")
load("@rules_pkg//:pkg.bzl", "pkg_tar")

def service(name, binary, base = "@base", **kwargs):
    """An image and what pushes it."""
    pkg_tar(
        name = name + "_app_layer",
        srcs = [binary],
        include_runfiles = True,
        package_dir = "/app",
    )
    oci_image(
        name = name + "_image",
        base = base,
        entrypoint = ["/app/" + binary.split(":")[-1]],
        tars = [":" + name + "_app_layer"],
        **kwargs
    )
    oci_push(
        name = name + "_push",
        image = ":" + name + "_image",
        repository = "example.com/" + name,
    )
"#;

fn workspace(change: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut files = BTreeMap::from([
        ("MODULE.bazel", MODULE),
        ("tools/BUILD.bazel", ""),
        ("tools/image.bzl", MACRO),
        ("app/BUILD.bazel", BUILD),
        ("app/app.py", "import lib\n"),
        ("app/lib.py", "x = 1\n"),
    ]);
    files.extend(change.iter().copied());
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let state = folder.join("../layerwright-test-state");
    let mut command = Command::new(env!("CARGO_BIN_EXE_layerwright"));
    command.args(arguments).current_dir(folder);
    for name in ["XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, &state);
    }
    command.output().unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Every file of a workspace.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn class(folder: &Path) -> String {
    let plan = run(folder, &["plan", "--app", "app", "--format", "json", "--commits", "1"]);
    json(&plan)["macro"]["class"].as_str().unwrap().to_owned()
}

#[test]
fn a_macro_that_packs_everything_makes_layers_after() {
    let workspace = workspace(&[]);
    let folder = workspace.path();
    assert_ne!(class(folder), "partitions");
    let before = files(folder);

    let dry = run(folder, &["rules", "install", "--dry-run", "--format", "json"]);
    assert_eq!(json(&dry)["outcome"], "edited");
    assert_eq!(files(folder), before, "a dry run writes nothing");

    let done = run(folder, &["rules", "install", "--folder", "build/layers"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let after = files(folder);
    let new: Vec<&str> = after.keys().filter(|path| !before.contains_key(*path)).map(String::as_str).collect();
    let layers = ["BUILD.bazel", "image_layers.bzl", "layer_tar.py", "py_layers.bzl"];
    assert_eq!(new, layers.map(|name| format!("build/layers/{name}")));
    let changed: Vec<&String> = before.keys().filter(|path| before[*path] != after[*path]).collect();
    assert_eq!(changed, ["tools/image.bzl"]);
    let text = String::from_utf8(after["tools/image.bzl"].clone()).unwrap();
    assert!(text.contains("load(\"//build/layers:image_layers.bzl\", \"image_layers\")"), "{text}");
    assert!(text.contains("def service(name, binary, base = \"@base\", dep_layers = None, **kwargs):"), "{text}");

    assert_eq!(class(folder), "partitions");
    let apps = json(&run(folder, &["apps", "--format", "json"]));
    assert_eq!(apps["apps"][0]["editable"], true, "{apps}");
    let again = json(&run(folder, &["rules", "install", "--format", "json"]));
    assert_eq!(again["outcome"], "unchanged");
}

#[test]
fn a_call_that_would_fail_with_the_rules_is_told_before() {
    let with_groups = BUILD.replace(
        "    binary = \":app\",\n",
        "    binary = \":app\",\n    dep_layers = [{\"name\": \"a b\", \"targets\": [\":lib\"]}],\n",
    );
    let takes_groups = MACRO.replace("base = \"@base\", **", "base = \"@base\", dep_layers = None, **");
    let workspace = workspace(&[("app/BUILD.bazel", &with_groups), ("tools/image.bzl", &takes_groups)]);
    let before = files(workspace.path());
    let refused = run(workspace.path(), &["rules", "install", "--format", "json"]);
    assert_eq!(refused.status.code(), Some(2));
    let refusal = json(&refused)["refusal"].clone();
    assert_eq!((&refusal["code"], &refusal["path"]), (&"not_loadable".into(), &"app/BUILD.bazel".into()), "{refusal}");
    assert!(refusal["message"].as_str().unwrap().contains("\"a b\" is no name for a layer"), "{refusal}");
    assert_eq!(files(workspace.path()), before);
}

#[test]
fn a_tar_that_somebody_else_needs_is_not_taken_away() {
    let renamed = MACRO.replace("_app_layer", "_tar");
    let build = format!("{BUILD}\nfilegroup(\n    name = \"files\",\n    srcs = [\":app_tar\"],\n)\n");
    let workspace = workspace(&[("app/BUILD.bazel", &build), ("tools/image.bzl", &renamed)]);
    let refused = run(workspace.path(), &["rules", "install", "--format", "json"]);
    let refusal = json(&refused)["refusal"].clone();
    assert_eq!(refusal["code"], "name_taken", "{refusal}");
    assert!(refusal["message"].as_str().unwrap().contains("//app:files names //app:app_tar"), "{refusal}");
}

#[test]
fn without_a_macro_to_wire_the_files_come_with_macros_of_their_own() {
    let no_oci = MODULE.replace("bazel_dep(name = \"rules_oci\", version = \"2.0.0\")\n", "");
    let plain = BUILD.split("\nservice(").next().unwrap().replace("load(\"//tools:image.bzl\", \"service\")\n", "");
    let workspace = workspace(&[("MODULE.bazel", &no_oci), ("app/BUILD.bazel", &plain)]);
    let done = run(workspace.path(), &["rules", "install"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let after = files(workspace.path());
    assert!(after.contains_key("tools/layerwright/release.bzl"));
    let module = String::from_utf8(after["MODULE.bazel"].clone()).unwrap();
    assert!(module.ends_with("bazel_dep(name = \"rules_oci\", version = \"2.2.6\")\n"), "{module}");
    // What was installed can be loaded.
    let build = format!(
        "{plain}\nload(\"//tools/layerwright:release.bzl\", \"release_app\")\nrelease_app(name = \"app\", domain = \"d\", language = \"python\", dep_layers = [])\n"
    );
    std::fs::write(workspace.path().join("app/BUILD.bazel"), build).unwrap();
    assert_eq!(class(workspace.path()), "partitions");
}

#[test]
fn an_unknown_macro_is_refused_with_its_line_and_the_files_alone_can_be_had() {
    let other = MACRO.replace("package_dir = \"/app\"", "package_dir = \"/srv\"");
    let workspace = workspace(&[("tools/image.bzl", &other)]);
    let refused = run(workspace.path(), &["rules", "install"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("tools/image.bzl:8") && message.contains("[unknown_shape]"), "{message}");
    let done = run(workspace.path(), &["rules", "install", "--files-only"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(files(workspace.path()).contains_key("tools/layerwright/image_layers.bzl"));
}
