//! How BUILD files and macros evaluate, on workspaces of a few lines.

mod failures;
mod rule_sets;

use std::rc::Rc;

use super::evaluated::{EvaluatedPackage, EvaluationFailure};
use super::evaluator::{EvaluationSetup, PackageEvaluator};
use super::in_process::InProcessEvaluator;
use super::memory_tree::MemoryTree;
use crate::label::Label;
use crate::workspace::model::Value;
use crate::workspace::modules::Module;
use crate::workspace::repositories::Repositories;

fn evaluate(files: &[(&str, &str)]) -> Result<EvaluatedPackage, EvaluationFailure> {
    evaluate_with(files, &[])
}

/// Evaluates `p/BUILD` of a workspace that pins `modules`, by the repository name under which it loads each.
fn evaluate_with(files: &[(&str, &str)], modules: &[(&str, Module)]) -> Result<EvaluatedPackage, EvaluationFailure> {
    let mut evaluator = InProcessEvaluator::new(Rc::new(MemoryTree::new(files))).unwrap();
    let modules = modules.iter().map(|(name, module)| ((*name).to_owned(), module.clone())).collect();
    let hubs = [("pip".to_owned(), vec!["flask".to_owned(), "zope-interface".to_owned()])].into();
    let repositories = Repositories {
        own_names: vec!["self".to_owned()],
        local: [("inner".to_owned(), "third/inner".to_owned())].into(),
    };
    evaluator.begin(&EvaluationSetup { repositories, hubs, modules });
    evaluator.package("p", "p/BUILD").result
}

/// `kind name: attribute=label, ...` of each target, in order.
fn targets(files: &[(&str, &str)]) -> Vec<String> {
    let package = evaluate(files).unwrap();
    let line = |made: &super::evaluated::MadeTarget| {
        let edges: Vec<String> = made
            .target
            .dependencies
            .iter()
            .map(|edge| {
                let condition = edge.condition.as_deref().map(|key| format!(" if {key}")).unwrap_or_default();
                format!("{}={}{condition}", edge.attribute, edge.label)
            })
            .collect();
        format!("{} {}: {}", made.target.kind, made.name, edges.join(", "))
    };
    package.targets.iter().map(line).collect()
}

fn code(files: &[(&str, &str)]) -> String {
    evaluate(files).map_or_else(|failure| failure.code, |_| "fine".to_owned())
}

#[test]
fn native_rules_and_external_rules_make_targets() {
    let build = r#"
load("@rules_python//python:defs.bzl", "py_binary")
load("@rules_oci//oci:defs.bzl", image = "oci_image")
py_library(name = "lib", srcs = ["a.py"], deps = ["//q", "@pip//flask"])
py_binary(name = "bin", srcs = ["main.py"], main = "main.py", deps = [":lib"])
image(name = "img", base = "@ubuntu", tars = ["bin", "unknown_word"], labels = {"x": "y"}, workdir = "/app", other = "//q:r")
alias(name = "a", actual = ":bin")
genrule(name = "gen", outs = ["out.txt"], cmd = "$(location :bin)", tools = [":bin"])
"#;
    assert_eq!(
        targets(&[("p/BUILD", build)]),
        [
            "py_library lib: deps=//q:q, deps=@pip//flask:flask, srcs=//p:a.py",
            "py_binary bin: deps=//p:lib, main=//p:main.py, srcs=//p:main.py",
            // A bare word in an attribute of a rule that is not known is an edge only where there is such a target.
            "oci_image img: other=//q:r, tars=//p:bin",
            "alias a: actual=//p:bin",
            "genrule gen: $tool=//p:bin",
        ]
    );
}

#[test]
fn macros_of_the_workspace_run() {
    let files = [
        (
            "p/BUILD",
            "load('//tools:m.bzl', renamed = 'service', 'SUFFIX')\nrenamed(name = 'x', deps = ['y'])\npy_library(name = 'z' + SUFFIX)",
        ),
        (
            "tools/m.bzl",
            r#"
load("@bazel_skylib//lib:paths.bzl", "paths")
load(":inner.bzl", "inner")
SUFFIX = "_lib"
def service(name, deps = [], **kwargs):
    inner(name = name + SUFFIX, deps = deps)
    native.py_binary(name = name, srcs = ["{}.py".format(name)], deps = [":" + name + SUFFIX], **kwargs)
"#,
        ),
        ("tools/inner.bzl", "def inner(name, deps):\n    native.py_library(name = name, deps = deps)\n"),
    ];
    assert_eq!(
        targets(&files),
        ["py_library x_lib: deps=//p:y", "py_binary x: deps=//p:x_lib, srcs=//p:x.py", "py_library z_lib: "]
    );
    let package = evaluate(&files).unwrap();
    let call = &package.calls[0];
    assert_eq!((call.signature.symbol.as_str(), call.line, call.column, call.direct), ("service", 2, 1, true));
    assert_eq!(call.signature.file, Some(Label::main("tools", "m.bzl")));
    assert_eq!(call.signature.parameters.as_deref().unwrap(), ["name", "deps"]);
    assert!(call.signature.takes_keywords);
    assert_eq!(call.made, [0, 1]);
    assert_eq!(call.argument("deps"), Some(&Value::List(vec![Value::String("y".to_owned())])));
    assert_eq!(package.targets[0].target.macro_name.as_deref(), Some("service"));
    assert_eq!(package.targets[0].target.line, 2);
    assert_eq!(package.targets[2].target.macro_name, None);
}

#[test]
fn a_rule_of_the_workspace_knows_its_label_attributes() {
    let files = [
        (
            "p/BUILD",
            "load('@self//tools:r.bzl', 'meta')\nmeta(name = 'm', binary = 'b', text = '//no:label', by_key = {'//k:k': 'v'}, out = 'o.json')",
        ),
        (
            "tools/r.bzl",
            r#"
def _impl(ctx):
    pass
meta = rule(implementation = _impl, attrs = {
    "binary": attr.label(mandatory = True),
    "text": attr.string(),
    "by_key": attr.label_keyed_string_dict(),
    "out": attr.output(),
    "_tool": attr.label(default = Label("//tools:tool")),
})
"#,
        ),
    ];
    assert_eq!(targets(&files), ["meta m: _tool=//tools:tool, binary=//p:b, by_key=//k:k"]);
    let package = evaluate(&files).unwrap();
    assert_eq!(package.targets[0].target.outputs, ["o.json"]);
    assert_eq!(package.targets[0].target.attributes["text"], Value::String("//no:label".to_owned()));
}

#[test]
fn tools_and_conditions_are_told_apart_from_what_is_built() {
    let rule = r#"
made = rule(implementation = None, attrs = {
    "compiler": attr.label(cfg = "exec"),
    "plugins": attr.label_list(cfg = "exec"),
    "deps": attr.label_list(),
    "copts": attr.string_list(),
})
"#;
    let build = r#"
load(":r.bzl", "made")
made(name = "m", compiler = ":c", plugins = ["//t:p"], deps = [":d"], copts = select({"//c:x": ["-x"], "//c:y": []}))
"#;
    assert_eq!(
        targets(&[("p/BUILD", build), ("p/r.bzl", rule)]),
        ["made m: $config_dependencies=//c:x, $config_dependencies=//c:y, $tool=//p:c, $tool=//t:p, deps=//p:d"]
    );
}

#[test]
fn select_keeps_all_branches() {
    let build = r#"
py_library(name = "l", deps = [":always"] + select({"//c:linux": [":linux"], "//conditions:default": []}) + [":after"])
"#;
    assert_eq!(
        targets(&[("p/BUILD", build)]),
        ["py_library l: $config_dependencies=//c:linux, deps=//p:always, deps=//p:linux if //c:linux, deps=//p:after"]
    );
}

#[test]
fn glob_stops_at_packages() {
    let files = [
        ("p/BUILD", "py_library(name = 'l', srcs = glob(['**/*.py'], exclude = ['t/**']))"),
        ("p/a.py", ""),
        ("p/s/b.py", ""),
        ("p/t/c.py", ""),
        ("p/q/BUILD.bazel", ""),
        ("p/q/d.py", ""),
    ];
    assert_eq!(targets(&files), ["py_library l: srcs=//p:a.py, srcs=//p:s/b.py"]);
    assert_eq!(code(&[("p/BUILD", "glob(['*.none'], allow_empty = False)")]), "not_evaluated");
    assert_eq!(code(&[("p/BUILD", "glob(['*.none'])")]), "fine");
}

#[test]
fn requirements_of_a_hub_are_labels() {
    let build = r#"
load("@pip//:requirements.bzl", "all_requirements", "requirement")
py_library(name = "one", deps = [requirement("Zope.Interface[extra]")])
py_library(name = "all", deps = all_requirements)
"#;
    assert_eq!(
        targets(&[("p/BUILD", build)]),
        [
            "py_library one: deps=@pip//zope_interface:pkg",
            "py_library all: deps=@pip//flask:pkg, deps=@pip//zope_interface:pkg"
        ]
    );
}

#[test]
fn visibility_is_the_targets_or_the_packages() {
    let build = "package(default_visibility = ['//q:__subpackages__'])\nfilegroup(name = 'a')\nfilegroup(name = 'b', visibility = [':__pkg__'])";
    let package = evaluate(&[("p/BUILD", build)]).unwrap();
    assert_eq!(package.targets[0].target.visibility, [Label::main("q", "__subpackages__")]);
    assert_eq!(package.targets[1].target.visibility, [Label::main("p", "__pkg__")]);
}

#[test]
fn comprehensions_and_wrappers_leave_their_marks() {
    let files = [
        (
            "p/BUILD",
            "load('//t:m.bzl', 'release_app', 'wrapper')\n[release_app(name = n, dep_layers = []) for n in ['a', 'b']]\nwrapper('w')",
        ),
        (
            "t/m.bzl",
            "load(':r.bzl', _release_app = 'release_app')\nrelease_app = _release_app\ndef wrapper(name):\n    _release_app(name = name)\n",
        ),
        ("t/r.bzl", "def release_app(name, dep_layers = None):\n    native.filegroup(name = name)\n"),
    ];
    let package = evaluate(&files).unwrap();
    let calls: Vec<_> = package
        .calls
        .iter()
        .map(|call| (call.signature.symbol.as_str(), call.line, call.within, call.made.len()))
        .collect();
    assert_eq!(
        calls,
        [
            ("release_app", 2, None, 1),
            ("release_app", 2, None, 1),
            ("wrapper", 3, None, 1),
            ("release_app", 3, Some(2), 1)
        ]
    );
    // A function that is only passed on is still the function of the file that defines it.
    assert_eq!(package.calls[0].signature.file, Some(Label::main("t", "r.bzl")));
}

#[test]
fn bazels_rules_for_build_files_hold() {
    for text in [
        "def f():\n    pass",
        "for x in []:\n    pass",
        "if True:\n    pass",
        "native.py_library(name = 'x')",
        "undefined(name = 'x')",
    ] {
        assert_ne!(code(&[("p/BUILD", text)]), "fine", "{text}");
    }
    assert_eq!(code(&[("p/BUILD", "filegroup(\n\tname = 'x',\n)")]), "fine");
    assert_eq!(code(&[("p/BUILD", "load(':m.bzl', '_private')"), ("p/m.bzl", "_private = 1")]), "not_evaluated");
}

#[test]
fn values_of_other_repositories_take_part_in_everything() {
    let library = r#"
load("@x//:y.bzl", "A", "B")
C = A.b.c[0] + ["known"] + B("z")
D = "%s-%s" % (A, B) + "{}".format(A)
E = [x for x in A] + list(B) + sorted(A.keys())
F = {"k": 1} | A
G = A if A else B
H = provider(fields = ["f"])(f = 1).f
I = depset([1, 2], transitive = [depset([3])]).to_list()
J = json.decode(json.encode({"a": [1]}))["a"][0]
K = "b" in "abc".elems() and "z" not in A
_impl = lambda ctx: []
T = transition(implementation = _impl, inputs = [], outputs = [])
P, Q = provider(init = lambda **kw: kw)
ok = H == 1 and I == [1, 2, 3] and J == 1 and K and F["k"] == 1
"#;
    let build = "load(':m.bzl', 'C', 'ok')\nfilegroup(name = 'yes' if ok else 'no', srcs = C)";
    assert_eq!(targets(&[("p/BUILD", build), ("p/m.bzl", library)]), ["filegroup yes: srcs=//p:known"]);
}

#[test]
fn skylib_functions_work() {
    let library = r#"
load("@bazel_skylib//lib:collections.bzl", "collections")
load("@bazel_skylib//lib:dicts.bzl", "dicts")
load("@bazel_skylib//lib:new_sets.bzl", "sets")
load("@bazel_skylib//lib:partial.bzl", "partial")
load("@bazel_skylib//lib:paths.bzl", "paths")
load("@bazel_skylib//lib:selects.bzl", "selects")
load("@bazel_skylib//lib:structs.bzl", "structs")
load("@bazel_skylib//lib:types.bzl", "types")
load("@bazel_skylib//lib:versions.bzl", "versions")
load("@bazel_skylib//rules:write_file.bzl", "write_file")
def checks():
    a = sets.make([1, 2, 3])
    b = sets.make([2, 3, 4])
    return [
        paths.join("a", "b/", "c") == "a/b/c",
        paths.normalize("a//./b/../c") == "a/c",
        paths.relativize("a/b/c", "a") == "b/c",
        paths.split_extension("x/y.tar.gz") == ("x/y.tar", ".gz"),
        paths.replace_extension("x/.hidden", ".o") == "x/.hidden.o",
        paths.dirname("/a") == "/" and paths.basename("a/b") == "b",
        dicts.add({"a": 1}, {"a": 2}, b = 3) == {"a": 2, "b": 3},
        structs.to_dict(struct(x = 1)) == {"x": 1},
        sets.to_list(sets.difference(a, b)) == [1] and sets.length(sets.union(a, b)) == 4,
        collections.uniq([3, 1, 3]) == [3, 1] and collections.before_each("-x", [1]) == ["-x", 1],
        types.is_string("") and types.is_list([]) and not types.is_dict([]),
        partial.call(partial.make(lambda x, y, z: [x, y, z], 1, z = 3), 2) == [1, 2, 3],
        versions.is_at_least("6.0.0", "7.1.0") and not versions.is_at_least("8.0.0", "7.1.0"),
    ]
def m(name):
    bad = [index for index, check in enumerate(checks()) if not check]
    write_file(name = name + str(bad), out = name + ".txt")
    native.py_library(name = "l", deps = selects.with_or({("//c:a", "//c:b"): [":ab"], "//conditions:default": []}))
    selects.config_setting_group(name = "g", match_any = ["//c:a"])
"#;
    assert_eq!(
        targets(&[("p/BUILD", "load(':m.bzl', 'm')\nm('x')"), ("p/m.bzl", library)]),
        [
            "write_file x[]: ",
            "py_library l: $config_dependencies=//c:a, $config_dependencies=//c:b, deps=//p:ab if //c:a, deps=//p:ab if //c:b",
            "alias g: actual=//c:a"
        ]
    );
}

#[test]
fn symbolic_macros_get_their_defaults() {
    let files = [
        ("p/BUILD", "load('//t:m.bzl', 'ship')\nship(name = 'x', binary = ':b')"),
        (
            "t/m.bzl",
            r#"
def _impl(name, visibility, binary, dep_layers, tag):
    native.filegroup(name = name + tag, srcs = [binary] + dep_layers, visibility = visibility)
ship = macro(
    implementation = _impl,
    attrs = {"binary": attr.label(), "dep_layers": attr.label_list(), "tag": attr.string(default = "_t", configurable = False)},
)
"#,
        ),
    ];
    assert_eq!(targets(&files), ["filegroup x_t: srcs=//p:b"]);
    let call = &evaluate(&files).unwrap().calls[0];
    assert_eq!(call.signature.symbol, "ship");
    assert_eq!(call.signature.parameters.as_deref().unwrap(), ["name", "visibility", "binary", "dep_layers", "tag"]);
}

#[test]
fn labels_in_macros_are_relative_to_their_file() {
    let files = [
        ("p/BUILD", "load('//t:m.bzl', 'm')\nm('x')"),
        (
            "t/m.bzl",
            "def m(name):\n    native.filegroup(name = name, srcs = [Label(':data'), native.package_relative_label(':here'), str(Label('//t:s'))])\n    native.filegroup(name = native.package_name() + Label(':a').package + str(len(native.existing_rules())))\n",
        ),
    ];
    assert_eq!(targets(&files), ["filegroup x: srcs=//t:data, srcs=//p:here, srcs=//t:s", "filegroup pt1: "]);
}

#[test]
fn methods_of_dicts_take_a_default_by_name() {
    let library = "D = {'a': 'x'}\nNAMES = [D.get('a', default = 'y'), D.get('b', default = 'z')]\n";
    let build = "load(':m.bzl', 'NAMES')\n[filegroup(name = name) for name in NAMES]";
    assert_eq!(targets(&[("p/BUILD", build), ("p/m.bzl", library)]), ["filegroup x: ", "filegroup z: "]);
}

#[test]
fn module_files_give_their_calls() {
    let text = r#"
module(name = "m")
python = use_extension("@rules_python//python/extensions:python.bzl", "python")
python.toolchain(python_version = "3.13")
use_repo(python, "python_versions")
"#;
    let mut evaluator = InProcessEvaluator::new(Rc::new(MemoryTree::new(&[("MODULE.bazel", text)]))).unwrap();
    let calls = evaluator.module_file("MODULE.bazel").result.unwrap();
    let functions: Vec<_> = calls.iter().map(|call| (call.function.as_str(), call.line)).collect();
    assert_eq!(
        functions,
        [("module", 2), ("@rules_python//python/extensions:python.bzl%python.toolchain", 4), ("use_repo", 5)]
    );
    assert_eq!(calls[1].text("python_version"), Some("3.13"));
}
