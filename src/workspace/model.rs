//! A workspace after reading: packages, targets, apps, package hubs, findings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::workspace::lock::Lock;
use crate::workspace::modules::Module;
use crate::workspace::packages::Packages;
use crate::workspace::repository_names::RepositoryNames;

pub use crate::workspace::finding::ReadFinding;
use crate::workspace::refusal_code::RefusalCode;
pub use crate::workspace::target::{
    CONDITIONS, Dependency, INPUT, PASSES_ON, Package, PackageSource, SourceFile, TOOL, Target, Value,
};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    /// The folder of MODULE.bazel or WORKSPACE.
    pub root: PathBuf,
    pub packages: Packages,
    /// By path and line.
    pub apps: Vec<App>,
    /// How Bazel names other repositories here.
    pub repository_names: RepositoryNames,
    /// Hubs by repository name.
    pub hubs: BTreeMap<String, Hub>,
    /// Modules of other repositories, by apparent name.
    pub modules: BTreeMap<String, Module>,
    pub python: Option<PythonChoice>,
    /// Full version of each minor one, if the rule set tells.
    pub python_versions: BTreeMap<(u32, u32), String>,
    /// Files with the Python version, relative to the root.
    pub python_files: BTreeSet<String>,
    pub findings: Vec<ReadFinding>,
}

/// A call of a macro that takes `dep_layers` or could, or a bare `py_binary`.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Package and `name` of the call.
    pub label: Label,
    /// As in the macro's own file; `py_binary` without a macro.
    pub macro_name: String,
    /// The macro's `.bzl` file, as the workspace writes it.
    pub macro_file: Option<Label>,
    /// Through aliases.
    pub binary: Option<Label>,
    /// The BUILD file, relative to the root.
    pub path: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// The argument `language`; `python` for a py_binary.
    pub language: Option<String>,
    /// In order; `None` if the call has no `dep_layers`.
    pub dep_layers: Option<Vec<WrittenGroup>>,
    /// Why it can't be edited.
    pub why_not: Option<WhyNot>,
    /// The macro's targets for this app, in order.
    pub made_targets: Vec<Label>,
}

/// An entry of `dep_layers` in the BUILD file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenGroup {
    pub name: String,
    pub targets: Vec<Label>,
}

/// Why an app's layers can't be edited, known before trying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    pub code: RefusalCode,
    /// One sentence with the obstacle and its place.
    pub message: String,
}

/// A repository whose targets are the packages of a lock file.
#[derive(Clone, Debug, PartialEq)]
pub struct Hub {
    /// Without `@`.
    pub repository: String,
    /// Relative to the root.
    pub lock_path: PathBuf,
    /// `rules_pycross`, `rules_python`, `rules_uv` or `aspect_rules_py`.
    pub rule_set: String,
    /// Bazel downloads the wheels, so that each has a repository named after its file.
    pub downloads: bool,
    /// Whether a repository rule in WORKSPACE makes it, not an extension of a module.
    pub in_workspace: bool,
    pub lock: Lock,
}

/// The Python version of the apps' interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonChoice {
    /// Major and minor version.
    pub version: (u32, u32),
    /// `3.13.1`, if known.
    pub full: Option<String>,
    /// A path, with the line if there is one.
    pub said_in: String,
}
