//! The targets of a package: what a BUILD file says. Values only.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::byte_count::ByteCount;
use crate::label::Label;

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
