//! Converts Bazel's messages to packages and targets.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{RepositoryNames, text};
use super::values::{labels_of, value_of};
use super::wire;
use super::wire::attribute_type::STRING_LIST;
use crate::label::Label;
use crate::workspace::model::{CONDITIONS, Dependency, TOOL, Target, Value};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct BazelAnswer {
    /// By path.
    pub packages: BTreeMap<String, AnsweredPackage>,
    /// What Bazel could not load.
    pub problems: Vec<BazelProblem>,
    /// Packages that are incomplete.
    pub broken: BTreeSet<String>,
    /// Number of targets and files.
    pub targets: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnsweredPackage {
    /// If Bazel named it.
    pub build_file: Option<String>,
    pub targets: BTreeMap<String, Target>,
}

/// An error after which Bazel went on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BazelProblem {
    /// As Bazel writes it.
    pub path: Option<String>,
    /// Counted from 1.
    pub line: Option<usize>,
    /// The package that can't be loaded.
    pub package: Option<String>,
    pub message: String,
}

impl BazelAnswer {
    pub(super) fn add(&mut self, message: wire::Target, names: &RepositoryNames) {
        self.targets += 1;
        if let Some(rule) = message.rule {
            self.add_rule(&rule, names);
        } else if let Some(group) = message.package_group {
            let Some(label) = label(group.name.as_deref(), names) else { return };
            let includes = group.included_package_group.iter().filter_map(|printed| names.label(printed));
            let dependencies =
                includes.map(|label| Dependency { attribute: "includes".into(), label, condition: None });
            let target = Target { dependencies: dependencies.collect(), ..empty("package_group") };
            self.package(&label).targets.insert(label.name().to_owned(), target);
        } else if let Some(label) = message.source_file.and_then(|file| label(file.name.as_deref(), names))
            && matches!(label.name(), "BUILD" | "BUILD.bazel")
        {
            self.package(&label).build_file = Some(label.name().to_owned());
        }
    }

    fn add_rule(&mut self, rule: &wire::Rule, names: &RepositoryNames) {
        let Some(label) = label(rule.name.as_deref(), names) else { return };
        let target = target_of(rule, names);
        self.package(&label).targets.insert(label.name().to_owned(), target);
    }

    fn package(&mut self, label: &Label) -> &mut AnsweredPackage {
        self.packages.entry(label.package().to_owned()).or_default()
    }
}

/// `None` for labels outside of the workspace.
fn label(printed: Option<&[u8]>, names: &RepositoryNames) -> Option<Label> {
    names.label(printed?).filter(Label::is_main)
}

fn empty(kind: &str) -> Target {
    Target {
        kind: kind.to_owned(),
        dependencies: Vec::new(),
        outputs: Vec::new(),
        attributes: BTreeMap::new(),
        visibility: Vec::new(),
        line: 0,
        macro_name: None,
    }
}

fn target_of(rule: &wire::Rule, names: &RepositoryNames) -> Target {
    let kind = text(rule.rule_class.as_deref().unwrap_or_default());
    let mut target = empty(&kind);
    target.line = line_of(&text(rule.location.as_deref().unwrap_or_default()));
    let outputs = rule.rule_output.iter().filter_map(|printed| names.label(printed));
    target.outputs = outputs.map(|label| label.name().to_owned()).collect();
    let inputs: BTreeSet<Label> = rule.rule_input.iter().filter_map(|printed| names.label(printed)).collect();
    let mut named = BTreeSet::new();
    for attribute in &rule.attribute {
        let name = text(attribute.name.as_deref().unwrap_or_default());
        match name.as_str() {
            "visibility" => {
                target.visibility = labels_of(attribute, names).into_iter().map(|(label, _)| label).collect()
            }
            "generator_function" => target.macro_name = macro_name(attribute, &kind),
            // Bazel counts conditions of `select`s as dependencies although they are in no list.
            CONDITIONS => add_dependencies(&mut target, CONDITIONS, attribute, &inputs, &mut named, names),
            "name" | "generator_name" | "generator_location" => {}
            _ if attribute.explicitly_specified != Some(true) || name.starts_with(['$', ':']) => {}
            _ => {
                add_dependencies(&mut target, &name, attribute, &inputs, &mut named, names);
                if let Some(value) = value_of(attribute) {
                    target.attributes.insert(name, value);
                }
            }
        }
    }
    for label in inputs.difference(&named) {
        target.dependencies.push(Dependency { attribute: OTHER.to_owned(), label: label.clone(), condition: None });
    }
    target.dependencies.sort_by(|left, right| left.attribute.cmp(&right.attribute));
    target
}

/// Pseudo-attribute of dependencies that Bazel lists without one.
const OTHER: &str = "$other";

/// Labels of an attribute: dependencies after Bazel's own filters, and tools.
fn add_dependencies(
    target: &mut Target,
    name: &str,
    attribute: &wire::Attribute,
    inputs: &BTreeSet<Label>,
    named: &mut BTreeSet<Label>,
    names: &RepositoryNames,
) {
    // A list of plain texts, such as `tags`, names no targets whatever its texts look like.
    if attribute.nodep == Some(true) || attribute.value_type == Some(STRING_LIST) {
        return;
    }
    for (label, condition) in labels_of(attribute, names) {
        // Named but, after `--notool_deps`, no dependency: a tool.
        if inputs.contains(&label) {
            named.insert(label.clone());
            target.dependencies.push(Dependency { attribute: name.to_owned(), label, condition });
        } else {
            // The tool itself may matter, such as the compressor of a tar.
            target.attributes.insert(name.to_owned(), Value::String(label.to_string()));
            target.dependencies.push(Dependency { attribute: TOOL.to_owned(), label, condition: None });
        }
    }
}

/// The called macro, unless it is the rule itself or a wrapper of the same name.
fn macro_name(attribute: &wire::Attribute, kind: &str) -> Option<String> {
    let name = text(attribute.string_value.as_deref()?);
    let is_macro = !name.is_empty() && name != kind.trim_start_matches('_').trim_end_matches("_rule");
    is_macro.then_some(name)
}

/// The line of `pkg/BUILD:12:5`.
fn line_of(location: &str) -> usize {
    let mut parts = location.rsplit(':');
    parts.next();
    parts.next().and_then(|line| line.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
pub(in crate::workspace::bazel) mod tests;
