//! The model of `py_image_layer` against the targets that the real macro makes in each release of aspect_rules_py 1.x.
//!
//! `tests/data/py_image_layer_1.jsonl` was written by running the macro of the releases named in it: what it returns, its
//! targets with their attributes, and the tests of its awk program in their order.

use std::rc::Rc;

use serde::Deserialize;

use super::evaluated::{EvaluatedPackage, MadeTarget};
use super::evaluator::{EvaluationSetup, PackageEvaluator};
use super::in_process::InProcessEvaluator;
use super::memory_tree::MemoryTree;
use crate::workspace::model::{Target, Value};
use crate::workspace::modules::Module;

#[derive(Deserialize)]
struct Facts {
    versions: Vec<String>,
    case: String,
    returns: Vec<String>,
    targets: Vec<String>,
    /// Group and expression, as the text of the awk program has it.
    tests: Vec<(String, String)>,
}

/// The arguments of each case.
fn arguments(case: &str) -> &'static str {
    match case {
        "plain" => "",
        "groups" => r#"layer_groups = {"torch": "_torch_", "packages": "mine", "a.b": "/site-packages/a"}"#,
        "interpreter_first" => r#"layer_groups = {"interpreter": "mine", "z": "_z_"}"#,
        "platform" => r#"platform = "//:linux""#,
        "zstd_root" => r#"compress = "zstd", root = "/app""#,
        "owner" => r#"owner = "1000""#,
        "tags" => r#"tags = ["manual"], visibility = ["//visibility:public"]"#,
        other => panic!("unknown case {other}"),
    }
}

fn evaluate(version: &str, arguments: &str) -> EvaluatedPackage {
    let build = format!(
        "load('@aspect_rules_py//py:defs.bzl', 'py_image_layer')\npy_binary(name = 'b')\nfilegroup(name = 'returned', srcs = py_image_layer('x', ':b', {arguments}))"
    );
    let mut evaluator = InProcessEvaluator::new(Rc::new(MemoryTree::new(&[("p/BUILD", &build)]))).unwrap();
    let module = Module { name: "aspect_rules_py".to_owned(), version: Some(version.to_owned()), ..Module::default() };
    let modules = [("aspect_rules_py".to_owned(), module)].into();
    evaluator.begin(&EvaluationSetup { modules, ..EvaluationSetup::default() });
    evaluator.package("p", "p/BUILD").result.unwrap()
}

/// A target as the facts write it: labels of the package without their package, and without what the model adds.
fn line(made: &MadeTarget) -> String {
    let Target { kind, dependencies, outputs, attributes, .. } = &made.target;
    let kind = if kind == "tar_rule" { "tar" } else { kind };
    let mut parts: Vec<String> = Vec::new();
    for attribute in ["mtree", "srcs", "target_platform"] {
        let labels: Vec<String> = dependencies
            .iter()
            .filter(|edge| edge.attribute == attribute)
            .map(|edge| edge.label.to_string().replace("//p:", ""))
            .collect();
        if !labels.is_empty() {
            parts.push(format!("{attribute}={}", labels.join(",")));
        }
    }
    if !outputs.is_empty() {
        parts.push(format!("outs={}", outputs.join(",")));
    }
    let own = attributes.iter().filter(|(name, _)| !name.starts_with('$'));
    parts.extend(own.map(|(name, value)| format!("{name}={}", text(value))));
    parts.sort();
    format!("{kind} {} {}", made.name, parts.join(" "))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::List(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

/// A line of the facts without quotes, brackets and the colons of labels.
fn plain(line: &str) -> String {
    let (head, attributes) = line.splitn(3, ' ').fold((String::new(), ""), |(head, last), part| {
        if last.is_empty() { (head, part) } else { (format!("{head}{last} "), part) }
    });
    let mut parts: Vec<String> =
        attributes.split(' ').map(|part| part.replace(['"', '[', ']'], "").replace("=:", "=")).collect();
    parts.sort();
    format!("{head}{}", parts.join(" "))
}

#[test]
fn the_model_makes_what_each_release_makes() {
    let mut checked = 0;
    for row in include_str!("../../../tests/data/py_image_layer_1.jsonl").lines() {
        let facts: Facts = serde_json::from_str(row).unwrap();
        for version in &facts.versions {
            let at = format!("{version} {}", facts.case);
            let package = evaluate(version, arguments(&facts.case));
            let made: Vec<&MadeTarget> =
                package.targets.iter().filter(|made| !matches!(made.name.as_str(), "b" | "returned")).collect();
            let lines: Vec<String> = made.iter().map(|made| line(made)).collect();
            let expected: Vec<String> = facts.targets.iter().map(|target| plain(target)).collect();
            assert_eq!(lines, expected, "{at}");
            let returned = package.targets.iter().find(|made| made.name == "returned").unwrap();
            let returned: Vec<&str> = returned.target.dependencies.iter().map(|edge| edge.label.name()).collect();
            assert_eq!(returned, facts.returns, "{at}");
            let tests: Vec<(String, String)> = made.iter().filter_map(|made| test(&made.target)).collect();
            assert_eq!(tests, facts.tests, "{at}");
            checked += 1;
        }
    }
    assert_eq!(checked, 14 * 7);
}

/// The test that the awk program makes for a tar, as its text writes it.
fn test(target: &Target) -> Option<(String, String)> {
    let group = text(target.attributes.get("$group")?);
    let expression = text(target.attributes.get("$expression")?);
    let is_own = target.attributes.get("$own") == Some(&Value::Bool(true));
    // The macro writes its own expressions for a string of awk.
    Some((group, if is_own { expression } else { expression.replace('\\', r"\\") }))
}
