//! Converts a plan to edits: layer libraries, rewired deps, `dep_layers`. The runfiles of every target stay, except for
//! the libraries themselves: a target is rewired to a library only if it already needs all of it.

use std::collections::BTreeSet;

use crate::graph::build::target;
use crate::graph::contents::Contents;
use crate::graph::item_set::ItemSet;
use crate::graph::model::{Graph, NodeId};
use crate::label::Label;
use crate::layers::current::library_members;
use crate::layers::plan::{GroupForm, LayerGroup, Plan};
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::{Edit, RemoveTarget, RewireDeps};
use crate::rule_sets::dep_layers::add_py_library::AddPyLibrary;
use crate::rule_sets::dep_layers::set_dep_layers::{SetDepLayers, WantedLayer};
use crate::workspace::model::{App, Target, Workspace, WrittenGroup};
use crate::workspace::visibility::is_visible;

/// For files that do not load `py_library` yet.
const RULES_PYTHON: &str = "@rules_python//python:defs.bzl";

pub struct Migration<'a> {
    pub workspace: &'a Workspace,
    pub app: &'a App,
    pub graph: &'a Graph,
    pub contents: &'a Contents,
    pub plan: &'a Plan,
    /// Libraries of former groups to remove; nothing else may use them.
    pub removed: &'a BTreeSet<Label>,
    pub drops: ConfirmedDrops,
}

/// Returns the edits in a valid order; empty if the files already match.
///
/// # Errors
/// When a library's name is taken, or a target is not visible from the library.
pub fn migration(input: &Migration<'_>) -> Result<Vec<Edit>, Refusal> {
    check_targets(input)?;
    let mut edits = Vec::new();
    let libraries: Vec<Library<'_>> = input.plan.groups.iter().filter_map(|group| library(input, group)).collect();
    for library in &libraries {
        check_visibility(input, library)?;
        let edit = match &library.present {
            Some(present) => change_of(input, library.label, present, &library.group.targets),
            None => Some(new_library(input, library)?),
        };
        edits.extend(edit);
    }
    edits.extend(rewired(input, &libraries));
    let layers: Vec<WrittenGroup> = input.plan.groups.iter().map(written).collect();
    if input.app.dep_layers.clone().unwrap_or_default() != layers {
        edits.push(set_dep_layers(input, &layers));
    }
    edits.extend(input.removed.iter().map(|library| {
        Edit::RemoveTarget(RemoveTarget { target: library.to_string(), drop_comments_confirmed: input.drops.clone() })
    }));
    Ok(edits)
}

/// Every group must bring something that the binary depends on.
fn check_targets(input: &Migration<'_>) -> Result<(), Refusal> {
    let refuse = |group: &LayerGroup, code, message| {
        Err(Refusal::at_line(code, &input.app.path, input.app.line, message).of_layer(&group.name))
    };
    for group in &input.plan.groups {
        if group.targets.is_empty() {
            return refuse(
                group,
                RefusalCode::EmptyLayer,
                format!("layer `{}` has no targets; give it some, or take it out of the plan", group.name),
            );
        }
        if let Some(target) = group.targets.iter().find(|target| input.graph.find(target).is_none()) {
            let message = format!(
                "layer `{}` names {target}, which the binary does not depend on; correct the label, or take it out of the layer",
                group.name
            );
            return refuse(group, RefusalCode::AmbiguousTarget, message);
        }
    }
    Ok(())
}

/// A group written as a library.
struct Library<'a> {
    label: &'a Label,
    group: &'a LayerGroup,
    /// Its deps in the BUILD file, if it exists.
    present: Option<Vec<Label>>,
    /// Everything that its new deps bring.
    items: ItemSet,
    /// The nodes of its new deps.
    nodes: BTreeSet<NodeId>,
}

fn library<'a>(input: &Migration<'a>, group: &'a LayerGroup) -> Option<Library<'a>> {
    let GroupForm::Library(label) = &group.form else { return None };
    let nodes: BTreeSet<NodeId> = group.targets.iter().filter_map(|member| input.graph.find(member)).collect();
    let mut items = ItemSet::default();
    for closure in nodes.iter().filter_map(|&node| input.contents.closure(node)) {
        items.union_with(closure);
    }
    Some(Library { label, group, present: library_members(input.workspace, label), items, nodes })
}

/// The value of a group in `dep_layers`.
fn written(group: &LayerGroup) -> WrittenGroup {
    let targets = match &group.form {
        GroupForm::Library(library) => vec![library.clone()],
        GroupForm::Direct => group.targets.clone(),
    };
    WrittenGroup { name: group.name.clone(), targets }
}

fn change_of(input: &Migration<'_>, target: &Label, present: &[Label], wanted: &[Label]) -> Option<Edit> {
    let remove: Vec<Label> = present.iter().filter(|label| !wanted.contains(label)).cloned().collect();
    let add: Vec<Label> = wanted.iter().filter(|label| !present.contains(label)).cloned().collect();
    let changes = !remove.is_empty() || !add.is_empty();
    changes.then(|| Edit::RewireDeps(RewireDeps::of_labels(target, &remove, &add, input.drops.clone())))
}

fn new_library(input: &Migration<'_>, library: &Library<'_>) -> Result<Edit, Refusal> {
    let label = library.label;
    let Some(package) = input.workspace.packages.get(label.package()).filter(|_| label.is_main()) else {
        let message = format!(
            "{label} would be a new library, but the workspace has no BUILD file for it; name one in a package that exists"
        );
        return Err(Refusal::of_file(RefusalCode::NameTaken, &input.app.path, message).of_layer(&library.group.name));
    };
    if let Some(other) = package.targets.get(label.name()) {
        let message = format!(
            "`{}` is taken by the {} in line {}; give the layer `{}` another library or another name",
            label.name(),
            other.kind,
            other.line,
            library.group.name
        );
        return Err(Refusal::at_line(RefusalCode::NameTaken, &package.build_file, other.line, message)
            .of_layer(&library.group.name));
    }
    let before = first_fed(input, library).unwrap_or_else(|| fallback_place(input, label));
    let visibility = visibility(input, label);
    Ok(Edit::from(AddPyLibrary {
        name: label.to_string(),
        deps: library.group.targets.iter().map(|target| Dependency::of_label(target, label.package())).collect(),
        before: Some(before.name().to_owned()),
        load: Some(RULES_PYTHON.to_owned()),
        visibility: (!visibility.is_empty()).then(|| visibility.iter().map(ToString::to_string).collect()),
    }))
}

fn set_dep_layers(input: &Migration<'_>, layers: &[WrittenGroup]) -> Edit {
    let app = &input.app.label;
    let layer = |layer: &WrittenGroup| WantedLayer {
        name: layer.name.clone(),
        targets: layer.targets.iter().map(|target| target.spelled_in(app.package())).collect(),
    };
    Edit::from(SetDepLayers {
        app: app.to_string(),
        layers: layers.iter().map(layer).collect(),
        drop_comments_confirmed: input.drops.clone(),
    })
}

/// The first target of the package, by line, that will depend on the library, which goes above it.
fn first_fed(input: &Migration<'_>, library: &Library<'_>) -> Option<Label> {
    let package = input.workspace.packages.get(library.label.package())?;
    let libraries = unfolded(input);
    let fed = package.targets.iter().filter(|(name, target)| {
        let label = library.label.sibling(name);
        !libraries.contains(&label)
            && feeds(input, library, &label, target)
            && needs_of(input, target, &libraries).iter().any(|need| library.group.targets.contains(need))
    });
    let (name, _) = fed.min_by_key(|(_, target)| target.line)?;
    Some(library.label.sibling(name))
}

/// Without dependents, a library goes before the app's call, or before the binary in its own package.
fn fallback_place(input: &Migration<'_>, label: &Label) -> Label {
    if input.app.label.package() == label.package() {
        return input.app.label.clone();
    }
    input.app.binary.clone().unwrap_or_else(|| input.app.label.clone())
}

/// The app's call must see the library; in its own package it does.
fn visibility(input: &Migration<'_>, library: &Label) -> Vec<Label> {
    if input.app.label.package() == library.package() { Vec::new() } else { vec![input.app.label.sibling("__pkg__")] }
}

/// Deps of every target that needs a member of a library.
fn rewired(input: &Migration<'_>, libraries: &[Library<'_>]) -> Vec<Edit> {
    let library_labels = unfolded(input);
    let mut edits = Vec::new();
    for (_, node) in input.graph.nodes_by_label() {
        let Some(found) = target(input.workspace, &node.label) else { continue };
        if !matches!(found.kind.as_str(), "py_library" | "py_binary") || library_labels.contains(&node.label) {
            continue;
        }
        let present = direct_deps(found);
        let needs = needs_of(input, found, &library_labels);
        let mut covered: BTreeSet<&Label> = BTreeSet::new();
        let mut used: Vec<Label> = Vec::new();
        for library in libraries {
            let overlap = library.group.targets.iter().any(|member| needs.contains(member));
            if overlap && feeds(input, library, &node.label, found) {
                used.push(library.label.clone());
                covered.extend(&library.group.targets);
            }
        }
        let wanted: Vec<Label> =
            used.into_iter().chain(needs.iter().filter(|need| !covered.contains(need)).cloned()).collect();
        edits.extend(change_of(input, &node.label, &present, &wanted));
    }
    edits
}

/// Unconditional `deps`, in order.
fn direct_deps(target: &Target) -> Vec<Label> {
    let deps = target
        .dependencies
        .iter()
        .filter(|dependency| dependency.attribute == "deps" && dependency.condition.is_none());
    deps.map(|dependency| dependency.label.clone()).collect()
}

/// A target's own deps, with `libraries` replaced by what they hold now.
fn needs_of(input: &Migration<'_>, target: &Target, libraries: &BTreeSet<&Label>) -> Vec<Label> {
    let mut seen = BTreeSet::new();
    let mut needs = Vec::new();
    for dep in direct_deps(target) {
        let members = if libraries.contains(&dep) { library_members(input.workspace, &dep) } else { None };
        needs.extend(members.unwrap_or_else(|| vec![dep]).into_iter().filter(|need| seen.insert(need.clone())));
    }
    needs
}

/// Libraries of the plan's groups and those to remove: no target needs them for itself.
fn unfolded<'a>(input: &Migration<'a>) -> BTreeSet<&'a Label> {
    input.plan.groups.iter().filter_map(LayerGroup::library).chain(input.removed).collect()
}

/// Returns `true` if `target` may depend on the library. It must be in the same package and need all of it (or depend
/// on it already), and nothing in the library may depend on it.
fn feeds(input: &Migration<'_>, library: &Library<'_>, label: &Label, found: &Target) -> bool {
    let Some(node) = input.graph.find(label) else { return false };
    let depends_already = direct_deps(found).contains(library.label);
    let is_near = label.package() == library.label.package();
    let has_it_all = input.contents.closure(node).is_some_and(|closure| library.items.is_subset_of(closure));
    (depends_already || (is_near && has_it_all)) && !would_make_a_cycle(input.graph, &library.nodes, node)
}

fn would_make_a_cycle(graph: &Graph, members: &BTreeSet<NodeId>, node: NodeId) -> bool {
    let mut seen = members.clone();
    let mut pending: Vec<NodeId> = members.iter().copied().collect();
    while let Some(id) = pending.pop() {
        if id == node {
            return true;
        }
        pending.extend(graph.dependencies(id).into_iter().filter(|&next| seen.insert(next)));
    }
    false
}

/// Every new member must be visible from the library's package; existing ones stay.
fn check_visibility(input: &Migration<'_>, library: &Library<'_>) -> Result<(), Refusal> {
    let package = library.label.package();
    let present: BTreeSet<&Label> = library.present.iter().flatten().collect();
    for member in library.group.targets.iter().filter(|member| !present.contains(member)) {
        let Some(found) = target(input.workspace, member) else { continue };
        if !is_visible(input.workspace, member, found, package) {
            let path = input
                .workspace
                .packages
                .get(member.package())
                .map(|package| package.build_file.clone())
                .unwrap_or_default();
            let message = format!(
                "{member} is not visible to //{package}, where the library of layer `{}` stands; add \"//{package}:__pkg__\" to its visibility first",
                library.group.name
            );
            return Err(
                Refusal::at_line(RefusalCode::NotVisible, path, found.line, message).of_layer(&library.group.name)
            );
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "migration_tests.rs"]
pub(crate) mod tests;
