//! What a workspace is made of once it was read: packages, targets, apps, package hubs, findings.
//!
//! Plain values only. Nothing here reads a file or decides how a value was obtained.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::byte_count::ByteCount;
use crate::label::Label;
use crate::workspace::lock::Lock;
use crate::workspace::modules::Module;
use crate::workspace::packages::Packages;
use crate::workspace::refusal_code::RefusalCode;

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

/// One BUILD file and the targets that it makes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Package {
    /// Path below the root, without slashes at its ends.
    pub path: String,
    /// The BUILD file, relative to the root.
    pub build_file: PathBuf,
    /// How the targets below are known.
    pub source: PackageSource,
    /// Targets by name.
    pub targets: BTreeMap<String, Target>,
    /// Files of the package that some target names, by the target name that stands for them.
    pub source_files: BTreeMap<String, SourceFile>,
}

/// How a package's targets are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackageSource {
    /// The BUILD file was evaluated with the workspace's own macros.
    #[default]
    Evaluated,
    /// It could not be evaluated, for this reason; constants were folded on the syntax tree.
    Read {
        /// Why the evaluation failed, in one sentence.
        reason: String,
    },
    /// Bazel itself answered.
    Bazel,
}

/// One target of a package: a rule instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The rule's class, as Bazel's `label_kind` prints it without the word `rule`: `py_library`, `alias`, `pkg_tar`.
    pub kind: String,
    /// Every attribute that names labels, with the labels resolved; sorted by attribute, order inside kept.
    pub dependencies: Vec<Dependency>,
    /// Files that the rule makes (`outs`, `out`), as target names of the same package.
    pub outputs: Vec<String>,
    /// The other attributes that decide something: strings, booleans, numbers as they evaluated.
    pub attributes: BTreeMap<String, Value>,
    /// Labels that may depend on this target, as written; empty where the file says nothing.
    pub visibility: Vec<Label>,
    /// Line of the statement in the BUILD file that made the target, counted from 1.
    pub line: usize,
    /// The macro called there, when the rule was not called directly.
    pub macro_name: Option<String>,
}

/// One edge to another target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependency {
    /// The attribute that holds it: `deps`, `srcs`, `data`, `actual`, ...; or [`CONDITIONS`] or [`TOOL`].
    pub attribute: String,
    /// What is depended upon.
    pub label: Label,
    /// The `select()` key under which it holds; `None` where it always does.
    pub condition: Option<String>,
}

/// Stands for the attribute where the dependency is the condition of a `select()`. The name is Bazel's own; its `deps()`
/// lists such edges, whatever the attribute with the `select()` holds.
pub const CONDITIONS: &str = "$config_dependencies";

/// Stands for the attribute where the dependency is a tool, built for the machine that builds. Bazel leaves such edges out
/// with `--notool_deps`; they are kept here so that nobody takes the tool for unused.
pub const TOOL: &str = "$tool";

/// Stands for the attribute where the dependency is a file that the rule itself reads to make something, such as a template.
pub const INPUT: &str = "$input";

/// Attribute of a target whose rule runs no action: what it gives on is what it is given.
pub const PASSES_ON: &str = "$passes_on";

/// An attribute's value after evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string.
    String(String),
    /// A list or tuple.
    List(Vec<Value>),
    /// A dict, in its own order.
    Dict(Vec<(Value, Value)>),
    /// `select()`: key and value of each branch.
    Select(Vec<(String, Value)>),
    /// `a + b` where one side is a `select()`.
    Concatenation(Vec<Value>),
    /// Something that only Bazel could know, such as a value from another repository.
    Opaque(String),
}

/// A file of the workspace that a target names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Path relative to the root, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: ByteCount,
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

/// Something that could not be read, or only in part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadFinding {
    /// File, relative to the root.
    pub path: PathBuf,
    /// Line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// Stable code, such as `not_evaluated`.
    pub code: String,
    /// One sentence.
    pub message: String,
}
