//! From Bazel's messages to packages and targets of a workspace. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{RepositoryNames, text};
use super::values::{labels_of, value_of};
use super::wire;
use super::wire::attribute_type::STRING_LIST;
use crate::label::Label;
use crate::workspace::model::{CONDITIONS, Dependency, TOOL, Target, Value};

/// What Bazel says of a workspace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BazelAnswer {
    /// Every package that it named, by path.
    pub packages: BTreeMap<String, AnsweredPackage>,
    /// What it could not load: its answer says nothing of that.
    pub problems: Vec<BazelProblem>,
    /// Packages that it could not load whole.
    pub broken: BTreeSet<String>,
    /// How many targets and files it named.
    pub targets: usize,
}

/// One package of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnsweredPackage {
    /// Name of its BUILD file, where Bazel named it.
    pub build_file: Option<String>,
    /// Targets by name.
    pub targets: BTreeMap<String, Target>,
}

/// One error that Bazel reported while it went on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BazelProblem {
    /// The file that it names, as it names it.
    pub path: Option<String>,
    /// The line in that file, counted from 1.
    pub line: Option<usize>,
    /// The package that can't be loaded, where it says which.
    pub package: Option<String>,
    /// Its words.
    pub message: String,
}

impl BazelAnswer {
    /// Takes in one message.
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

/// A label of the workspace itself; the answer is about nothing else.
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
            // The conditions of its `select`s: Bazel counts them as dependencies although nobody wrote them into a list.
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

/// Stands for the attribute of a dependency that Bazel lists without one.
const OTHER: &str = "$other";

/// The labels of an attribute: dependencies after Bazel's own filters, and tools.
fn add_dependencies(
    target: &mut Target,
    name: &str,
    attribute: &wire::Attribute,
    inputs: &BTreeSet<Label>,
    named: &mut BTreeSet<Label>,
    names: &RepositoryNames,
) {
    // A list of plain texts, such as `tags`, names no targets however its texts look.
    if attribute.nodep == Some(true) || attribute.value_type == Some(STRING_LIST) {
        return;
    }
    for (label, condition) in labels_of(attribute, names) {
        // What a rule names and, after `--notool_deps`, does not depend on is a tool.
        if inputs.contains(&label) {
            named.insert(label.clone());
            target.dependencies.push(Dependency { attribute: name.to_owned(), label, condition });
        } else {
            // Which tool it is may decide something, such as the compressor of a tar.
            target.attributes.insert(name.to_owned(), Value::String(label.to_string()));
            target.dependencies.push(Dependency { attribute: TOOL.to_owned(), label, condition: None });
        }
    }
}

/// The macro that the BUILD file calls, where it is not the rule itself or a wrapper of the same name.
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
