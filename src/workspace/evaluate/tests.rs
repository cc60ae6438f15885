//! How BUILD files and macros evaluate, on workspaces of a few lines.

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
fn hostile_files_are_failures() {
    let code = |text: &str| code(&[("p/BUILD", text)]);
    assert_eq!(code(&"[".repeat(300_000)), "too_deep");
    assert_eq!(code(&format!("x = {}0", "-".repeat(300_000))), "too_deep");
    assert_eq!(code("x = 'x' * 4000000000"), "not_evaluated");
    assert_eq!(code("x = [0] * 2000000000"), "not_evaluated");
    assert_eq!(code("x = 1 << 2000000000"), "not_evaluated");
    assert_eq!(code("y = [[a for a in range(10000)] for b in range(10000000)]"), "not_evaluated");
}

#[test]
fn cycles_and_recursion_end() {
    assert_eq!(code(&[("p/BUILD", "load(':a.bzl', 'a')"), ("p/a.bzl", "load(':a.bzl', 'a')")]), "load_cycle");
    let cycle =
        [("p/BUILD", "load(':a.bzl', 'a')"), ("p/a.bzl", "load(':b.bzl', 'b')"), ("p/b.bzl", "load(':a.bzl', 'a')")];
    let failure = evaluate(&cycle).unwrap_err();
    assert_eq!(failure.code, "load_cycle");
    assert!(failure.reason.contains("//p:a.bzl -> //p:b.bzl -> //p:a.bzl"), "{}", failure.reason);
    let recursion = [("p/BUILD", "load(':a.bzl', 'a')\na()"), ("p/a.bzl", "def a():\n    a()\n")];
    assert_eq!(code(&recursion), "not_evaluated");
    let squares = [
        ("p/BUILD", "load(':a.bzl', 'a')\na()"),
        ("p/a.bzl", "def a():\n    x = 3\n    for i in range(60):\n        x = x * x\n"),
    ];
    assert_eq!(code(&squares), "not_evaluated");
}

#[test]
fn failures_name_the_place() {
    let files = [("p/BUILD", "load('//t:m.bzl', 'm')\n\nm()"), ("t/m.bzl", "def m():\n    fail('not', 'here')\n")];
    let failure = evaluate(&files).unwrap_err();
    assert_eq!((failure.path.as_str(), failure.line), ("t/m.bzl", Some(2)));
    assert!(failure.reason.contains("not here"), "{}", failure.reason);
    assert_eq!(evaluate(&[("p/BUILD", "load('//t:none.bzl', 'm')")]).unwrap_err().code, "not_loadable");
    assert_eq!(evaluate(&[("p/BUILD", "x = (")]).unwrap_err().code, "syntax_error");
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

#[test]
fn a_published_macro_makes_its_targets_by_the_model_of_the_pinned_version() {
    let files = [
        (
            "p/BUILD",
            "load('//t:m.bzl', 'ship')\npy_binary(name = 'b', srcs = ['b.py'])\nship('x', 'b', groups = {'torch': '_torch_'})",
        ),
        (
            "t/m.bzl",
            r#"
load("@aspect_rules_py//py:defs.bzl", "py_image_layer")
load("@rules_oci//oci:defs.bzl", "oci_image")
def ship(name, binary, groups):
    oci_image(name = name, tars = ["//os:tar"] + py_image_layer(name = name + "_layers", binary = binary, layer_groups = groups))
"#,
        ),
    ];
    let module = Module { name: "aspect_rules_py".to_owned(), version: Some("1.11.5".to_owned()), ..Module::default() };
    let package = evaluate_with(&files, &[("aspect_rules_py", module)]).unwrap();
    let made = package.targets.iter().find(|made| made.name == "x").unwrap();
    let tars: Vec<String> = made.target.dependencies.iter().map(|found| found.label.to_string()).collect();
    let layers = ["torch", "interpreter", "packages", "default"].map(|group| format!("//p:x_layers_{group}"));
    assert_eq!(tars[0], "//os:tar");
    assert_eq!(tars[1..], layers);
    // The call that says the layers is known, also where another macro makes it.
    let call = package.calls.iter().find(|call| call.signature.symbol == "py_image_layer").unwrap();
    assert_eq!(call.signature.file.as_ref().unwrap().to_string(), "@aspect_rules_py//py:defs.bzl");
    assert_eq!((call.line, call.within, call.made.len()), (3, Some(0), 7));
    assert!(call.argument("layer_groups").is_some());
}

#[test]
fn labels_keep_their_order_whether_or_not_they_are_written_as_labels() {
    let build = r#"
load("@rules_oci//oci:defs.bzl", "oci_image")
filegroup(name = "a")
filegroup(name = "c")
oci_image(name = "i", tars = ["a", ":b", "no_target", "c", "//d"])
"#;
    assert_eq!(targets(&[("p/BUILD", build)])[2..], ["oci_image i: tars=//p:a, tars=//p:b, tars=//p:c, tars=//d:d"]);
}

#[test]
fn labels_in_a_module_inside_the_workspace_are_its_own() {
    let mut evaluator = InProcessEvaluator::new(Rc::new(MemoryTree::new(&[
        ("third/inner/x/BUILD", "load('//:m.bzl', 'm')\nm(name = 'n')\nbroken = fail('here')"),
        (
            "third/inner/m.bzl",
            "def m(name):\n    native.genrule(name = name + native.package_name(), srcs = ['//:a'])\n    fail('here')",
        ),
    ])))
    .unwrap();
    let local = [("inner".to_owned(), "third/inner".to_owned())].into();
    let repositories = Repositories { local, ..Repositories::default() };
    evaluator.begin(&EvaluationSetup { repositories, ..EvaluationSetup::default() });
    let failure = evaluator.package("third/inner/x", "third/inner/x/BUILD").result.unwrap_err();
    assert_eq!((failure.path.as_str(), failure.line), ("third/inner/m.bzl", Some(3)));
}

#[test]
fn label_attributes_of_the_workspace_s_own_rules_are_edges() {
    let rules = r#"
def helper(_ctx):
    return []

def _forward(ctx):
    return [DefaultInfo(files = ctx.attr.src[DefaultInfo].files)]

def _make(ctx):
    ctx.actions.write(ctx.outputs.out, "x")

def _helped(ctx):
    return helper(ctx)

forward = rule(implementation = _forward, attrs = {"src": attr.label(cfg = "exec", mandatory = True)})
helped = rule(_helped, attrs = {"src": attr.label(cfg = "exec")})
make = rule(
    implementation = _make,
    attrs = {
        "lib": attr.label(default = ":usual"),
        "srcs": attr.label_list(),
        "mapped": attr.label_keyed_string_dict(),
        "compiler": attr.label(cfg = "exec", executable = True),
        "_template": attr.label(default = "template.txt", allow_single_file = True),
        "_runtime": attr.label(default = Label("//lib:runtime")),
        "_tool": attr.label(default = "//lib:tool", cfg = "exec", executable = True),
    },
)
"#;
    let build = r#"
load("//t:rules.bzl", "forward", "helped", "make")
forward(name = "f", src = "//web:build")
helped(name = "h", src = "//web:build")
make(name = "m", srcs = ["a.py", ":b"], mapped = {"//x:y": "z"}, compiler = "//c")
make(name = "n", lib = "//l", srcs = None)
"#;
    let files = [("p/BUILD", build), ("t/rules.bzl", rules)];
    assert_eq!(
        targets(&files),
        [
            "forward f: src=//web:build",
            "helped h: $tool=//web:build",
            "make m: $input=//t:template.txt, $tool=//c:c, $tool=//lib:tool, _runtime=//lib:runtime, lib=//t:usual, mapped=//x:y, srcs=//p:a.py, srcs=//p:b",
            "make n: $input=//t:template.txt, $tool=//lib:tool, _runtime=//lib:runtime, lib=//l:l",
        ]
    );
    let package = evaluate(&files).unwrap();
    let passes_on =
        |made: &crate::workspace::evaluate::evaluated::MadeTarget| made.target.attributes.contains_key("$passes_on");
    assert_eq!(package.targets.iter().map(passes_on).collect::<Vec<_>>(), [true, false, false, false]);
}
