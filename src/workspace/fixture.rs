//! Small workspaces for tests, written as text. Compiled for tests only.
//!
//! ```text
//! @pypi fastapi 1000000 starlette pydantic      a locked package: bytes of its wheel, what it needs
//! //demo/app                                    a package
//!   py_library main_lib srcs=main.py deps=:x,@pypi//:fastapi
//!   release_app app binary=:app layers=pip=:pip_layer;internal=//libs:x
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::byte_count::ByteCount;
use crate::label::Label;
use crate::workspace::lock::{Lock, LockedDependency, LockedPackage, PackageName, PackageOrigin, Wheel};
use crate::workspace::model::{
    App, Dependency, Hub, Package, PythonChoice, SourceFile, Target, Workspace, WrittenGroup,
};

/// Every source file of a fixture has this length.
pub const FILE_BYTES: u64 = 1_000;

/// Reads a workspace from its text; a text that makes no sense is a defect of the test.
pub fn workspace(text: &str) -> Workspace {
    let mut workspace = Workspace { root: PathBuf::from("/fixture"), ..Workspace::default() };
    workspace.python = Some(PythonChoice { version: (3, 13), full: None, said_in: "MODULE.bazel:1".into() });
    let mut package = String::new();
    let mut locked = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            ["@pypi", name, bytes, needs @ ..] => locked.push(locked_package(name, bytes, needs)),
            [path] => {
                package = path.trim_start_matches("//").to_owned();
                let build_file = PathBuf::from(&package).join("BUILD.bazel");
                workspace
                    .packages
                    .insert(package.clone(), Package { path: package.clone(), build_file, ..Package::default() });
            }
            ["release_app", name, settings @ ..] => {
                let app = app(&package, name, settings, index + 1);
                workspace.apps.push(app);
            }
            [kind, name, settings @ ..] => add_target(&mut workspace, &package, kind, name, settings, index + 1),
        }
    }
    let lock = Lock { packages: locked, ..Lock::default() };
    let hub = Hub {
        repository: "pypi".into(),
        lock_path: "uv.lock".into(),
        rule_set: "rules_pycross".into(),
        downloads: false,
        in_workspace: false,
        lock,
    };
    workspace.hubs = BTreeMap::from([("pypi".to_owned(), hub)]);
    workspace
}

fn locked_package(name: &str, bytes: &str, needs: &[&str]) -> LockedPackage {
    let dependency = |name: &&str| LockedDependency {
        name: PackageName::new(name),
        version: None,
        extras: Vec::new(),
        marker: None,
    };
    let wheel = Wheel {
        file_name: format!("{name}-1.0-py3-none-any.whl"),
        bytes: Some(ByteCount(bytes.parse().unwrap())),
        hash: String::new(),
    };
    LockedPackage {
        source: PackageOrigin::Registry,
        wheels: vec![wheel],
        dependencies: needs.iter().map(dependency).collect(),
        ..LockedPackage::new(PackageName::new(name), "1.0")
    }
}

fn setting<'a>(settings: &[&'a str], name: &str) -> Option<&'a str> {
    settings.iter().find_map(|setting| setting.strip_prefix(name)?.strip_prefix('='))
}

fn labels(text: &str, package: &str) -> Vec<Label> {
    text.split(',').filter(|text| !text.is_empty()).map(|text| Label::parse(text, package).unwrap()).collect()
}

fn app(package: &str, name: &str, settings: &[&str], line: usize) -> App {
    let groups = setting(settings, "layers").map(|text| {
        let group = |text: &str| {
            let (name, targets) = text.split_once('=').unwrap();
            WrittenGroup { name: name.into(), targets: labels(targets, package) }
        };
        text.split(';').map(group).collect()
    });
    App {
        label: Label::main(package, name),
        macro_name: "release_app".into(),
        macro_file: Some(Label::main("tools/bazel", "release.bzl")),
        binary: Some(Label::parse(setting(settings, "binary").unwrap_or(name), package).unwrap()),
        path: PathBuf::from(package).join("BUILD.bazel"),
        line,
        language: Some(setting(settings, "language").unwrap_or("python").into()),
        dep_layers: groups,
        why_not: None,
        made_targets: Vec::new(),
    }
}

fn add_target(workspace: &mut Workspace, package: &str, kind: &str, name: &str, settings: &[&str], line: usize) {
    let package = workspace.packages.get_mut(package).unwrap();
    let mut dependencies = Vec::new();
    for attribute in ["actual", "data", "deps", "srcs"] {
        for label in labels(setting(settings, attribute).unwrap_or_default(), &package.path) {
            if label.is_main() && label.package() == package.path && label.name().contains('.') {
                let path = format!("{}/{}", package.path, label.name());
                package.source_files.insert(label.name().to_owned(), SourceFile { path, bytes: ByteCount(FILE_BYTES) });
            }
            dependencies.push(Dependency { attribute: attribute.into(), label, condition: None });
        }
    }
    let target = Target {
        kind: kind.into(),
        dependencies,
        outputs: setting(settings, "outs").map(|outs| outs.split(',').map(str::to_owned).collect()).unwrap_or_default(),
        attributes: BTreeMap::new(),
        visibility: labels(setting(settings, "visibility").unwrap_or_default(), &package.path),
        line,
        macro_name: None,
    };
    package.targets.insert(name.to_owned(), target);
}
