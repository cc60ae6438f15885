//! Which attributes of a rule hold labels, and what labels a value of theirs names.
//!
//! For rules of this workspace the declaration says so, for Bazel's own and the common Python rules the table below.
//! For rules of other repositories, whose files are not here, the attribute's usual meaning is taken.

use std::collections::BTreeMap;

use crate::label::Label;
use crate::workspace::model::{Dependency, Value};
use crate::workspace::repositories::Home;

/// What an attribute's values mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// A label, or a list of labels.
    Labels,
    /// A dict whose keys are labels.
    LabelKeys,
    /// A dict whose values are labels.
    LabelValues,
    /// Labels of programs that run while the target is built (`cfg = "exec"`): no dependencies of what is built.
    Tools,
    /// Labels of files that the rule itself reads to make something.
    Inputs,
    /// Names of files that the rule makes.
    Outputs,
    /// Anything else.
    Plain,
    /// A text that is a label if it looks like one: an attribute of a rule that is not known.
    Perhaps,
}

/// What `rule(...)` says of a rule of the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Its attributes.
    pub attributes: BTreeMap<String, DeclaredAttribute>,
    /// Whether its implementation runs no action: it only gives on what it is given.
    pub passes_on: bool,
}

/// An attribute as a rule declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredAttribute {
    /// Its type.
    pub attribute_type: AttributeType,
    /// The labels that it holds where a call leaves it out.
    pub default: Vec<Label>,
}

/// How the attributes of a rule are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    /// By `rule(attrs = ...)`.
    Declared(Declaration),
    /// By the names that rules give to such attributes.
    Guessed,
}

impl Schema {
    /// The type of `attribute` of a rule of this `kind`.
    #[must_use]
    pub fn attribute_type(&self, kind: &str, attribute: &str) -> AttributeType {
        if matches!(attribute, "target_compatible_with" | "exec_compatible_with" | "toolchains" | "restricted_to") {
            return AttributeType::Labels;
        }
        match self {
            Self::Declared(declaration) => {
                let declared = declaration.attributes.get(attribute);
                declared.map_or(AttributeType::Plain, |declared| declared.attribute_type)
            }
            Self::Guessed => usual_type(kind, attribute),
        }
    }
}

/// What `attribute` usually holds, or holds for this well-known `kind`.
fn usual_type(kind: &str, attribute: &str) -> AttributeType {
    match (kind, attribute) {
        ("py_binary" | "py_test", "main") => AttributeType::Labels,
        ("config_setting", "flag_values") => AttributeType::LabelKeys,
        ("config_setting", "values" | "define_values") => AttributeType::Plain,
        ("genrule", "tools") | ("run_binary", "tool") | (_, "exec_tools") => AttributeType::Tools,
        ("test_suite", "tests") | ("platform", "parents") | ("alias", "actual") => AttributeType::Labels,
        ("genrule", "outs" | "out") => AttributeType::Outputs,
        ("package_group", "includes") => AttributeType::Labels,
        ("package_group", _) => AttributeType::Plain,
        // Labels as texts: what they name is decided by the rule that reads them.
        ("image_layer", "srcs") => AttributeType::LabelValues,
        ("py_layer_tier" | "py_image_layer", "groups") => AttributeType::Plain,
        ("py_image_layer", "layer_tier") => AttributeType::Labels,
        (_, "outs" | "out") => AttributeType::Outputs,
        // What models note for whoever reads the target.
        _ if attribute.starts_with('$') => AttributeType::Plain,
        _ if LABEL_ATTRIBUTES.contains(&attribute) => AttributeType::Labels,
        _ if PLAIN_ATTRIBUTES.contains(&attribute) => AttributeType::Plain,
        _ => AttributeType::Perhaps,
    }
}

/// Attributes that hold labels in nearly every rule that has them.
#[rustfmt::skip] // a word list
const LABEL_ATTRIBUTES: [&str; 45] = [
    "actual",
    "app_layer",
    "base",
    "binaries",
    "binary",
    "config",
    "constraint_setting",
    "constraint_values",
    "data",
    "dep",
    "deps",
    "embed",
    "exec_tools",
    "exports",
    "files",
    "hdrs",
    "image",
    "images",
    "implementation_deps",
    "layer",
    "layers",
    "library",
    "linker_script",
    "manifest",
    "native_deps",
    "platform",
    "platforms",
    "plugins",
    "proto",
    "protos",
    "pyi_deps",
    "pyi_srcs",
    "requirements_txt",
    "resources",
    "root",
    "runtime_deps",
    "src",
    "srcs",
    "target",
    "targets",
    "tars",
    "template",
    "textual_hdrs",
    "tool",
    "tools",
];

/// Attributes whose texts never are labels, however they look.
#[rustfmt::skip] // a word list
const PLAIN_ATTRIBUTES: [&str; 30] = [
    "args",
    "cmd",
    "cmd_bash",
    "cmd_bat",
    "cmd_ps",
    "command",
    "copts",
    "defines",
    "deprecation",
    "doc",
    "entrypoint",
    "env",
    "features",
    "goarch",
    "goos",
    "importpath",
    "imports",
    "licenses",
    "linkopts",
    "local_defines",
    "name",
    "package_dir",
    "prefix",
    "registry",
    "repository",
    "strip_prefix",
    "tags",
    "testonly",
    "url",
    "urls",
];

/// The use that a rule of the workspace says to have for a label attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelUse {
    /// Nothing special.
    Any,
    /// A program that runs while the target is built.
    Tool,
    /// Something that is built for the machine that builds (`cfg = "exec"`): for a tool, unless the rule only gives it on.
    BuiltForBuild,
    /// One file.
    File,
}

impl LabelUse {
    /// The type of a label attribute of this use.
    #[must_use]
    pub fn attribute_type(self, usual: AttributeType, is_implicit: bool, passes_on: bool) -> AttributeType {
        match self {
            Self::Tool => AttributeType::Tools,
            Self::BuiltForBuild if !passes_on => AttributeType::Tools,
            Self::File if is_implicit && !passes_on => AttributeType::Inputs,
            Self::Any | Self::BuiltForBuild | Self::File => usual,
        }
    }
}

/// An edge, and whether it stands on the value's looks alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDependency {
    /// The edge.
    pub dependency: Dependency,
    /// `true` for a bare word in an attribute of a rule that is not known: it is an edge only if the package has such a
    /// target or file.
    pub unsure: bool,
}

/// What the values of one attribute name.
pub struct LabelWalk<'a> {
    /// The package in which the labels are written.
    pub home: Home<'a>,
    /// The attribute.
    pub attribute: &'a str,
    /// Its type.
    pub attribute_type: AttributeType,
    /// Whether bare words may be something else than labels.
    pub guessed: bool,
}

impl LabelWalk<'_> {
    /// Appends the edges that `value` holds, in their order.
    pub fn collect(&self, value: &Value, condition: Option<&str>, found: &mut Vec<FoundDependency>) {
        match value {
            Value::String(text) => found.extend(self.dependency(text, condition)),
            Value::List(items) | Value::Concatenation(items) => {
                for item in items {
                    self.collect(item, condition, found);
                }
            }
            Value::Select(branches) => {
                for (key, branch) in branches {
                    self.collect(branch, Some(key), found);
                }
            }
            Value::Dict(entries) => self.collect_dict(entries, condition, found),
            Value::None | Value::Bool(_) | Value::Int(_) | Value::Opaque(_) => {}
        }
    }

    fn collect_dict(&self, entries: &[(Value, Value)], condition: Option<&str>, found: &mut Vec<FoundDependency>) {
        for (key, item) in entries {
            // `label_keyed_string_dict` also stands where a label attribute is written as a dict: keys are the labels.
            if self.attribute_type != AttributeType::LabelValues {
                self.collect(key, condition, found);
            }
            if matches!(self.attribute_type, AttributeType::LabelValues | AttributeType::Perhaps) {
                self.collect(item, condition, found);
            }
        }
    }

    fn dependency(&self, text: &str, condition: Option<&str>) -> Option<FoundDependency> {
        let marked = text.starts_with("//") || text.starts_with(':') || (text.starts_with('@') && text.contains("//"));
        if self.attribute_type == AttributeType::Perhaps && !marked {
            return None;
        }
        let label = self.home.parse(text).ok()?;
        let condition = condition.map(str::to_owned);
        let dependency = Dependency { attribute: self.attribute.to_owned(), label, condition };
        Some(FoundDependency { dependency, unsure: self.guessed && !marked })
    }
}

/// Whether some part of `value` is not known.
#[must_use]
pub fn has_unknown_part(value: &Value) -> bool {
    match value {
        Value::Opaque(_) => true,
        Value::List(items) | Value::Concatenation(items) => items.iter().any(has_unknown_part),
        Value::Select(branches) => branches.iter().any(|(_, branch)| has_unknown_part(branch)),
        Value::Dict(entries) => entries.iter().any(|(key, item)| has_unknown_part(key) || has_unknown_part(item)),
        Value::None | Value::Bool(_) | Value::Int(_) | Value::String(_) => false,
    }
}
