//! Libraries that lost their layer, and who holds on to them.

use std::collections::BTreeMap;

use super::*;
use crate::rewrite::change_set::FileChange;
use crate::rule_sets::dep_layers::migration::tests::with_input;
use crate::workspace::fixture;
use crate::workspace::model::{Package, ReadFinding, Workspace};

const LAYERED: &str = "
    @pypi fastapi 1000000
    //demo/app
      py_library pip_layer deps=@pypi//:fastapi
      py_library main_lib srcs=main.py deps=:pip_layer
      py_binary app srcs=main.py deps=:main_lib
      release_app app binary=:app layers=pip=:pip_layer
";

/// Returns why the library stays once its layer is gone; empty where it may go.
fn reason(workspace: &Workspace) -> String {
    let left = with_input(workspace, "", left_libraries);
    assert_eq!(left.iter().map(|library| library.label.to_string()).collect::<Vec<_>>(), ["//demo/app:pip_layer"]);
    left[0].stays_because.clone().unwrap_or_default()
}

fn check(more: &str, expected: &str) {
    assert_eq!(reason(&fixture::workspace(&format!("{LAYERED}{more}"))), expected, "{more}");
}

#[test]
fn only_the_libraries_of_layers_that_went_are_left() {
    let workspace = fixture::workspace(LAYERED);
    assert!(with_input(&workspace, "pip=@pypi//:fastapi", left_libraries).is_empty());
    assert!(with_input(&workspace, "other=//demo/app:pip_layer", left_libraries).is_empty());
}

#[test]
fn a_library_that_only_its_own_app_uses_may_go() {
    check("", "");
}

#[test]
fn every_other_use_holds_it() {
    check(
        "      py_test app_test srcs=test.py deps=:pip_layer",
        "//demo/app:app_test uses it (demo/app/BUILD.bazel:8)",
    );
    check("      alias shared actual=:pip_layer", "//demo/app:shared uses it (demo/app/BUILD.bazel:8)");
    check("      py_library unrelated deps=:pip_layer", "//demo/app:unrelated uses it (demo/app/BUILD.bazel:8)");
    check("    //other\n      filegroup all srcs=//demo/app:pip_layer", "//other:all uses it (other/BUILD.bazel:9)");
    check(
        "      py_binary two srcs=main.py deps=:main_lib\n      release_app two binary=:two layers=x=:pip_layer",
        "a layer of //demo/app:two names it",
    );
}

#[test]
fn a_use_below_a_condition_or_as_data_holds_it() {
    let mut workspace = fixture::workspace(LAYERED);
    let main_lib = |workspace: &mut Workspace, change: fn(&mut crate::workspace::model::Dependency)| {
        let target = workspace.packages.get_mut("demo/app").unwrap().targets.get_mut("main_lib").unwrap();
        target.dependencies.iter_mut().filter(|dependency| dependency.attribute == "deps").for_each(change);
    };
    main_lib(&mut workspace, |dependency| dependency.condition = Some("//conditions:default".into()));
    assert_eq!(reason(&workspace), "//demo/app:main_lib uses it (demo/app/BUILD.bazel:5)");
    main_lib(&mut workspace, |dependency| {
        dependency.condition = None;
        dependency.attribute = "data".into();
    });
    assert_eq!(reason(&workspace), "//demo/app:main_lib uses it (demo/app/BUILD.bazel:5)");
}

#[test]
fn what_was_not_evaluated_counts_as_a_use() {
    let mut workspace = fixture::workspace(LAYERED);
    workspace.packages.insert(
        "odd".into(),
        Package {
            path: "odd".into(),
            build_file: "odd/BUILD".into(),
            source: PackageSource::Read { reason: "no".into() },
            ..Package::default()
        },
    );
    assert_eq!(reason(&workspace), "odd/BUILD could not be evaluated, so what it uses is not known");
    workspace.packages.remove("odd");
    workspace.findings.push(ReadFinding {
        path: "gone/BUILD.bazel".into(),
        line: None,
        code: "not_read".into(),
        message: String::new(),
    });
    assert_eq!(reason(&workspace), "gone/BUILD.bazel could not be read, so what it uses is not known");
}

#[test]
fn a_library_that_a_macro_makes_stays() {
    let mut workspace = fixture::workspace(LAYERED);
    let target = workspace.packages.get_mut("demo/app").unwrap().targets.get_mut("pip_layer").unwrap();
    target.macro_name = Some("layer".into());
    assert_eq!(reason(&workspace), "the macro layer makes it");
}

/// Files by path; nothing is known of their targets.
struct Texts(BTreeMap<String, Vec<u8>>);

impl SourceTree for Texts {
    fn entry(&self, path: &str) -> Entry {
        match self.0.get(path) {
            Some(bytes) => Entry::File { bytes: bytes.clone(), real_path: path.to_owned() },
            None => Entry::Missing,
        }
    }

    fn bzl_files(&self) -> Vec<String> {
        self.0.keys().filter(|path| path.ends_with(".bzl")).cloned().collect()
    }

    fn known_names(&self, _: &str) -> BTreeMap<String, String> {
        BTreeMap::new()
    }
}

#[test]
fn a_label_in_any_text_holds_it() {
    let workspace = fixture::workspace(&format!("{LAYERED}    //other\n"));
    let home = "py_library(name = \"pip_layer\")\n";
    let check = |files: &[(&str, &str)], expected: Option<&str>| {
        let mut texts = BTreeMap::from([("demo/app/BUILD.bazel".to_owned(), home.into())]);
        texts.insert("other/BUILD.bazel".to_owned(), Vec::new());
        texts.extend(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
        let after = FileChange { path: "demo/app/BUILD.bazel".into(), before: None, after: b"# empty\n".to_vec() };
        let mut change = ChangeSet { files: vec![after] };
        if let Some((_, text)) = files.iter().find(|(path, _)| *path == "demo/app/BUILD.bazel") {
            change.files[0].after = text.as_bytes().to_vec();
        }
        let library = Label::main("demo/app", "pip_layer");
        let found = with_input(&workspace, "", |input| still_named(&Texts(texts), input, &change, &library));
        assert_eq!(found.as_deref(), expected, "{files:?}");
    };
    check(&[], None);
    check(
        &[("other/BUILD.bazel", "x(name = \"pip_layer\", deps = [\"//demo/app:pip_layer_2\", \":pip_layer\"])\n")],
        None,
    );
    check(&[("other/BUILD.bazel", "\nx(deps = [\"//demo/app:pip_layer\"])\n")], Some("other/BUILD.bazel:2 names it"));
    check(
        &[("other/BUILD.bazel", "x(cmd = \"cp $(location //demo/app:pip_layer) .\")\n")],
        Some("other/BUILD.bazel:1 names it"),
    );
    check(&[("tools/x.bzl", "L = \"@//demo/app:pip_layer\"\n")], Some("tools/x.bzl:1 names it"));
    check(&[("demo/app/BUILD.bazel", "x(a = \"pip_layer\")\n")], Some("demo/app/BUILD.bazel:1 names it"));
    check(&[("demo/app/BUILD.bazel", "x(a = \"$(location :pip_layer)\")\n")], Some("demo/app/BUILD.bazel:1 names it"));
}
