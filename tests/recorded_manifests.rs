//! The current layers of programs of the demo against the manifests that a real Bazel made of them: each line of each
//! manifest in `py_image_layer/recorded` is in the layer that the model gives it.
//!
//! `py_image_layer.sh` says how the manifests were made and with which versions. Here the same workspace is put together
//! without Bazel, and read as the program reads it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use layerwright::engine::app_model::AppModel;
use layerwright::engine::choices::Choices;
use layerwright::graph::contents::ItemKind;
use layerwright::history::model::History;
use layerwright::jobs::Unwatched;
use layerwright::layers::stack::{Claim, Stack, StackLayer};
use layerwright::rule_sets::stack_of;
use layerwright::workspace::disk_tree::DiskTree;
use layerwright::workspace::evaluate::in_process::InProcessEvaluator;
use layerwright::workspace::model::Workspace;
use layerwright::workspace::reader::read_workspace;
use regex::Regex;
use tempfile::TempDir;

mod program;

const IMAGES: [&str; 5] = ["prices", "hello", "report", "prices_keyed", "hello_owned"];

/// Releases of rules_py, with what Bazel was told.
const RELEASES: [(&str, &str); 3] = [
    ("1.12.0", "common --incompatible_use_plus_in_repo_names\n"),
    ("1.8.4", "common --incompatible_use_plus_in_repo_names\n"),
    ("1.6.6", "common --noincompatible_use_plus_in_repo_names\n"),
];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Puts the workspace together that `py_image_layer/build_manifests.py` makes.
fn workspace(rules_py: &str, bazelrc: &str) -> (TempDir, Workspace) {
    let place = TempDir::new().unwrap();
    let root = place.path().join("workspace");
    program::copy_demo(&root);
    program::copy(&folder("tests/py_image_layer/workspace"), &root);
    std::fs::write(root.join("requirements_lock.txt"), requirements(&root.join("uv.lock"))).unwrap();
    let of_hub = Regex::new(r"@pypi//:([\w.-]+)").unwrap();
    for app in ["demo/hello_fastapi", "demo/price_api", "demo/sales_report", "libs/python"] {
        rewrite(&root.join(app), app == "demo/hello_fastapi" || app == "demo/sales_report", &of_hub);
    }
    let module = format!(
        r#"
module(name = "parcel_services")
bazel_dep(name = "aspect_rules_py", version = "{rules_py}")
bazel_dep(name = "rules_oci", version = "2.2.6")
bazel_dep(name = "rules_python", version = "1.6.1")
python = use_extension("@rules_python//python/extensions:python.bzl", "python")
python.toolchain(is_default = True, python_version = "3.13")
pip = use_extension("@rules_python//python/extensions:pip.bzl", "pip")
pip.parse(hub_name = "pypi", python_version = "3.13", requirements_lock = "//:requirements_lock.txt")
use_repo(pip, "pypi")
"#
    );
    std::fs::write(root.join("MODULE.bazel"), module).unwrap();
    std::fs::write(root.join(".bazelversion"), "7.7.1\n").unwrap();
    std::fs::write(root.join(".bazelrc"), bazelrc).unwrap();
    let mut evaluator = InProcessEvaluator::new(Rc::new(DiskTree::new(&root))).unwrap();
    let workspace = read_workspace(&root, &Unwatched, &mut evaluator).unwrap();
    (place, workspace)
}

/// The packages of a uv.lock as pip-compile writes them, each with those that need it. Dependencies with a marker are left
/// out: in this lock they are for other systems.
fn requirements(lock: &Path) -> String {
    let lock = std::fs::read_to_string(lock).unwrap();
    let needs = Regex::new(r#"(?m)^    \{ name = "([^"]+)" \},$"#).unwrap();
    let mut needed_by: BTreeMap<String, String> = BTreeMap::new();
    let mut versions = BTreeMap::new();
    for package in lock.split("[[package]]").filter(|package| package.contains("source = { registry")) {
        let field = |name: &str| package.split(&format!("\n{name} = \"")).nth(1).unwrap().split('"').next().unwrap();
        versions.insert(field("name").to_owned(), field("version").to_owned());
        let dependencies =
            package.split("\ndependencies = [").nth(1).map_or("", |rest| rest.split("\n]").next().unwrap());
        for found in needs.captures_iter(dependencies) {
            writeln!(needed_by.entry(found[1].to_owned()).or_default(), "    #   {}", field("name")).unwrap();
        }
    }
    let line = |(name, version): (&String, &String)| match needed_by.get(name) {
        Some(others) => format!("{name}=={version}\n    # via\n{others}"),
        None => format!("{name}=={version}\n"),
    };
    versions.iter().map(line).collect()
}

/// Gives the BUILD files below `folder` the labels of rules_python's hub, and py_binary of rules_py where that is used.
fn rewrite(folder: &Path, uses_rules_py: bool, of_hub: &Regex) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rewrite(&path, uses_rules_py, of_hub);
        } else if path.ends_with("BUILD.bazel") {
            let text = std::fs::read_to_string(&path).unwrap();
            let label = |found: &regex::Captures<'_>| format!("@pypi//{}", found[1].replace(['-', '.'], "_"));
            let mut text = of_hub.replace_all(&text, label).into_owned();
            if uses_rules_py {
                text =
                    text.replace("load(\"@rules_python//python:defs.bzl\"", "load(\"@aspect_rules_py//py:defs.bzl\"");
            }
            std::fs::write(&path, text).unwrap();
        }
    }
}

/// One line of a manifest.
struct Line {
    /// The layer that Bazel put it in; `None` where it is in none.
    layer: Option<usize>,
    /// The path as the rule's awk program sees it.
    path: String,
    /// The path below the runfiles folder.
    in_runfiles: Option<String>,
}

/// The layers and the lines of one recorded manifest.
fn recorded(release: &str, image: &str) -> (Vec<String>, Vec<Line>) {
    let file = std::fs::File::open(folder(&format!("tests/py_image_layer/recorded/{release}/{image}.gz"))).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let head = |name: &str| text.lines().find_map(|line| line.strip_prefix(&format!("# {name} "))).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut words = line.split(' ');
        let (layer, path) = (words.next().unwrap(), words.next().unwrap());
        let in_runfiles = path.strip_prefix('~').map(str::to_owned);
        let path = in_runfiles.as_ref().map_or(path.to_owned(), |inside| format!("{}{inside}", head("runfiles")));
        Line { layer: layer.parse().ok(), path, in_runfiles }
    });
    (head("layers").split(' ').map(str::to_owned).collect(), lines.collect())
}

/// Returns the layer that takes a line of the listing: the first whose claim fits, in the order in which they claim.
fn taken<'a>(stack: &'a Stack, expressions: &BTreeMap<&str, Regex>, path: &str) -> Option<&'a StackLayer> {
    let mut layers: Vec<&StackLayer> = stack.layers.iter().chain(&stack.left_out).collect();
    // The rest comes last whatever its number is.
    layers.sort_by_key(|layer| (layer.claim == Claim::Rest, layer.claim_order));
    layers.into_iter().find(|layer| match &layer.claim {
        Claim::Paths(expression) => expressions[expression.as_str()].is_match(path),
        Claim::Rest => true,
        claim => panic!("{claim:?}"),
    })
}

/// What a file belongs to, by its path alone: `package numpy`, `file demo/a.py`, `interpreter`; what the rules make themselves
/// belongs to the launcher.
fn owner(line: &Line, package: &Regex, interpreter: &Regex, files: &BTreeSet<String>) -> String {
    let Some(inside) = &line.in_runfiles else { return "launcher".to_owned() };
    if let Some(found) = package.captures(inside) {
        return format!("package {}", &found[1]);
    }
    if interpreter.is_match(inside) {
        return "interpreter".to_owned();
    }
    match inside.strip_prefix("_main/") {
        Some(path) if files.contains(path) => format!("file {path}"),
        _ => "launcher".to_owned(),
    }
}

/// Checks one image, and returns its number of lines, and of files outside of the layer of their item.
fn check(workspace: &Workspace, release: &str, image: &str) -> (usize, BTreeMap<String, usize>) {
    let (groups, lines) = recorded(release, image);
    let app = workspace.apps.iter().find(|app| app.label.to_string() == format!("//images:{image}")).unwrap();
    let stack = stack_of(workspace, app).unwrap();
    let names: Vec<&str> = stack.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, groups, "{release} {image}");
    for layer in &stack.layers {
        assert_eq!(layer.target.to_string(), format!("//images:{image}_{}", layer.name));
    }

    // The claims, line for line.
    let claims = stack.layers.iter().chain(&stack.left_out);
    let expressions: BTreeMap<&str, Regex> = claims
        .filter_map(|layer| match &layer.claim {
            Claim::Paths(expression) => Some((expression.as_str(), Regex::new(expression).unwrap())),
            _ => None,
        })
        .collect();
    for line in &lines {
        let layer = taken(&stack, &expressions, &line.path).unwrap();
        let number = stack.layers.iter().position(|known| known.name == layer.name);
        assert_eq!(number, line.layer, "{release} {image} {}", line.path);
    }

    // The items that the program counts.
    let choices = Choices::default();
    let model = AppModel::new(workspace, &History::default(), app, &choices).unwrap();
    let partition = model.evaluate_current(&choices).unwrap_or_else(|| panic!("{:?}", model.notes)).partition;
    let mut layer_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut files = BTreeSet::new();
    for (id, item) in model.contents.ids() {
        let owner = match &item.kind {
            ItemKind::File { path, .. } => {
                files.insert(path.clone());
                format!("file {path}")
            }
            ItemKind::EmptyInit { path } => {
                files.insert(path.clone());
                format!("file {path}")
            }
            ItemKind::Generated { path, .. } => panic!("the demo generates nothing: {path}"),
            ItemKind::Package { name, .. } => format!("package {}", name.as_str().replace('-', "_")),
            ItemKind::Launcher => "launcher".to_owned(),
            ItemKind::Interpreter { .. } => "interpreter".to_owned(),
        };
        let layer = partition.layers.iter().position(|layer| layer.items.contains(id));
        layer_of.extend(layer.map(|layer| (owner, layer)));
    }
    let package = Regex::new(r"^rules_python[+~]{2}pip[+~]pypi_313_(\w+)/site-packages/").unwrap();
    let interpreter =
        Regex::new(r"^(rules_python|aspect_rules_py)[+~]{2}\w+[+~]python_3_13_x86_64[_-]unknown").unwrap();
    let mut elsewhere: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for line in lines.iter().filter(|line| !line.path.ends_with('/')) {
        let owner = owner(line, &package, &interpreter, &files);
        let layer = layer_of.get(&owner).unwrap_or_else(|| panic!("{release} {image}: no layer has {owner}"));
        if Some(*layer) != line.layer {
            *elsewhere.entry(owner.clone()).or_default() += 1;
        }
        seen.insert(owner);
    }
    // rules_py's py_binary adds no empty `__init__.py`, which the program does not know.
    let missing: Vec<&String> = layer_of.keys().filter(|owner| !seen.contains(*owner)).collect();
    assert!(missing.iter().all(|owner| owner.ends_with("/__init__.py")), "{release} {image}: {missing:?}");
    let said = model.notes.join("\n");
    for owner in elsewhere.keys() {
        let name = owner.rsplit(' ').next().unwrap();
        assert!(said.contains(name), "{release} {image}: {owner} is divided and no note says so:\n{said}");
    }
    (lines.len(), elsewhere)
}

#[test]
fn each_line_of_each_manifest_is_in_the_layer_that_the_model_gives_it() {
    let mut lines = 0;
    for (release, bazelrc) in RELEASES {
        let (_place, workspace) = workspace(release, bazelrc);
        for image in IMAGES {
            let (count, elsewhere) = check(&workspace, release, image);
            let divided: Vec<(&str, usize)> = elsewhere.iter().map(|(owner, files)| (owner.as_str(), *files)).collect();
            // Expressions that take modules leave the metadata behind; one takes a part of the interpreter.
            let expected = match image {
                "report" => vec![("package pyarrow", 5), ("package scikit_learn", 6)],
                "prices_keyed" => vec![("interpreter", 640)],
                _ => Vec::new(),
            };
            assert_eq!(divided, expected, "{release} {image}");
            lines += count;
        }
    }
    assert_eq!(lines, 61_542);
}
