//! Attributes with labels, and the labels in their values. Known by declaration for rules of this workspace, by the
//! table below for Bazel's own and common Python rules, else by the attribute's usual meaning.

use std::collections::BTreeMap;

use crate::label::Label;
use crate::workspace::model::{Dependency, Value};
use crate::workspace::repositories::Home;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeType {
    /// One or a list.
    Labels,
    LabelKeys,
    LabelValues,
    /// Programs that run during the build (`cfg = "exec"`): no dependencies of the result.
    Tools,
    /// Files that the rule reads to make something.
    Inputs,
    Outputs,
    Plain,
    /// A text that is a label if it looks like one, in an unknown rule.
    Perhaps,
}

/// `rule(...)` of the workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    pub attributes: BTreeMap<String, DeclaredAttribute>,
    /// Runs no action: passes on its inputs.
    pub passes_on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredAttribute {
    pub attribute_type: AttributeType,
    /// Labels if a call leaves it out.
    pub default: Vec<Label>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    Declared(Declaration),
    /// By usual names of attributes.
    Guessed,
}

impl Schema {
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
        // Labels as texts, whose meaning the rule decides.
        ("image_layer", "srcs") => AttributeType::LabelValues,
        ("py_layer_tier" | "py_image_layer", "groups") => AttributeType::Plain,
        ("py_image_layer", "layer_tier") => AttributeType::Labels,
        (_, "outs" | "out") => AttributeType::Outputs,
        // Notes of models.
        _ if attribute.starts_with('$') => AttributeType::Plain,
        _ if LABEL_ATTRIBUTES.contains(&attribute) => AttributeType::Labels,
        _ if PLAIN_ATTRIBUTES.contains(&attribute) => AttributeType::Plain,
        _ => AttributeType::Perhaps,
    }
}

/// In nearly every rule that has them.
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

/// Never labels, whatever they look like.
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

/// Declared use of a label attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelUse {
    Any,
    Tool,
    /// Built for the build machine (`cfg = "exec"`): a tool, unless the rule only passes it on.
    BuiltForBuild,
    File,
}

impl LabelUse {
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDependency {
    pub dependency: Dependency,
    /// A bare word in an unknown rule: an edge only if the package has such a target or file.
    pub unsure: bool,
}

pub struct LabelWalk<'a> {
    /// Where the labels are written.
    pub home: Home<'a>,
    pub attribute: &'a str,
    pub attribute_type: AttributeType,
    /// Bare words may not be labels.
    pub guessed: bool,
}

impl LabelWalk<'_> {
    /// In order.
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
            // `label_keyed_string_dict`: keys are the labels.
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
