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

#[test]
fn copied_layers_are_told_by_their_greps() {
    let build = |interpreter: &str| {
        format!(
            r#"
load("@aspect_bazel_lib//lib:tar.bzl", "mtree_spec", "tar")
load("@rules_oci//oci:defs.bzl", "oci_image")
py_binary(name = "bin", srcs = ["main.py"])
mtree_spec(name = "mf", srcs = ["bin"])
[genrule(name = part + "_m", srcs = ["mf"], outs = [part + ".spec"], cmd = cmd) for part, cmd in {{
    "interpreter": "{interpreter}",
    "packages": "grep 'site-packages' $< >$@",
    "app": "grep -v 'site-packages' $< | grep -v 'python' >$@",
}}.items()]
[tar(name = part, srcs = ["bin"], mtree = part + "_m") for part in ["interpreter", "packages", "app"]]
oci_image(name = "image", tars = ["interpreter", "packages", "app"])
"#
        )
    };
    let check = |interpreter: &str, first: &str| {
        let expected = [first, "packages packages again:site-packages none", "app program rest none"];
        let stack = check(MODULE, &build(interpreter), &expected);
        assert_eq!((stack.rule_set, stack.listing.is_whole_line), ("py_layer_bzl", true));
    };
    // The old form has packages twice, the later one once.
    check("grep 'python' $< >$@", "interpreter interpreter again:python none");
    check("grep -v 'site-packages' $< | grep 'python' >$@", "interpreter interpreter 1:python none");
}

#[test]
fn what_no_part_of_a_listing_takes_is_in_no_layer() {
    let build = r#"
load("@aspect_bazel_lib//lib:tar.bzl", "mtree_spec", "tar")
load("@rules_oci//oci:defs.bzl", "oci_image")
py_binary(name = "bin", srcs = ["main.py"])
mtree_spec(name = "mf", srcs = ["bin"])
genrule(name = "m", srcs = ["mf"], outs = ["m.spec"], cmd = "grep -v 'python' $< >$@")
tar(name = "app", srcs = ["bin"], mtree = "m")
oci_image(name = "image", tars = ["app"])
"#;
    check(MODULE, build, &["app program rest none", "(in no layer other 9:python -)"]);
}

#[test]
fn pkg_tar_packs_everything_or_the_program_alone() {
    let build = |attributes: &str| {
        format!(
            r#"
load("@rules_oci//oci:defs.bzl", "oci_image")
load("@rules_pkg//:pkg.bzl", "pkg_tar")
py_binary(name = "bin", srcs = ["main.py"])
py_library(name = "lib", srcs = ["main.py"])
filegroup(name = "zip", srcs = ["bin"], output_group = "python_zip_file")
pkg_tar(name = "t", {attributes})
pkg_tar(name = "os", srcs = ["passwd"])
oci_image(name = "image", tars = ["os", "t"])
"#
        )
    };
    let check = |attributes: &str, layer: &str| check(MODULE, &build(attributes), &["os other nothing none", layer]);
    check("srcs = ['bin'], include_runfiles = True, extension = 'tar.gz'", "t program everything gzip");
    check("srcs = ['zip']", "t program everything none");
    check("srcs = ['bin']", "t program //:bin none");
    check("srcs = ['bin'], deps = ['lib']", "t unknown unknown none");
}

#[test]
fn rules_oci_1_compresses_plain_tars_and_rules_oci_2_does_not() {
    let build = r#"
load("@aspect_bazel_lib//lib:tar.bzl", "tar")
load("@rules_oci//oci:defs.bzl", "oci_image")
py_binary(name = "bin", srcs = ["main.py"])
tar(name = "t", srcs = ["bin"])
oci_image(name = "image", tars = ["t"])
"#;
    check(MODULE, build, &["t program everything none"]);
    check(&MODULE.replace("2.2.6", "1.8.0"), build, &["t program everything gzip"]);
}

#[test]
fn a_tar_that_a_genrule_cuts_from_the_program_is_not_known() {
    let build = r#"
load("@rules_oci//oci:defs.bzl", "oci_image")
load("@rules_pkg//:pkg.bzl", "pkg_tar")
py_binary(name = "bin", srcs = ["main.py"])
pkg_tar(name = "all", srcs = ["bin"], include_runfiles = True)
genrule(name = "deps", srcs = ["all"], outs = ["deps.tar"], cmd = "cut")
genrule(name = "certs", srcs = ["x.pem"], outs = ["certs.tar.gz"], cmd = "cut")
py_binary(name = "probe", srcs = ["main.py"])
pkg_tar(name = "probe_tar", srcs = ["probe"], include_runfiles = True)
oci_image(name = "image", tars = ["certs", "deps", "probe_tar", "@os//:tar"])
"#;
    let stack = check(
        MODULE,
        build,
        &[
            "certs other nothing gzip",
            "deps unknown unknown none",
            "probe_tar other nothing none",
            "tar other nothing -",
        ],
    );
    assert!(stack.unknown().unwrap().why.starts_with("//:deps (`genrule`) makes its tar by a program of its own"));
}

#[test]
fn a_tier_of_rules_py_2_decides_layers_in_the_order_of_the_rule() {
    let module = r#"
bazel_dep(name = "aspect_rules_py", version = "2.0.0-alpha.6")
bazel_dep(name = "rules_oci", version = "2.2.6")
uv = use_extension("@aspect_rules_py//uv/unstable:extension.bzl", "uv")
uv.project(hub_name = "deps", lock = "//:uv.lock")
"#;
    let build = r#"
load("@aspect_rules_py//py:defs.bzl", "py_binary", "py_image_layer", "py_layer_tier")
load("@rules_oci//oci:defs.bzl", "oci_image")
py_binary(name = "bin", srcs = ["main.py"])
py_layer_tier(
    name = "tier",
    groups = {"@pip//numpy": "math", "@pip//scipy": "math", "@pip//torch": "ai", "//:lib": "own", "@deps//x": "no"},
    compression = {"ai": ["zstd", "1"]},
    interpreter_group = "python",
)
py_image_layer(name = "x", binary = "bin", layer_tier = "tier")
oci_image(name = "image", tars = [":x"])
"#;
    let expected = [
        "own group //:lib gzip",
        "python interpreter interpreter gzip",
        "ai group @deps//torch:torch zstd",
        "math group @deps//numpy:numpy,@deps//scipy:scipy gzip",
        "squashed packages packages gzip",
        "default program rest gzip",
    ];
    assert_eq!(check(module, build, &expected).rule_set, "rules_py_2");
}

#[test]
fn rules_docker_gives_each_entry_its_closure_and_its_links() {
    let module = r#"bazel_dep(name = "io_bazel_rules_docker", version = "0.25.0")"#;
    let build = r#"
load("@io_bazel_rules_docker//python3:image.bzl", "py3_image")
py_library(name = "lib", srcs = ["lib.py"])
py3_image(name = "image", srcs = ["main.py"], layers = ["@pip//numpy", ":lib"])
"#;
    let expected = [
        "image.0 group @pip//numpy:numpy gzip",
        "image.0-symlinks other nothing gzip",
        "image.1 group //:lib gzip",
        "image.1-symlinks other nothing gzip",
        "image program rest gzip",
        "(interpreter interpreter interpreter -)",
    ];
    assert_eq!(check(module, build, &expected).rule_set, "rules_docker");
}

#[test]
fn rules_img_makes_one_layer_of_a_binary() {
    let module = r#"bazel_dep(name = "rules_img", version = "0.3.19")"#;
    let build = r#"
load("@rules_img//img:image.bzl", "image_from_binary", "image_manifest")
load("@rules_img//img:layer.bzl", "image_layer")
py_binary(name = "bin", srcs = ["main.py"])
image_layer(name = "os", srcs = {"/etc/passwd": "passwd"})
image_from_binary(name = "image", binary = "bin", layers = ["os"])
"#;
    let expected = ["os other nothing gzip", "image.layer program everything gzip"];
    assert_eq!(check(module, build, &expected).rule_set, "rules_img");
}

#[test]
fn an_image_on_an_image_has_the_layers_of_both() {
    let build = r#"
load("@rules_oci//oci:defs.bzl", "oci_image", "oci_image_index")
load("@rules_pkg//:pkg.bzl", "pkg_tar")
py_binary(name = "bin", srcs = ["main.py"])
pkg_tar(name = "os", srcs = ["passwd"])
pkg_tar(name = "app", srcs = ["bin"], include_runfiles = True)
oci_image(name = "below", base = "@ubuntu", tars = ["os"])
alias(name = "base", actual = "below")
oci_image(name = "image", base = "base", tars = ["app"])
oci_image_index(name = "index", images = ["image"])
"#;
    check(MODULE, build, &["os other nothing none", "app program everything none"]);
}

#[test]
fn the_layer_rules_claim_in_the_order_of_dep_layers() {
    let build = r#"
load("//tools:image_layers.bzl", "image_layers")
load("@rules_oci//oci:defs.bzl", "oci_image")
py_binary(name = "bin", srcs = ["main.py"])
oci_image(name = "image", tars = image_layers(
    name = "x",
    binary = ":bin",
    dep_layers = [{"name": "pip", "targets": ["@pypi//:a", ":lib"]}, {"name": "own", "targets": ["//libs"]}],
))
"#;
    let workspace = read(&[
        ("MODULE.bazel", MODULE),
        ("BUILD", build),
        ("tools/BUILD", ""),
        ("tools/image_layers.bzl", include_str!("../../assets/bazel/image_layers.bzl")),
        ("tools/py_layers.bzl", include_str!("../../assets/bazel/py_layers.bzl")),
    ]);
    let [app] = workspace.apps.as_slice() else { panic!("{:?} {:?}", workspace.apps, workspace.findings) };
    let stack = stack_of(&workspace, app).unwrap();
    assert_eq!(
        lines(&stack),
        [
            "interpreter interpreter interpreter gzip",
            "pip group @pypi//:a,//:lib gzip",
            "own group //libs:libs gzip",
            "app program rest gzip"
        ]
    );
    let orders: Vec<usize> = stack.layers.iter().map(|layer| layer.claim_order).collect();
    assert_eq!((stack.rule_set, orders.as_slice()), ("dep_layers", [0, 1, 2, 3].as_slice()));
}

#[test]
fn layers_that_are_made_of_each_other_end() {
    let build = r#"
load("@rules_img//img:image.bzl", "image_manifest")
load("@rules_img//img:layer.bzl", "image_layer", "layer_from_tar")
py_binary(name = "bin", srcs = ["main.py"])
image_layer(name = "program", srcs = {"/app": ":bin"})
layer_from_tar(name = "a", src = ":b")
layer_from_tar(name = "b", src = ":a")
image_manifest(name = "image", layers = [":program", ":a"])
"#;
    let workspace = read(&[("MODULE.bazel", r#"bazel_dep(name = "rules_img", version = "0.3.19")"#), ("BUILD", build)]);
    let stack = stack_of(&workspace, &workspace.apps[0]).unwrap();
    assert_eq!(stack.layers.len(), 2, "{:?}", lines(&stack));
}
