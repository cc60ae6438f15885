//! Targets of packages.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::byte_count::ByteCount;
use crate::label::Label;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Package {
    /// Below the root, without slashes at its ends.
    pub path: String,
    /// Relative to the root.
    pub build_file: PathBuf,
    pub source: PackageSource,
    pub targets: BTreeMap<String, Target>,
    /// Files named by targets, by target name.
    pub source_files: BTreeMap<String, SourceFile>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackageSource {
    /// With the workspace's own macros.
    #[default]
    Evaluated,
    /// Evaluation failed; constants were folded on the syntax tree.
    Read {
        /// One sentence.
        reason: String,
    },
    Bazel,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Rule class as in Bazel's `label_kind`: `py_library`, `alias`, `pkg_tar`.
    pub kind: String,
    /// From all attributes with labels; sorted by attribute.
    pub dependencies: Vec<Dependency>,
    /// From `outs` and `out`, as target names of the package.
    pub outputs: Vec<String>,
    /// Other attributes that matter: evaluated strings, booleans, numbers.
    pub attributes: BTreeMap<String, Value>,
    /// As written; empty by default.
    pub visibility: Vec<Label>,
    /// Line of the statement in the BUILD file, counted from 1.
    pub line: usize,
    /// The called macro, if it is not the rule itself.
    pub macro_name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependency {
    /// `deps`, `srcs`, `data`, `actual`, ...; or [`CONDITIONS`] or [`TOOL`].
    pub attribute: String,
    pub label: Label,
    /// The `select()` key; `None` if unconditional.
    pub condition: Option<String>,
}

/// Pseudo-attribute for conditions of a `select()`. Bazel's own name; its `deps()` lists such edges.
pub const CONDITIONS: &str = "$config_dependencies";

/// Pseudo-attribute for tools, which are built for the build machine. Bazel omits them with `--notool_deps`; kept so
/// that no tool counts as unused.
pub const TOOL: &str = "$tool";

/// Pseudo-attribute for files that the rule reads to make something, such as a template.
pub const INPUT: &str = "$input";

/// Attribute of targets whose rule runs no action: they pass on their inputs.
pub const PASSES_ON: &str = "$passes_on";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    String(String),
    List(Vec<Value>),
    /// In its own order.
    Dict(Vec<(Value, Value)>),
    /// Key and value of each branch.
    Select(Vec<(String, Value)>),
    /// `a + b` with a `select()`.
    Concatenation(Vec<Value>),
    /// Only known to Bazel, such as a value from another repository.
    Opaque(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Relative to the root, with `/`.
    pub path: String,
    pub bytes: ByteCount,
}
