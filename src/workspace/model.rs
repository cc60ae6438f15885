//! What a workspace is made of once it was read: packages, targets, apps, package hubs, findings.
//!
//! Plain values only. Nothing here reads a file or decides how a value was obtained.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::workspace::lock::Lock;
use crate::workspace::modules::Module;
use crate::workspace::packages::Packages;

pub use crate::workspace::finding::ReadFinding;
use crate::workspace::refusal_code::RefusalCode;
pub use crate::workspace::target::{
    CONDITIONS, Dependency, INPUT, PASSES_ON, Package, PackageSource, SourceFile, TOOL, Target, Value,
};

/// A workspace as it was read at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workspace {
    /// The folder that holds MODULE.bazel or WORKSPACE.
    pub root: PathBuf,
    /// Every package.
    pub packages: Packages,
    /// Every app, by path and line.
    pub apps: Vec<App>,
    /// The external repositories that stand for a lock file's packages, by name.
    pub hubs: BTreeMap<String, Hub>,
    /// The modules of other repositories, by the repository name under which the workspace loads them.
    pub modules: BTreeMap<String, Module>,
    /// The Python version that the apps carry, and where that is said.
    pub python: Option<PythonChoice>,
    /// The whole version of each minor one, where the rule set in use says it.
    pub python_versions: BTreeMap<(u32, u32), String>,
    /// Files in which the Python version may be said, relative to the root.
    pub python_files: BTreeSet<String>,
    /// What could not be read, or only in part.
    pub findings: Vec<ReadFinding>,
}

/// One call of a macro that takes `dep_layers`, or that would with a newer macro; or one bare `py_binary`.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// Package and `name` of the call.
    pub label: Label,
    /// The macro as its own file names it; `py_binary` where there is no macro.
    pub macro_name: String,
    /// The label of the `.bzl` file that the macro comes from, as the workspace writes it.
    pub macro_file: Option<Label>,
    /// The binary that the image runs, through aliases.
    pub binary: Option<Label>,
    /// The BUILD file, relative to the root.
    pub path: PathBuf,
    /// Line of the call, counted from 1.
    pub line: usize,
    /// The macro's `language` argument; `python` for a py_binary.
    pub language: Option<String>,
    /// The present groups, in order; `None` where the call has no `dep_layers`.
    pub dep_layers: Option<Vec<WrittenGroup>>,
    /// Why the design could not be written back here; `None` where it can.
    pub why_not: Option<WhyNot>,
    /// What the macro makes of this app, in the order in which it makes it.
    pub made_targets: Vec<Label>,
}

/// One entry of `dep_layers` as it stands in the BUILD file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenGroup {
    /// Value of `"name"`.
    pub name: String,
    /// Value of `"targets"`, resolved.
    pub targets: Vec<Label>,
}

/// Why an app's layers can't be edited, known before any edit is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// The code of the refusal that an edit would meet.
    pub code: RefusalCode,
    /// One sentence that names what is in the way and where.
    pub message: String,
}

/// An external repository whose targets are the packages of one lock file.
#[derive(Clone, Debug, PartialEq)]
pub struct Hub {
    /// Name without `@`.
    pub repository: String,
    /// The lock file, relative to the root.
    pub lock_path: PathBuf,
    /// Which rule set makes the hub: `rules_pycross`, `rules_python`, `rules_uv`, `aspect_rules_py`.
    pub rule_set: String,
    /// Whether Bazel downloads the wheels itself, so that each has a repository that is named after its file.
    pub downloads: bool,
    /// The file's content.
    pub lock: Lock,
}

/// The Python version that the interpreter of the apps has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonChoice {
    /// Major and minor version.
    pub version: (u32, u32),
    /// The whole version, `3.13.1`, where it is known.
    pub full: Option<String>,
    /// Where that is said: a path, with the line where there is one.
    pub said_in: String,
}
