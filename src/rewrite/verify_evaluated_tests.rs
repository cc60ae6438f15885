//! What the second proof lets through, and what it stops.

use std::rc::Rc;

use crate::rewrite::refusal::Refusal;
use crate::rewrite::request::EditRequest;
use crate::rewrite::verify_evaluated::{check_evaluated, same_but_for_order};
use crate::workspace::evaluate::evaluated::EvaluatedPackage;
use crate::workspace::evaluate::evaluator::{EvaluationSetup, PackageEvaluator};
use crate::workspace::evaluate::in_process::InProcessEvaluator;
use crate::workspace::evaluate::memory_tree::MemoryTree;

const MACROS: &str = r#"
def release_app(name, dep_layers = None):
    for layer in dep_layers or []:
        native.filegroup(name = name + "_" + layer["name"], srcs = layer["targets"])

def counted(name, deps = []):
    native.py_library(name = name, deps = deps, tags = [str(len(deps))])

def crowd(name):
    native.filegroup(name = name, srcs = native.existing_rules().keys())
"#;

const BEFORE: &str = r#"
load("//p:m.bzl", "counted", "crowd", "release_app")
py_library(name = "lib", deps = [":a"], tags = ["x"])
py_library(name = "a")
counted(name = "c", deps = [":a"])
release_app(name = "app")
"#;

fn evaluate(build: &str) -> EvaluatedPackage {
    let tree = MemoryTree::new(&[("p/BUILD", build), ("p/m.bzl", MACROS)]);
    let mut evaluator = InProcessEvaluator::new(Rc::new(tree)).unwrap();
    evaluator.begin(&EvaluationSetup::default());
    evaluator.package("p", "p/BUILD").result.unwrap()
}

fn check_of(edits: &str, before: &str, after: &str) -> Result<(), Refusal> {
    let request = format!(r#"{{"package": "p", "edits": [{edits}]}}"#);
    let request: EditRequest = serde_json::from_str(&request).unwrap();
    check_evaluated(&[request], "p", "p/BUILD", &evaluate(before), &evaluate(after))
}

fn passes(edits: &str, after: &str) {
    check_of(edits, BEFORE, after).unwrap();
}

fn stops(edits: &str, after: &str, words: &str) {
    let refusal = check_of(edits, BEFORE, after).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.path.as_str()), ("self_check", "p/BUILD"));
    assert!(refusal.message.contains(words), "{refusal}");
}

const LAYERS: &str =
    r#"{"op": "set_dep_layers", "app": "app", "layers": [{"name": "deps", "targets": [":a", "//q"]}]}"#;

#[test]
fn an_app_gets_its_layers_and_what_its_macro_makes_of_them() {
    let with = |layers: &str| BEFORE.replace("\"app\")", &format!("\"app\", dep_layers = {layers})"));
    passes(LAYERS, &with(r#"[{"name": "deps", "targets": ["//p:a", "//q:q"], "more": 1}]"#));
    stops(LAYERS, BEFORE, "`app` would not get the layers");
    stops(LAYERS, &with(r#"[{"name": "deps", "targets": [":a"]}]"#), "`app` would not get the layers");
    stops(LAYERS, &with(r#"[{"name": "other", "targets": [":a", "//q"]}]"#), "`app` would not get the layers");
    let more = with(r#"[{"name": "deps", "targets": [":a", "//q"]}]"#).replace("[\"x\"]", "[\"y\"]");
    stops(LAYERS, &more, "//p:lib would get other attributes");
}

#[test]
fn a_rewired_target_keeps_all_but_its_deps() {
    let rewire = r#"{"op": "rewire_deps", "target": "lib", "remove": [":a"], "add": [":b"]}"#;
    passes(rewire, &BEFORE.replacen("[\":a\"]", "[\":b\"]", 1));
    stops(rewire, &BEFORE.replacen("[\":a\"]", "[\":b\"], data = [\":a\"]", 1), "//p:lib would get other attributes");
    let macro_too = BEFORE.replace("[\":a\"]", "[\":b\"]");
    stops(rewire, &macro_too, "//p:c would get other attributes");
}

#[test]
fn a_macro_may_make_of_new_deps_what_it_likes() {
    let rewire = r#"{"op": "set_deps", "target": "//p:c", "deps": []}"#;
    passes(rewire, &BEFORE.replace("counted(name = \"c\", deps = [\":a\"])", "counted(name = \"c\", deps = [])"));
}

#[test]
fn a_library_comes_and_nothing_else_does() {
    let add = r#"{"op": "add_py_library", "name": "new", "deps": [":a"]}"#;
    passes(add, &format!("{BEFORE}py_library(name = \"new\", deps = [\":a\"])\n"));
    let two = format!("{BEFORE}py_library(name = \"new\")\npy_library(name = \"more\")\n");
    stops(add, &two, "//p:more would come into being");
    stops(add, &BEFORE.replace("py_library(name = \"a\")\n", ""), "//p:a would be gone");
    stops(add, &BEFORE.replace("counted(name = \"c\", deps = [\":a\"])\n", ""), "//p:c would be gone");
}

#[test]
fn a_macro_that_looks_at_the_other_targets_is_seen_through() {
    let add = r#"{"op": "add_py_library", "name": "new", "deps": []}"#;
    let before = format!("{BEFORE}crowd(name = \"all\")\n");
    let after = format!("py_library(name = \"new\")\n{before}");
    let refusal = check_of(add, &before, &after).unwrap_err();
    assert!(refusal.message.contains("//p:all would get other attributes"), "{refusal}");
}

#[test]
fn a_call_with_other_arguments_is_stopped_even_where_it_makes_the_same() {
    let add = r#"{"op": "add_py_library", "name": "new", "deps": []}"#;
    let after = format!("{BEFORE}py_library(name = \"new\")\n").replace("\"app\")", "\"app\", dep_layers = [])");
    stops(add, &after, "a call of `release_app` would get other arguments");
}

#[test]
fn a_formatter_may_put_lists_in_order_and_no_more() {
    let formatted = |after: &str| same_but_for_order("p", "p/BUILD", &evaluate(BEFORE), &evaluate(after));
    let moved = BEFORE.replace("deps = [\":a\"], tags = [\"x\"]", "tags = [\"x\"], deps = [\":a\", \"//p:a\"]");
    formatted(&moved).unwrap();
    assert!(formatted(&BEFORE.replace("\"x\"", "\"y\"")).is_err());
    assert!(formatted(&BEFORE.replacen("[\":a\"]", "[]", 1)).is_err());
}
