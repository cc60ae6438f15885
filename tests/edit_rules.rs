//! The rules of edits, one small file each: `tests/edit_rules/*.txt` hold requests, the file before, and what comes of it.
//!
//! An entry is `=== ` with the edits of package `demo/app` as JSON, the BUILD file before, and then one of `--- edit` with the file after,
//! `--- noop`, or `--- refuse CODE LINE` with words that the message must hold, one to a line. Loads lead into `edit_cases/_shared`.

#![allow(clippy::unwrap_used, reason = "a test that can't read its own files has failed")]

mod edit_support;

use std::collections::BTreeMap;
use std::path::Path;

use edit_support::{Files, changed, read_files};
use layerwright::build_file::{Dialect, parse};
use layerwright::rewrite::plan_edits;
use layerwright::rewrite::refusal::RefusalCode;
use layerwright::rewrite::request::EditRequest;

const FILE: &str = "demo/app/BUILD.bazel";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn workspace(build: &[u8]) -> Files {
    let shared = root().join("tests/edit_cases/_shared");
    let mut files = BTreeMap::new();
    read_files(&shared, &shared, &mut files);
    files.insert(FILE.to_owned(), build.to_vec());
    Files { files, ..Files::default() }
}

fn request(edits: &str) -> EditRequest {
    serde_json::from_str(&format!("{{\"package\": \"demo/app\", \"edits\": [{edits}]}}")).unwrap()
}

/// What comes of an edit, in the words of the files.
fn outcome(files: &Files, request: &EditRequest) -> String {
    match plan_edits(files, request) {
        Ok(changes) if changes.is_empty() => "noop\n".to_owned(),
        Ok(changes) => {
            let after = changed(files, &changes);
            let again = plan_edits(&after, request);
            assert!(again.as_ref().is_ok_and(|again| again.is_empty()), "the second time: {again:?}");
            format!("edit\n{}", String::from_utf8(after.files[FILE].clone()).unwrap())
        }
        Err(refusal) => {
            format!("refuse {} {}\n{}", refusal.code, refusal.line.unwrap_or_default(), refusal.message)
        }
    }
}

fn check_entry(entry: &str) -> Result<(), String> {
    let (edits, rest) = entry.split_once('\n').unwrap();
    let (before, expected) = rest.rsplit_once("\n--- ").unwrap();
    let found = outcome(&workspace(format!("{before}\n").as_bytes()), &request(edits));
    let good = match expected.strip_prefix("refuse") {
        Some(_) => {
            let mut lines = expected.trim_end().lines();
            lines.next() == found.lines().next() && lines.all(|words| found.contains(words))
        }
        None => found == expected,
    };
    if good { Ok(()) } else { Err(format!("{edits}\n{found}\n--- instead of\n{expected}")) }
}

#[test]
fn every_rule_holds() {
    let mut failures = Vec::new();
    let mut count = 0;
    for name in ["dep_layers", "dependencies", "libraries", "lines"] {
        let text = std::fs::read_to_string(root().join(format!("tests/edit_rules/{name}.txt"))).unwrap();
        let entries = text.split("=== ").skip(1);
        for entry in entries {
            count += 1;
            failures.extend(check_entry(entry).err().map(|error| format!("{name}: {error}")));
        }
    }
    assert!(count > 90, "only {count} rules");
    assert!(failures.is_empty(), "{} of {count} rules fail:\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn a_library_goes_below_files_that_hold_words_only() {
    let edit = r#"{"op": "add_py_library", "name": "l", "deps": [":a"], "load": "//x:y.bzl"}"#;
    let library = "load(\"//x:y.bzl\", \"py_library\")\n\npy_library(\n    name = \"l\",\n    deps = [\":a\"],\n)";
    for (before, after) in [
        ("", format!("{library}\n")),
        ("# words", format!("# words\n\n{library}")),
        ("# words\n", format!("# words\n\n{library}\n")),
        ("# words\n\n", format!("# words\n\n{library}\n")),
        ("\"\"\"Words\"\"\"", format!("\"\"\"Words\"\"\"\n\n{library}")),
    ] {
        assert_eq!(outcome(&workspace(before.as_bytes()), &request(edit)), format!("edit\n{after}"), "{before:?}");
    }
}

const SET: &str = r#"{"op": "set_dep_layers", "app": "my-app", "layers": [{"name": "a", "targets": [":x"]}]}"#;
const LOAD: &str = "load(\"//tools/bazel:release.bzl\", \"release_app\")\n";

fn check_refusal(files: &Files, edits: &str, code: RefusalCode, words: &[&str]) {
    let refusal = plan_edits(files, &request(edits)).unwrap_err();
    assert_eq!(refusal.code, code, "{refusal}");
    for words in words {
        assert!(refusal.message.contains(words), "{words} is not in: {refusal}");
    }
}

#[test]
fn files_that_bazel_refuses_are_refused() {
    let check = |build: &[u8], code, words: &[&str]| check_refusal(&workspace(build), SET, code, words);
    check(b"\xEF\xBB\xBFrelease_app(name = \"my-app\")\n", RefusalCode::Bom, &["byte order mark", "BUILD.bazel"]);
    check(b"x = [\n", RefusalCode::SyntaxError, &["BUILD.bazel:2:1"]);
    check(b"x = \"\\d\"\n", RefusalCode::SyntaxError, &["BUILD.bazel:1:6", "escape"]);
    check(b"def f():\n    pass\n", RefusalCode::NotLoadable, &["line 1"]);
    check(b"if True:\n    f()\n", RefusalCode::NotLoadable, &["`if`", "line 1"]);
    check(b"f(*ARGS)\n", RefusalCode::Kwargs, &["*ARGS", "line 1"]);
    check(&b"[".repeat(300_000), RefusalCode::TooDeep, &["200 levels"]);
    check(&b"# comment\n".repeat(450_000), RefusalCode::TooLarge, &["4500000 bytes"]);
}

#[test]
fn files_are_found_as_bazel_finds_them() {
    let none = Files::default();
    check_refusal(&none, SET, RefusalCode::NotLoadable, &["//demo/app", "BUILD.bazel"]);
    let mut only_build = workspace(b"");
    only_build.files.remove(FILE);
    let text = format!("{LOAD}\nrelease_app(name = \"my-app\")\n");
    only_build.files.insert("demo/app/BUILD".to_owned(), text.clone().into_bytes());
    let changes = plan_edits(&only_build, &request(SET)).unwrap();
    assert_eq!(changes.files[0].path, Path::new("demo/app/BUILD"));
    let mut linked = workspace(text.as_bytes());
    let bytes = linked.files.remove(FILE).unwrap();
    linked.files.insert("demo/app.BUILD".to_owned(), bytes);
    linked.symlinks.insert(FILE.to_owned(), "../app.BUILD".to_owned());
    let changes = plan_edits(&linked, &request(SET)).unwrap();
    assert_eq!(changes.files[0].path, Path::new("demo/app.BUILD"), "a link inside the workspace is written through");
    linked.symlinks.insert(FILE.to_owned(), "../../../app.BUILD".to_owned());
    check_refusal(&linked, SET, RefusalCode::OutsideWorkspace, &["symlink", "outside"]);
}

#[test]
fn macros_are_known_by_their_definition() {
    let build = "load(\"//my:defs.bzl\", \"image\")\n\nimage(name = \"my-app\")\n";
    let with = |bzl: &str| {
        let mut files = workspace(build.as_bytes());
        files.files.insert("my/defs.bzl".to_owned(), bzl.as_bytes().to_vec());
        files
    };
    let takes = |bzl: &str| assert!(plan_edits(&with(bzl), &request(SET)).is_ok(), "{bzl}");
    takes("def image(name, *, dep_layers = []):\n    pass\n");
    takes("load(\"//tools/bazel:release.bzl\", \"release_app\")\n\nimage = release_app\n");
    takes(
        "load(\"//tools/bazel:release.bzl\", _app = \"release_app\")\n\ndef image(name, **kwargs):\n    _app(name = name, **kwargs)\n",
    );
    let missing = ["image", "dep_layers", "//my:defs.bzl", "my/defs.bzl line 3"];
    check_refusal(&with("\n\ndef image(name, layers = []):\n    pass\n"), SET, RefusalCode::ParameterMissing, &missing);
    check_refusal(
        &with("def image(name, **kwargs):\n    x(**kwargs)\n"),
        SET,
        RefusalCode::ParameterMissing,
        &["dep_layers"],
    );
    let wrapper = "load(\"//tools/bazel:release.bzl\", \"release_app\")\n\ndef image(name):\n    _inner(name)\n\ndef _inner(name):\n    release_app(name = name)\n";
    check_refusal(&with(wrapper), SET, RefusalCode::GeneratedCall, &["my-app", "image", "release_app", "line 3"]);
    check_refusal(
        &with("load(\":defs.bzl\", \"image\")\n"),
        SET,
        RefusalCode::NotTheMacro,
        &["image", "//my:defs.bzl"],
    );
}

#[test]
fn names_that_are_taken_are_refused() {
    let add = |name: &str| format!(r#"{{"op": "add_py_library", "name": "{name}", "deps": ["@pypi//:a"]}}"#);
    let mut files = workspace(b"genrule(\n    name = \"g\",\n    outs = [\"made.txt\"],\n)\n");
    files.files.insert("demo/app/main.py".to_owned(), Vec::new());
    check_refusal(&files, &add("main.py"), RefusalCode::NameTaken, &["the file demo/app/main.py", "main.py_2"]);
    check_refusal(&files, &add("made.txt"), RefusalCode::NameTaken, &["output of g", "line 1"]);
    check_refusal(&files, &add("g"), RefusalCode::NameTaken, &["line 1", "g_2"]);
    check_refusal(&files, &add("a b"), RefusalCode::BadLayerName, &["a b"]);
}

#[test]
fn bytes_that_are_not_utf_8_and_line_ends_survive() {
    let build = b"load(\"//tools/bazel:release.bzl\", \"release_app\")\r\n\r\n# caf\xE9\r\nrelease_app(\r\n    name = \"my-app\",\r\n    description = \"\xFF\",\r\n)";
    let files = workspace(build);
    let after = changed(&files, &plan_edits(&files, &request(SET)).unwrap()).files[FILE].clone();
    let inserted = b"    dep_layers = [\r\n        {\r\n            \"name\": \"a\",\r\n            \"targets\": [\":x\"],\r\n        },\r\n    ],\r\n";
    let at = build.windows(4).position(|bytes| bytes == b"    ").unwrap() + b"    name = \"my-app\",\r\n".len();
    assert_eq!(after, [&build[..at], inserted, &build[at..]].concat());
}

#[test]
fn one_request_can_change_two_packages() {
    let mut files = workspace(format!("{LOAD}\nrelease_app(name = \"my-app\")\n").as_bytes());
    files.files.insert(
        "libs/BUILD.bazel".to_owned(),
        b"py_library(\n    name = \"l\",\n    deps = [\"@pypi//:a\"],\n)\n".to_vec(),
    );
    let edits = format!(
        r#"{SET}, {{"op": "rewire_deps", "target": "//libs:l", "remove": ["@pypi//:a"], "add": [":a_layer"]}}"#
    );
    let changes = plan_edits(&files, &request(&edits)).unwrap();
    let paths: Vec<_> = changes.files.iter().map(|change| change.path.to_str().unwrap()).collect();
    assert_eq!(paths, [FILE, "libs/BUILD.bazel"]);
    let libs = String::from_utf8(changes.files[1].after.clone()).unwrap();
    assert!(libs.contains("deps = [\"//demo/app:a_layer\"]"), "{libs}");
    let broken =
        format!(r#"{SET}, {{"op": "rewire_deps", "target": "//libs:none", "remove": [], "add": [":a_layer"]}}"#);
    check_refusal(&files, &broken, RefusalCode::AmbiguousTarget, &["none"]);
}

#[test]
fn what_an_edit_writes_can_be_parsed() {
    for name in ["dep_layers", "dependencies", "libraries", "lines"] {
        let text = std::fs::read_to_string(root().join(format!("tests/edit_rules/{name}.txt"))).unwrap();
        for entry in text.split("=== ").skip(1) {
            if let Some((_, after)) = entry.rsplit_once("\n--- edit\n") {
                assert_eq!(parse(after.as_bytes(), Dialect::Build).problems, [], "{after}");
            }
        }
    }
}

/// Whether buildifier would leave this text as it is.
fn is_clean(buildifier: &std::ffi::OsStr, folder: &Path, text: &[u8]) -> bool {
    let path = folder.join("BUILD.bazel");
    std::fs::write(&path, text).unwrap();
    let status = std::process::Command::new(buildifier).args(["-type=build", "-mode=check"]).arg(&path).status();
    status.unwrap().success()
}

#[test]
#[ignore = "needs buildifier: set BUILDIFIER to the program"]
fn clean_files_stay_clean_in_the_eyes_of_buildifier() {
    let buildifier = std::env::var_os("BUILDIFIER").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let clean = |text: &str| is_clean(&buildifier, folder.path(), text.as_bytes());
    let mut checked = 0;
    for name in ["dep_layers", "dependencies", "libraries", "lines"] {
        let text = std::fs::read_to_string(root().join(format!("tests/edit_rules/{name}.txt"))).unwrap();
        for entry in text.split("=== ").skip(1) {
            let (_, rest) = entry.split_once('\n').unwrap();
            if let Some((before, after)) = rest.rsplit_once("\n--- edit\n")
                && clean(&format!("{before}\n"))
            {
                checked += 1;
                assert!(clean(after), "buildifier would change\n{after}");
            }
        }
    }
    assert!(checked > 30, "only {checked} clean files");
}
