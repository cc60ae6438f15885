//! What Bazel's answer changes in a workspace that was read, and what it leaves.

use std::path::Path;

use super::*;
use crate::byte_count::ByteCount;
use crate::workspace::bazel::answer::AnsweredPackage;
use crate::workspace::fixture::workspace;
use crate::workspace::model::{Dependency, Target};

fn library(kind: &str, edges: &[(&str, &str)]) -> Target {
    let edge = |(attribute, label): &(&str, &str)| Dependency {
        attribute: (*attribute).to_owned(),
        label: Label::parse_absolute(label).unwrap(),
        condition: None,
    };
    Target {
        kind: kind.to_owned(),
        dependencies: edges.iter().map(edge).collect(),
        outputs: Vec::new(),
        attributes: std::collections::BTreeMap::new(),
        visibility: Vec::new(),
        line: 7,
        macro_name: None,
    }
}

fn answered(targets: Vec<(&str, Target)>) -> AnsweredPackage {
    let targets = targets.into_iter().map(|(name, target)| (name.to_owned(), target)).collect();
    AnsweredPackage { build_file: Some("BUILD.bazel".to_owned()), targets }
}

fn problem(path: Option<&str>, package: Option<&str>, message: &str) -> BazelProblem {
    let (path, package) = (path.map(str::to_owned), package.map(str::to_owned));
    BazelProblem { line: path.as_ref().map(|_| 3), path, package, message: message.to_owned() }
}

const READ: &str = "
//app
  py_library lib srcs=main.py deps=//libs:x
  py_binary bin deps=:lib
  release_app shop binary=:bin
//libs
  py_library x srcs=x.py
//odd
  py_library o
";

#[test]
fn answered_packages_are_replaced_and_the_others_stay_with_a_finding() {
    let mut workspace = workspace(READ);
    let mut answer = BazelAnswer::default();
    let app = answered(vec![("bin", library("py_binary", &[("deps", "//new:n")]))]);
    answer.packages.insert("app".to_owned(), app);
    answer.packages.insert("libs".to_owned(), answered(Vec::new()));
    answer.packages.insert("new".to_owned(), answered(vec![("n", library("py_library", &[]))]));
    answer.broken.insert("libs".to_owned());
    answer.problems = vec![
        problem(Some("/fixture/libs/BUILD.bazel"), None, "name 'nope' is not defined"),
        problem(Some("/elsewhere/x.bzl"), None, "no"),
        problem(None, Some("libs"), "cannot load"),
    ];
    overlay(&mut workspace, answer);
    let sources: Vec<(&str, bool)> = workspace
        .packages
        .values()
        .map(|package| (package.path.as_str(), package.source == PackageSource::Bazel))
        .collect();
    assert_eq!(sources, [("app", true), ("libs", false), ("new", true), ("odd", false)]);
    assert!(!workspace.packages["app"].targets.contains_key("lib"));
    assert!(workspace.packages["libs"].targets.contains_key("x"));
    assert_eq!(workspace.packages["new"].build_file, Path::new("new/BUILD.bazel"));
    let reported: Vec<String> = workspace
        .findings
        .iter()
        .map(|finding| format!("{}:{:?} {} {}", finding.path.display(), finding.line, finding.code, finding.message))
        .collect();
    assert_eq!(
        reported,
        [
            ".:None bazel_error Bazel: /elsewhere/x.bzl:3: no",
            "libs/BUILD.bazel:None bazel_error Bazel: cannot load",
            "libs/BUILD.bazel:None not_answered Bazel can't load this package: its targets are those that were read from the file",
            "libs/BUILD.bazel:Some(3) bazel_error Bazel: name 'nope' is not defined",
            "odd/BUILD.bazel:None not_answered Bazel does not know this package: its targets are those that were read from the file",
        ]
    );
}

#[test]
fn a_finding_about_a_file_that_bazel_could_load_is_settled() {
    let mut workspace = workspace(READ);
    let finding = |path: &str| ReadFinding {
        path: path.into(),
        line: None,
        code: "not_evaluated".to_owned(),
        message: "no".to_owned(),
    };
    workspace.findings = vec![finding("app/BUILD.bazel"), finding("libs/BUILD.bazel"), finding("uv.lock")];
    let mut answer = BazelAnswer::default();
    answer.packages.insert("app".to_owned(), answered(Vec::new()));
    answer.packages.insert("odd".to_owned(), answered(Vec::new()));
    overlay(&mut workspace, answer);
    let left: Vec<(&Path, &str)> =
        workspace.findings.iter().map(|finding| (finding.path.as_path(), finding.code.as_str())).collect();
    assert_eq!(
        left,
        [
            (Path::new("libs/BUILD.bazel"), "not_answered"),
            (Path::new("libs/BUILD.bazel"), "not_evaluated"),
            (Path::new("uv.lock"), "not_evaluated"),
        ]
    );
}

#[test]
fn apps_follow_the_aliases_that_bazel_knows() {
    let mut workspace = workspace(READ);
    let mut answer = BazelAnswer::default();
    let targets = vec![("bin", library("alias", &[("actual", "//app:real")])), ("real", library("py_binary", &[]))];
    answer.packages.insert("app".to_owned(), answered(targets));
    overlay(&mut workspace, answer);
    assert_eq!(workspace.apps[0].binary, Some(Label::main("app", "real")));
}

#[test]
fn files_that_only_bazel_names_get_their_length() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("app")).unwrap();
    std::fs::write(folder.path().join("app/extra.txt"), "12345").unwrap();
    let mut workspace = workspace(READ);
    workspace.root = folder.path().to_owned();
    let edges = [("data", "//app:extra.txt"), ("data", "//app:made.txt"), ("data", "//app:none.txt")];
    let mut maker = library("genrule", &[]);
    maker.outputs = vec!["made.txt".to_owned()];
    let mut answer = BazelAnswer::default();
    answer.packages.insert("app".to_owned(), answered(vec![("bin", library("py_binary", &edges)), ("make", maker)]));
    overlay(&mut workspace, answer);
    let files = &workspace.packages["app"].source_files;
    assert_eq!(files["extra.txt"].bytes, ByteCount(5));
    assert!(!files.contains_key("made.txt") && !files.contains_key("none.txt"));
}
