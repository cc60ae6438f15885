//! A small workspace with one app, for tests.
//!
//! `//app:app_bin` needs `//libs/core:core`, `//libs/http:http` (which needs core and requests), fastapi and numpy. Its
//! groups are `pip_deps` (numpy, fastapi) and `internal_libs` (http), from the bottom.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::byte_count::ByteCount;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::history::model::{Commit, History};
use crate::label::Label;
use crate::layers::partition::LayerKind;
use crate::layers::plan::Plan;
use crate::workspace::lock::{Lock, LockedDependency, LockedPackage, PackageName, Wheel};
use crate::workspace::model::{
    App, Dependency, Hub, Package, PythonChoice, SourceFile, Target, Workspace, WrittenGroup,
};

/// Parses an absolute label.
pub(crate) fn label(text: &str) -> Label {
    Label::parse_absolute(text).unwrap()
}

/// Name, wheel bytes and dependencies of each package.
const PACKAGES: [(&str, u64, &[&str]); 5] = [
    ("fastapi", 100_000, &["pydantic"]),
    ("numpy", 20_000_000, &[]),
    ("pydantic", 2_000_000, &[]),
    ("requests", 70_000, &["urllib3"]),
    ("urllib3", 60_000, &[]),
];

/// Package, name, file, length, kind and dependencies.
type TargetRow = (&'static str, &'static str, &'static str, u64, &'static str, &'static [&'static str]);

const TARGETS: [TargetRow; 3] = [
    (
        "app",
        "app_bin",
        "main.py",
        4_000,
        "py_binary",
        &["//libs/core:core", "//libs/http:http", "@pypi//:fastapi", "@pypi//:numpy"],
    ),
    ("libs/core", "core", "core.py", 60_000, "py_library", &[]),
    ("libs/http", "http", "http.py", 9_000, "py_library", &["//libs/core:core", "@pypi//:requests"]),
];

/// The workspace; `layer_rule` is the rule that the macro makes its layers with: `py_layers` partitions, `pkg_tar` with
/// all runfiles does not.
pub(crate) fn workspace(layer_rule: &str) -> Workspace {
    let mut packages = BTreeMap::new();
    for (path, name, file, bytes, kind, dependencies) in TARGETS {
        let dependency =
            |attribute: &str, label: Label| Dependency { attribute: attribute.to_owned(), label, condition: None };
        let sources = std::iter::once(dependency("srcs", Label::main(path, file)));
        let target =
            target(kind, dependencies.iter().map(|text| dependency("deps", label(text))).chain(sources).collect());
        let source = SourceFile { path: format!("{path}/{file}"), bytes: ByteCount(bytes) };
        packages.insert(
            path.to_owned(),
            Package {
                path: path.to_owned(),
                build_file: PathBuf::from(format!("{path}/BUILD.bazel")),
                targets: BTreeMap::from([(name.to_owned(), target)]),
                source_files: BTreeMap::from([(file.to_owned(), source)]),
                ..Package::default()
            },
        );
    }
    let made = target(
        layer_rule,
        vec![Dependency { attribute: "srcs".to_owned(), label: label("//app:app_bin"), condition: None }],
    );
    packages.get_mut("app").unwrap().targets.insert("app_layers".to_owned(), made);
    let group = |name: &str, targets: &[&str]| WrittenGroup {
        name: name.to_owned(),
        targets: targets.iter().map(|text| label(text)).collect(),
    };
    let app = App {
        label: label("//app:app"),
        macro_name: "release_app".to_owned(),
        macro_file: Some(label("//build:release.bzl")),
        binary: Some(label("//app:app_bin")),
        path: PathBuf::from("app/BUILD.bazel"),
        line: 7,
        language: Some("python".to_owned()),
        dep_layers: Some(vec![
            group("pip_deps", &["@pypi//:numpy", "@pypi//:fastapi"]),
            group("internal_libs", &["//libs/http:http"]),
        ]),
        why_not: None,
        made_targets: vec![label("//app:app_layers")],
    };
    Workspace {
        root: PathBuf::from("/workspace"),
        packages: packages.into_iter().collect(),
        apps: vec![app],
        hubs: BTreeMap::from([("pypi".to_owned(), hub())]),
        python: Some(PythonChoice { version: (3, 12), full: None, said_in: "MODULE.bazel".to_owned() }),
        ..Workspace::default()
    }
}

fn target(kind: &str, dependencies: Vec<Dependency>) -> Target {
    Target {
        kind: kind.to_owned(),
        dependencies,
        outputs: Vec::new(),
        attributes: BTreeMap::from([("include_runfiles".to_owned(), crate::workspace::model::Value::Bool(true))]),
        visibility: Vec::new(),
        line: 1,
        macro_name: None,
    }
}

fn hub() -> Hub {
    let packages = PACKAGES.map(|(name, bytes, dependencies)| {
        let mut package = LockedPackage::new(PackageName::new(name), "1.0");
        package.wheels = vec![Wheel {
            file_name: format!("{name}-1.0-py3-none-any.whl"),
            bytes: Some(ByteCount(bytes)),
            hash: String::new(),
        }];
        package.dependencies = dependencies
            .iter()
            .map(|name| LockedDependency {
                name: PackageName::new(name),
                version: None,
                extras: Vec::new(),
                marker: None,
            })
            .collect();
        package
    });
    Hub {
        repository: "pypi".to_owned(),
        lock_path: PathBuf::from("uv.lock"),
        rule_set: "rules_pycross".to_owned(),
        downloads: false,
        in_workspace: false,
        lock: Lock { packages: packages.to_vec(), ..Lock::default() },
    }
}

/// Ten commits: each changes the app's own file, every second one a library, and one of them a package.
pub(crate) fn history() -> History {
    let commits = (0_i64..10).map(|number| {
        let mut commit = Commit {
            id: format!("{number:040x}"),
            time: 1_700_000_000 + number * 86_400,
            author: "Ada".to_owned(),
            subject: format!("Change {number}"),
            ..Commit::default()
        };
        let mut files = vec!["app/main.py".to_owned()];
        if number % 2 == 0 {
            files.push("libs/http/http.py".to_owned());
        }
        if number == 4 {
            let changed = std::iter::once(PackageName::new("fastapi")).collect();
            commit.changed_packages.insert("uv.lock".to_owned(), changed);
        }
        (commit, files)
    });
    History::from_named_files(commits.collect::<Vec<_>>())
}

/// The app with a plan.
pub(crate) struct Planned {
    pub(crate) model: Arc<AppModel>,
    pub(crate) plan: Plan,
    pub(crate) evaluation: Evaluation,
}

/// The app with the plan of its BUILD file, under a macro that partitions.
pub(crate) fn planned() -> Planned {
    planned_with(&workspace("py_layers"), &history())
}

/// The first app of a workspace with the plan of its BUILD file.
pub(crate) fn planned_with(workspace: &Workspace, history: &History) -> Planned {
    let choices = Choices::default();
    let model = Arc::new(AppModel::new(workspace, history, &workspace.apps[0], &choices).unwrap());
    let plan = model.on_disk.clone();
    Planned { evaluation: model.evaluate(&plan, &choices), plan, model }
}

/// The layers `pip_deps` and `internal_libs`.
pub(crate) fn layers(plan: &Plan) -> [LayerKind; 2] {
    ["pip_deps", "internal_libs"].map(|name| {
        let group = plan.groups.iter().find(|group| group.name == name).unwrap();
        LayerKind::Dependency(group.id)
    })
}
