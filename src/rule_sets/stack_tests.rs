//! Stacks of small workspaces, from their BUILD files.

use std::rc::Rc;

use super::stack_of;
use crate::jobs::Unwatched;
use crate::layers::stack::{Claim, Stack, StackLayer};
use crate::workspace::disk_tree::DiskTree;
use crate::workspace::evaluate::in_process::InProcessEvaluator;
use crate::workspace::model::Workspace;
use crate::workspace::reader::read_workspace;

/// Reads a workspace of these files.
pub(crate) fn read(files: &[(&str, &str)]) -> Workspace {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut evaluator = InProcessEvaluator::new(Rc::new(DiskTree::new(folder.path()))).unwrap();
    read_workspace(folder.path(), &Unwatched, &mut evaluator).unwrap()
}

/// `name holds claim compression` of each layer, lowest first; those that are left out come last, in brackets.
pub(crate) fn lines(stack: &Stack) -> Vec<String> {
    let claim = |layer: &StackLayer| match &layer.claim {
        Claim::Targets(labels) | Claim::Own(labels) => {
            labels.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
        }
        Claim::Paths(expression) => format!("{}:{expression}", layer.claim_order),
        Claim::PathsAgain(expression) => format!("again:{expression}"),
        claim => format!("{claim:?}").to_lowercase(),
    };
    let line = |layer: &StackLayer| {
        let compression = layer.compression.map_or("-", |compression| compression.as_str());
        format!("{} {} {} {compression}", layer.name, layer.holds.as_str(), claim(layer))
    };
    let left_out = stack.left_out.iter().map(|layer| format!("({})", line(layer)));
    stack.layers.iter().map(line).chain(left_out).collect()
}

const MODULE: &str = r#"
module(name = "w")
bazel_dep(name = "aspect_rules_py", version = "1.11.5")
bazel_dep(name = "rules_oci", version = "2.2.6")
bazel_dep(name = "rules_pkg", version = "1.1.0")
"#;

/// The stack of the only app of a workspace whose root package is `build`.
fn check(module: &str, build: &str, expected: &[&str]) -> Stack {
    let workspace = read(&[("MODULE.bazel", module), ("BUILD", build), ("main.py", "")]);
    let [app] = workspace.apps.as_slice() else { panic!("{:?} {:?}", workspace.apps, workspace.findings) };
    let stack = stack_of(&workspace, app).unwrap();
    assert_eq!(lines(&stack), expected);
    stack
}

#[test]
fn py_image_layer_gives_a_layer_for_each_group_in_the_order_of_the_image() {
    let build = r#"
load("@aspect_rules_py//py:defs.bzl", "py_binary", "py_image_layer")
load("@rules_oci//oci:defs.bzl", "oci_image")
load("@rules_pkg//pkg:tar.bzl", "pkg_tar")
py_binary(name = "bin", srcs = ["main.py"])
py_image_layer(name = "x", binary = ":bin", layer_groups = {"torch": "_torch_"}, root = "/app/")
filegroup(name = "layers", srcs = [":x_default", ":x_torch", "x_packages"])
oci_image(name = "image", base = "@ubuntu", tars = [":layers"])
"#;
    let interpreter = r"\.runfiles/[^/]*python_?[0-9]+_[0-9]+(_[0-9]+)?_[a-z0-9_]+[_-](unknown|apple|pc)[_-][^/]*/";
    let stack = check(
        MODULE,
        build,
        &[
            "default program rest gzip",
            "torch group 1:_torch_ gzip",
            r"packages packages 3:\.runfiles/.*/site-packages gzip",
            &format!("(interpreter interpreter 2:{interpreter} gzip)"),
            r"(wheels other 0:^\.\/app\/.*.whl$ -)",
        ],
    );
    assert_eq!((stack.rule_set, stack.listing.root.as_str()), ("rules_py_1", "./app/"));
}
