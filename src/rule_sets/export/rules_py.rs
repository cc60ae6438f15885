//! `py_layer_tier` and `py_image_layer` of aspect_rules_py (py/private/py_image_layer.bzl at 4a9ac6d). A tier names
//! single packages and targets without their dependencies, and the rule orders them. So closures are written out, and
//! the resulting order is stated.

use std::collections::BTreeSet;

use crate::rule_sets::export::plan_words::{InDialect, LayerWords, PlanWords};

/// The rule's layer of ungrouped packages.
const SQUASHED: &str = "packages";
/// The rule's layer of the program's own files.
const SOURCES: &str = "default";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    /// The workspace's own targets or the interpreter.
    FirstParty(String),
    Alone(String),
    /// Several packages.
    Merged(String),
}

pub(crate) fn write(plan: &PlanWords) -> InDialect {
    let mut groups = String::new();
    for group in &plan.groups {
        let (packages, sources) = names(group);
        for package in &group.packages {
            groups.push_str(&format!("        \"@pip//{}\": \"{packages}\",\n", package.name.replace('-', "_")));
        }
        for library in &group.libraries {
            groups.push_str(&format!("        \"{library}\": \"{sources}\",\n"));
        }
    }
    let groups = if groups.is_empty() { "{}".to_owned() } else { format!("{{\n{groups}    }}") };
    let (name, image) = (plan.app.name(), &plan.image);
    let text = format!(
        "load(\"@aspect_rules_py//py:defs.bzl\", \"py_image_layer\", \"py_layer_tier\")\nload(\"@rules_oci//oci:defs.bzl\", \"oci_image\")\n\n\
         py_layer_tier(\n    name = \"{name}_layer_tier\",\n    groups = {groups},\n    interpreter_group = \"interpreter\",\n)\n\n\
         py_image_layer(\n    name = \"{image}_layers\",\n    binary = \"{}\",\n    layer_tier = \":{name}_layer_tier\",\n)\n\n\
         oci_image(\n    name = \"{image}\",\n    base = \"{}\",\n    entrypoint = [\"/app\"],\n    tars = [\":{image}_layers\"],\n)\n",
        plan.spelled(&plan.binary),
        plan.base
    );
    InDialect { text, limits: limits(plan) }
}

/// A group's packages and own targets are two layers, so they need two names.
fn names(group: &LayerWords) -> (String, String) {
    let is_mixed = !group.packages.is_empty() && !group.libraries.is_empty();
    let sources = if is_mixed { format!("{}_sources", group.name) } else { group.name.clone() };
    (group.name.clone(), sources)
}

fn limits(plan: &PlanWords) -> Vec<String> {
    let wanted: Vec<&str> = plan.groups.iter().map(|group| group.name.as_str()).collect();
    let mut limits = vec![
        "The binary must be a py_binary of aspect_rules_py, and its packages must come from that rule set's own uv extension: only these are \
         named @pip//<package> there."
            .to_owned(),
        format!(
            "Order can't be said: the rule puts {}. Wanted was {}.",
            made_order(plan).join(", "),
            if wanted.is_empty() { "no group".to_owned() } else { wanted.join(", ") }
        ),
        format!(
            "Closures can't be said: a group holds the targets and packages that it lists, so they are written out. What is added to the lock \
             later lands in the layer `{SQUASHED}`, and new libraries in the program's own layer, until the tier is written anew."
        ),
    ];
    let mixed: Vec<&str> = plan
        .groups
        .iter()
        .filter(|group| !group.packages.is_empty() && !group.libraries.is_empty())
        .map(|group| group.name.as_str())
        .collect();
    if !mixed.is_empty() {
        limits.push(format!("Packages and own targets never share a layer: {} becomes two.", mixed.join(", ")));
    }
    limits
}

/// Names in the rule's order, lowest first.
fn made_order(plan: &PlanWords) -> Vec<String> {
    let mut made = BTreeSet::from([Made::FirstParty("interpreter".to_owned())]);
    for group in &plan.groups {
        let (packages, sources) = names(group);
        if !group.libraries.is_empty() {
            made.insert(Made::FirstParty(sources));
        }
        match group.packages.len() {
            0 => {}
            1 => made.extend([Made::Alone(packages)]),
            _ => made.extend([Made::Merged(packages)]),
        }
    }
    let mut names: Vec<String> = made
        .into_iter()
        .map(|made| match made {
            Made::FirstParty(name) | Made::Alone(name) | Made::Merged(name) => name,
        })
        .collect();
    if !plan.rest.packages.is_empty() {
        names.push(SQUASHED.to_owned());
    }
    names.push(SOURCES.to_owned());
    names
}
