//! Reading whole workspaces of a few files, from a real folder.

use std::path::Path;
use std::rc::Rc;

use super::disk_tree::DiskTree;
use super::evaluate::in_process::InProcessEvaluator;
use super::model::{App, PackageSource, Workspace};
use super::reader::{ReadError, read_workspace};
use crate::jobs::{Until, Unwatched};
use crate::label::Label;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn read_folder(root: &Path) -> Workspace {
    let mut evaluator = InProcessEvaluator::new(Rc::new(DiskTree::new(root))).unwrap();
    read_workspace(root, &Unwatched, &mut evaluator).unwrap()
}

fn read(files: &[(&str, &str)]) -> Workspace {
    read_folder(folder(files).path())
}

const RELEASE: &str = r#"
load("@rules_oci//oci:defs.bzl", "oci_image", "oci_push")
load("@rules_pkg//:pkg.bzl", "pkg_tar")

def release_app(name, binary_name = None, language = None, dep_layers = None):
    tars = []
    for index, layer in enumerate(dep_layers or []):
        tar = "{}_layer_{}_{}".format(name, index, layer["name"])
        pkg_tar(name = tar, deps = layer["targets"])
        tars.append(tar)
    oci_image(name = name + "_image", tars = tars)
    oci_push(name = name + "_push", image = name + "_image")
"#;

const APP: &str = r#"
load("@rules_python//python:defs.bzl", "py_binary", "py_library")
load("//tools:release.bzl", ship = "release_app")

py_library(name = "lib", srcs = ["lib.py"], deps = ["//libs", "@pypi//:fastapi"])
py_binary(name = "web", srcs = ["main.py", ":gen"], data = ["static"], deps = [":lib"])
alias(name = "latest", actual = ":web")
genrule(name = "gen", outs = ["made.py"], cmd = "")
exports_files(["notes.txt"])

ship(
    name = "web",
    language = "python",
    binary_name = "latest",
    dep_layers = [
        {"name": "pip", "targets": ["@pypi//:fastapi"]},
        {"name": "libs", "targets": ["//libs", ":lib"]},
    ],
)
"#;

fn workspace(build: &str) -> Workspace {
    read(&[
        ("MODULE.bazel", "module(name = 'w')"),
        ("tools/BUILD", ""),
        ("tools/release.bzl", RELEASE),
        ("libs/BUILD.bazel", "py_library(name = 'libs', srcs = glob(['*.py']))"),
        ("libs/a.py", "12345"),
        ("app/BUILD.bazel", build),
        ("app/lib.py", "1"),
        ("app/main.py", "22"),
        ("app/notes.txt", "333"),
        ("app/static/a.css", "4444"),
        ("app/static/deep/b.css", "55555"),
        ("app/unused.py", "666666"),
    ])
}

fn only_app(build: &str) -> App {
    let workspace = workspace(build);
    assert_eq!(workspace.apps.len(), 1, "{:?} {:?}", workspace.apps, workspace.findings);
    workspace.apps[0].clone()
}

fn why_not(calls: &str) -> Vec<(String, String)> {
    let workspace =
        workspace(&format!("load(\"//tools:release.bzl\", \"release_app\")\npy_binary(name = \"a\")\n{calls}"));
    let code = |app: &App| app.why_not.as_ref().map_or_else(|| "editable".to_owned(), |why| why.code.to_string());
    workspace.apps.iter().map(|app| (app.label.to_string(), code(app))).collect()
}

#[test]
fn an_app_is_found_by_what_it_calls() {
    let app = only_app(APP);
    assert_eq!(app.label.to_string(), "//app:web");
    assert_eq!(app.macro_name, "release_app");
    assert_eq!(app.macro_file.as_ref().unwrap().to_string(), "//tools:release.bzl");
    // Through the alias, to the binary itself.
    assert_eq!(app.binary.as_ref().unwrap().to_string(), "//app:web");
    assert_eq!((app.path.to_str().unwrap(), app.line), ("app/BUILD.bazel", 11));
    assert_eq!(app.language.as_deref(), Some("python"));
    assert_eq!(app.why_not, None);
    let groups: Vec<_> = app
        .dep_layers
        .iter()
        .flatten()
        .map(|group| (group.name.as_str(), group.targets.iter().map(ToString::to_string).collect::<Vec<_>>()))
        .collect();
    assert_eq!(
        groups,
        [("pip", vec!["@pypi//:fastapi".to_owned()]), ("libs", vec!["//libs:libs".to_owned(), "//app:lib".to_owned()])]
    );
    let made: Vec<_> = app.made_targets.iter().map(|label| label.name()).collect();
    assert_eq!(made, ["web_layer_0_pip", "web_layer_1_libs", "web_image", "web_push"]);
}

#[test]
fn source_files_are_those_that_targets_name() {
    let workspace = workspace(APP);
    let files = |package: &str| -> Vec<(String, u64)> {
        let files = workspace.packages[package].source_files.iter();
        files.map(|(name, file)| (name.clone(), file.bytes.0)).collect()
    };
    let file = |name: &str, bytes| (name.to_owned(), bytes);
    assert_eq!(files("app"), [file("lib.py", 1), file("main.py", 2), file("notes.txt", 3), file("static", 9)]);
    assert_eq!(files("libs"), [file("a.py", 5)]);
    assert_eq!(workspace.packages["app"].source_files["lib.py"].path, "app/lib.py");
}

#[test]
fn says_why_a_call_can_not_be_edited() {
    let editable = |name: &str| (name.to_owned(), "editable".to_owned());
    let refused = |name: &str, code: &str| (name.to_owned(), code.to_owned());
    assert_eq!(why_not("release_app(name = 'a')"), [editable("//app:a")]);
    assert_eq!(
        why_not("[release_app(name = n) for n in ['a', 'b']]"),
        [refused("//app:a", "generated_call"), refused("//app:b", "generated_call")]
    );
    assert_eq!(why_not("[release_app(name = n) for n in ['a']]"), [refused("//app:a", "generated_call")]);
    assert_eq!(why_not("ARGS = {'name': 'a'}\nrelease_app(**ARGS)"), [refused("//app:a", "kwargs")]);
    assert_eq!(why_not("release_app('a', 'a', 'python', [])"), [refused("//app:a", "positional_value")]);
    assert_eq!(
        why_not("release_app(name = 'a', dep_layers = select({'//conditions:default': []}) if False else [])"),
        [editable("//app:a")]
    );
}

#[test]
fn wrappers_and_older_macros_are_apps_that_can_not_be_edited() {
    let workspace = read(&[
        ("WORKSPACE", ""),
        ("t/BUILD", ""),
        ("t/release.bzl", RELEASE),
        (
            "t/wrap.bzl",
            "load(':release.bzl', 'release_app')\ndef service(name):\n    release_app(name = name + '-app', language = 'go')\n",
        ),
        (
            "t/old.bzl",
            "load('@rules_oci//oci:defs.bzl', 'oci_image')\ndef image_of(name, binary):\n    oci_image(name = name, tars = [binary])\n",
        ),
        ("t/data.bzl", "def only_files(name):\n    native.filegroup(name = name)\n"),
        (
            "p/BUILD",
            "load('//t:wrap.bzl', 'service')\nload('//t:old.bzl', 'image_of')\nload('//t:data.bzl', 'only_files')\ngo_binary_stub = 1\npy_binary(name = 'b')\nservice(name = 's')\nimage_of(name = 'i', binary = ':b')\nonly_files(name = 'f')\n",
        ),
    ]);
    let apps: Vec<_> = workspace
        .apps
        .iter()
        .map(|app| {
            (app.label.to_string(), app.macro_name.as_str(), app.line, app.why_not.as_ref().unwrap().code.as_str())
        })
        .collect();
    assert_eq!(
        apps,
        [
            ("//p:s-app".to_owned(), "release_app", 6, "generated_call"),
            ("//p:i".to_owned(), "image_of", 7, "parameter_missing"),
        ],
        "{:?}",
        workspace.findings
    );
    assert_eq!(workspace.apps[0].language.as_deref(), Some("go"));
    assert_eq!(workspace.apps[1].language.as_deref(), Some("python"));
    let bare = super::apps::bare_binary(&workspace.packages, &Label::main("p", "b")).unwrap();
    assert_eq!((bare.macro_name.as_str(), bare.why_not.unwrap().code.as_str()), ("py_binary", "not_the_macro"));
    assert_eq!(super::apps::bare_binary(&workspace.packages, &Label::main("p", "f")), None);
}

#[test]
fn a_package_that_fails_is_read_from_its_text() {
    let build = format!("{APP}\nload('@ubuntu//:x.bzl', 'x')\nfail('no')\n");
    let workspace = workspace(&build);
    let package = &workspace.packages["app"];
    let PackageSource::Read { reason } = &package.source else { panic!("{:?}", package.source) };
    assert!(reason.contains("app/BUILD.bazel:22") && reason.contains("no"), "{reason}");
    assert!(package.targets.contains_key("lib") && package.targets.contains_key("web"));
    assert_eq!(workspace.apps.len(), 1);
    assert_eq!(workspace.apps[0].dep_layers.as_ref().map(Vec::len), Some(2));
    assert_eq!(workspace.apps[0].why_not, None);
    let finding = &workspace.findings[0];
    assert_eq!((finding.code.as_str(), finding.path.to_str().unwrap()), ("not_evaluated", "app/BUILD.bazel"));
}

#[test]
fn hubs_python_and_included_files() {
    let module = r#"
module(name = "w")
include("//:python.MODULE.bazel")
lock_import = use_extension("@rules_pycross//pycross/extensions:lock_import.bzl", "lock_import")
lock_import.import_uv(lock_file = "//:uv.lock", project_file = "//:pyproject.toml", repo = "pypi")
"#;
    let python = r#"python = use_extension("@rules_python//python/extensions:python.bzl", "python")
python.toolchain(is_default = True, python_version = "3.13")
pip = use_extension("@rules_python//python/extensions:pip.bzl", "pip")
pip.parse(hub_name = "tools", python_version = "3.13", requirements_lock = "//:missing.txt")
"#;
    let lock = "version = 1\nrequires-python = \">=3.13\"\n\n[[package]]\nname = \"idna\"\nversion = \"3.10\"\nsource = { registry = \"https://pypi.org/simple\" }\n";
    let workspace = read(&[("MODULE.bazel", module), ("python.MODULE.bazel", python), ("uv.lock", lock)]);
    let choice = workspace.python.as_ref().unwrap();
    assert_eq!((choice.version, choice.said_in.as_str()), ((3, 13), "python.MODULE.bazel:2"));
    assert_eq!(workspace.hubs.keys().collect::<Vec<_>>(), ["pypi", "tools"]);
    assert_eq!(workspace.hubs["pypi"].lock.packages.len(), 1);
    let codes: Vec<_> = workspace.findings.iter().map(|finding| (finding.code.as_str(), finding.line)).collect();
    assert_eq!(codes, [("lock_not_read", Some(4))]);
}

#[test]
fn the_workspace_may_load_from_itself_by_name() {
    let workspace = read(&[
        (
            "WORKSPACE",
            "workspace(name = 'me')\nload('@rules_python//python:pip.bzl', 'pip_parse')\npip_parse(name = 'pip', requirements_lock = '//:r.txt')\n",
        ),
        ("r.txt", "idna==3.10\n"),
        (".python-version", "3.12\n"),
        ("BUILD", "load('@me//:x.bzl', 'make')\nmake(name = 'x')"),
        ("x.bzl", "def make(name):\n    native.py_library(name = name)\n"),
    ]);
    assert_eq!(workspace.packages[""].targets["x"].kind, "py_library");
    assert_eq!(workspace.hubs["pip"].rule_set, "rules_python");
    assert_eq!(workspace.python.unwrap().said_in, ".python-version:1");
}

#[test]
fn what_is_no_workspace_is_an_error() {
    let folder = folder(&[("BUILD", "")]);
    let mut evaluator = InProcessEvaluator::new(Rc::new(DiskTree::new(folder.path()))).unwrap();
    let mut read = |cancelled: bool| read_workspace(folder.path(), &Until(|| cancelled), &mut evaluator);
    assert!(matches!(read(false), Err(ReadError::NotARoot { .. })));
    std::fs::write(folder.path().join("MODULE.bazel"), "").unwrap();
    assert!(matches!(read(true), Err(ReadError::Cancelled)));
    assert!(read(false).is_ok());
}

/// Label, binary, groups and why not of an app.
fn description(app: &App) -> String {
    let groups = app.dep_layers.iter().flatten().map(|group| {
        let targets: Vec<String> = group.targets.iter().map(ToString::to_string).collect();
        format!(" {}={}", group.name, targets.join(","))
    });
    let why = app.why_not.as_ref().map(|why| why.code.as_str()).unwrap_or_default();
    format!("{} {}{} [{why}]", app.label, app.binary.as_ref().unwrap(), groups.collect::<String>())
}

#[test]
fn images_of_other_rules_are_listed_with_their_layers() {
    let build = r#"
load("@aspect_rules_py//py:defs.bzl", "py_binary", "py_image_layer", "py_layer_tier", "py_library")
load("@rules_oci//oci:defs.bzl", "oci_image")
load("@rules_pkg//:pkg.bzl", "pkg_tar")

py_library(name = "lib", srcs = ["lib.py"])
py_binary(name = "web", srcs = ["web.py"], deps = [":lib"])
alias(name = "latest", actual = ":web")

py_layer_tier(
    name = "tier",
    groups = {
        "@pip//torch": "heavy",
        "@pip//torch:**/*.so": "heavy",
        "//app:lib": "own",
        "@pip//numpy": "heavy",
    },
)
py_image_layer(name = "layers", binary = ":web", layer_tier = ":tier")
py_image_layer(name = "unused", binaries = [":web"])
oci_image(name = "divided", base = "@base", tars = [":layers"])

pkg_tar(name = "libs", srcs = [":lib"], include_runfiles = True)
pkg_tar(name = "all", srcs = [":latest"], include_runfiles = True)
pkg_tar(name = "certs", srcs = ["ca.crt"])
oci_image(name = "packed", base = "@base", tars = [":certs", ":libs", ":all"])
oci_image(name = "no_program", base = "@base", tars = [":certs"])
"#;
    let workspace = read(&[("MODULE.bazel", ""), ("app/BUILD", build), ("app/lib.py", ""), ("app/web.py", "")]);
    let described: Vec<String> = workspace.apps.iter().map(description).collect();
    assert_eq!(
        described,
        [
            "//app:unused //app:web [not_the_macro]",
            "//app:divided //app:web heavy=@pip//torch:torch,@pip//numpy:numpy own=//app:lib [not_the_macro]",
            "//app:packed //app:web libs=//app:lib [parameter_missing]",
        ]
    );
}

/// `label kind: dependency, ...` of each target of each package.
fn targets(workspace: &Workspace) -> Vec<String> {
    let packages = workspace.packages.iter();
    let targets = packages.flat_map(|(folder, package)| package.targets.iter().map(move |target| (folder, target)));
    let line = |(folder, (name, target)): (&String, (&String, &super::model::Target))| {
        let edges: Vec<String> = target.dependencies.iter().map(|dependency| dependency.label.to_string()).collect();
        format!("{} {}: {}", workspace.packages.label(folder, name), target.kind, edges.join(", "))
    };
    targets.map(line).collect()
}

#[test]
fn a_workspace_may_call_itself_by_its_own_name() {
    let build = r#"
load("@me//tools:make.bzl", "make")
py_library(name = "lib", srcs = ["@me//p:lib.py"], deps = ["@me//q", "@me//q:other"])
make(name = "made")
"#;
    let module = r#"
module(name = "me")
pip = use_extension("@rules_python//python/extensions:pip.bzl", "pip")
pip.parse(hub_name = "pip", requirements_lock = "@me//:lock.txt")
"#;
    let workspace = read(&[
        ("MODULE.bazel", module),
        ("lock.txt", "idna==3.10\n"),
        (
            "tools/make.bzl",
            "def make(name):\n    native.filegroup(name = name, srcs = [Label('@me//q:q'), Label(':x')])\n",
        ),
        ("p/BUILD", build),
        ("p/lib.py", "123"),
        ("q/BUILD", "py_library(name = 'q')\nexports_files(['other'])"),
        ("q/other", ""),
    ]);
    assert_eq!(workspace.hubs["pip"].lock.packages.len(), 1, "{:?}", workspace.findings);
    assert_eq!(
        targets(&workspace),
        [
            "//p:lib py_library: //q:q, //q:other, //p:lib.py",
            "//p:made filegroup: //q:q, //tools:x",
            "//q:q py_library: ",
        ]
    );
    assert_eq!(workspace.packages["p"].source_files["lib.py"].bytes.0, 3);
    assert_eq!(workspace.findings, []);
}

#[test]
fn modules_inside_the_repository_are_part_of_the_workspace() {
    let module = r#"
module(name = "me")
bazel_dep(name = "kit", version = "0.0.0")
local_path_override(module_name = "kit", path = "./third/kit")
"#;
    let build = "load('@kit//tools:make.bzl', 'make')\nmake(name = 'app', deps = ['@kit//lib', '@kit//:top'])";
    let make = "load(':names.bzl', 'KIND')\ndef make(name, deps):\n    native.py_binary(name = name, main = KIND, srcs = [KIND], deps = deps + [Label('//lib:extra')])\n";
    let inner = r#"
load("//tools:names.bzl", "KIND")
py_library(name = "lib", srcs = ["l.py"], deps = ["//:top", ":extra", "@me//own", "@inner_pip//idna"], visibility = ["//:__subpackages__"])
py_library(name = "extra", srcs = glob(["*.txt"]))
"#;
    let pip = "module(name = 'kit')\npip = use_extension('@rules_python//python/extensions:pip.bzl', 'pip')\npip.parse(hub_name = 'inner_pip', requirements_lock = '//:lock.txt')";
    let workspace = read(&[
        ("MODULE.bazel", module),
        (".bazelignore", "third\n"),
        ("p/BUILD", build),
        ("p/main.py", ""),
        ("own/BUILD", "py_library(name = 'own')"),
        ("third/kit/MODULE.bazel", pip),
        ("third/kit/lock.txt", "idna==3.10\n"),
        ("third/kit/BUILD", "py_library(name = 'top')"),
        ("third/kit/tools/BUILD", ""),
        ("third/kit/tools/make.bzl", make),
        ("third/kit/tools/names.bzl", "KIND = 'main.py'"),
        ("third/kit/lib/BUILD", inner),
        ("third/kit/lib/l.py", "1234"),
        ("third/kit/lib/x.txt", "12"),
    ]);
    assert_eq!(
        targets(&workspace),
        [
            "//own:own py_library: ",
            "//p:app py_binary: @kit//lib:lib, @kit//:top, @kit//lib:extra, //p:main.py, //p:main.py",
            "@kit//:top py_library: ",
            "@kit//lib:extra py_library: @kit//lib:x.txt",
            "@kit//lib:lib py_library: @kit//:top, @kit//lib:extra, //own:own, @inner_pip//idna:idna, @kit//lib:l.py",
        ]
    );
    let lib = workspace.packages.of(&Label::parse_absolute("@kit//lib").unwrap()).unwrap();
    assert_eq!((lib.source_files["l.py"].path.as_str(), lib.source_files["l.py"].bytes.0), ("third/kit/lib/l.py", 4));
    assert_eq!(workspace.hubs["inner_pip"].lock.packages.len(), 1);
    assert_eq!(workspace.findings, []);
}
