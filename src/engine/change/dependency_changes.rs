//! Dependencies that the user added or removed, before they are written: differences from the BUILD files. Applied to
//! the workspace they give the one that numbers count; as edits they are written and refused like the plan.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::graph::build::target;
use crate::label::Label;
use crate::layers::plan::{GroupForm, Plan};
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::dependency::Dependency as Named;
use crate::rewrite::request::{Edit, RewireDeps};
use crate::workspace::model::{Dependency, Target, Workspace};

const DEPS: &str = "deps";

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DependencyChange {
    pub(crate) target: Label,
    pub(crate) dependency: Label,
    pub(crate) is_added: bool,
}

impl std::fmt::Display for DependencyChange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = if self.is_added { "needs" } else { "no longer needs" };
        write!(formatter, "{} {verb} {}", self.target, self.dependency)
    }
}

/// All changes that differ from the BUILD files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DependencyChanges {
    changed: BTreeMap<(Label, Label), bool>,
}

impl DependencyChanges {
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = DependencyChange> + '_ {
        self.changed.iter().map(|((target, dependency), &is_added)| DependencyChange {
            target: target.clone(),
            dependency: dependency.clone(),
            is_added,
        })
    }

    /// Adds a change. One that the BUILD file already contains is dropped.
    ///
    /// # Errors
    /// A sentence when the change makes no sense.
    pub(crate) fn with(&self, workspace: &Workspace, plan: &Plan, change: &DependencyChange) -> Result<Self, String> {
        let DependencyChange { target: home, dependency, is_added } = change;
        let target = changeable(workspace, plan, home)?;
        let is_written = has(target, dependency);
        if let Some(condition) = condition_of(target, dependency).filter(|_| !is_written) {
            return Err(format!("{home} has {dependency} only under `select()` ({condition}): edit the file"));
        }
        if *is_added {
            check_added(&self.applied(workspace), home, dependency)?;
        } else if !self.changed.contains_key(&(home.clone(), dependency.clone())) && !is_written {
            return Err(format!("{home} does not name {dependency} in its deps"));
        }
        let mut next = self.clone();
        let key = (home.clone(), dependency.clone());
        if *is_added == is_written {
            next.changed.remove(&key);
        } else {
            next.changed.insert(key, *is_added);
        }
        if next == *self { Err(format!("{home} has it so already")) } else { Ok(next) }
    }

    #[must_use]
    pub(crate) fn applied<'a>(&self, workspace: &'a Workspace) -> Cow<'a, Workspace> {
        if self.is_empty() {
            return Cow::Borrowed(workspace);
        }
        let mut applied = workspace.clone();
        for change in self.iter() {
            let package = applied.packages.get_mut(change.target.package());
            let Some(target) = package.and_then(|package| package.targets.get_mut(change.target.name())) else {
                continue;
            };
            if !change.is_added {
                target.dependencies.retain(|dependency| !is_plain(dependency, &change.dependency));
            } else if !has(target, &change.dependency) {
                // Sorted by attribute, as by the reader.
                let place = target.dependencies.partition_point(|dependency| dependency.attribute.as_str() <= DEPS);
                let dependency = Dependency { attribute: DEPS.to_owned(), label: change.dependency, condition: None };
                target.dependencies.insert(place, dependency);
            }
        }
        Cow::Owned(applied)
    }

    /// The changes that a workspace does not contain yet.
    #[must_use]
    pub(crate) fn unfulfilled(&self, workspace: &Workspace) -> Self {
        let mut left = self.clone();
        left.changed.retain(|(home, dependency), is_added| {
            target(workspace, home).is_some_and(|target| has(target, dependency) != *is_added)
        });
        left
    }

    /// Merges these changes into the edits of a plan: one edit per target, so that none reverts another.
    #[must_use]
    pub(crate) fn among(&self, edits: Vec<Edit>, drops: &ConfirmedDrops) -> Vec<Edit> {
        let mut by_target: BTreeMap<Label, (Vec<Label>, Vec<Label>)> = BTreeMap::new();
        for change in self.iter() {
            let (removed, added) = by_target.entry(change.target).or_default();
            if change.is_added { added } else { removed }.push(change.dependency);
        }
        let mut merged: Vec<Edit> = Vec::with_capacity(edits.len() + by_target.len());
        for edit in edits {
            let target = Label::parse_absolute(edit.target()).ok();
            let (Edit::RewireDeps(rewire), Some(target)) = (&edit, target) else {
                merged.push(edit);
                continue;
            };
            let (removed, added) = by_target.remove(&target).unwrap_or_default();
            let labels = |dependencies: &[Named]| -> Vec<Label> {
                dependencies.iter().filter_map(|dependency| dependency.label(target.package())).collect()
            };
            let remove = labels(&rewire.remove);
            // A dependency that the plan moves into a library is never written.
            let added: Vec<Label> = added.into_iter().filter(|label| !remove.contains(label)).collect();
            let (remove, add) = (joined(removed, remove), joined(added, labels(&rewire.add)));
            merged.push(Edit::RewireDeps(RewireDeps::of_labels(&target, &remove, &add, drops.clone())));
        }
        let alone = by_target.into_iter().map(|(target, (remove, add))| {
            Edit::RewireDeps(RewireDeps::of_labels(&target, &remove, &add, drops.clone()))
        });
        alone.chain(merged).collect()
    }
}

fn joined(mut first: Vec<Label>, second: Vec<Label>) -> Vec<Label> {
    let more: Vec<Label> = second.into_iter().filter(|label| !first.contains(label)).collect();
    first.extend(more);
    first
}

#[must_use]
pub(crate) fn is_python(kind: &str) -> bool {
    matches!(kind, "py_library" | "py_binary" | "py_test")
}

/// The target, if the user may change its deps.
fn changeable<'a>(workspace: &'a Workspace, plan: &Plan, home: &Label) -> Result<&'a Target, String> {
    let found = target(workspace, home).ok_or_else(|| format!("{home} is not a target of this workspace"))?;
    if !is_python(&found.kind) {
        return Err(format!("{home} is a {}: only deps of Python targets can be edited", found.kind));
    }
    let library = plan.groups.iter().find(|group| group.form == GroupForm::Library(home.clone()));
    match library {
        Some(group) => Err(format!(
            "{home} is the library of layer {}: move the target into or out of the layer instead",
            group.name
        )),
        None => Ok(found),
    }
}

/// Checks that the dependency exists, is new, and makes no cycle.
fn check_added(workspace: &Workspace, home: &Label, dependency: &Label) -> Result<(), String> {
    if home == dependency {
        return Err("A target can't depend on itself".to_owned());
    }
    match dependency.repository_name() {
        None if target(workspace, dependency).is_none() => {
            return Err(format!("{dependency} is not a target of this workspace"));
        }
        Some(repository) if !workspace.hubs.contains_key(repository) => {
            return Err(format!("@{repository} is not a repository of locked packages in this workspace"));
        }
        _ => {}
    }
    if reaches(workspace, dependency, home) {
        return Err(format!("{dependency} already depends on {home}: this would be a cycle"));
    }
    Ok(())
}

fn reaches(workspace: &Workspace, from: &Label, to: &Label) -> bool {
    let mut seen: BTreeSet<&Label> = BTreeSet::from([from]);
    let mut pending = vec![from];
    while let Some(label) = pending.pop() {
        if label == to {
            return true;
        }
        let dependencies = target(workspace, label).map(|target| target.dependencies.as_slice()).unwrap_or_default();
        pending.extend(dependencies.iter().map(|dependency| &dependency.label).filter(|label| seen.insert(label)));
    }
    false
}

fn is_plain(dependency: &Dependency, label: &Label) -> bool {
    dependency.attribute == DEPS && dependency.condition.is_none() && dependency.label == *label
}

fn has(target: &Target, label: &Label) -> bool {
    target.dependencies.iter().any(|dependency| is_plain(dependency, label))
}

fn condition_of<'a>(target: &'a Target, label: &Label) -> Option<&'a str> {
    let named =
        target.dependencies.iter().find(|dependency| dependency.attribute == DEPS && dependency.label == *label);
    named?.condition.as_deref()
}

/// Unconditional deps after the changes.
#[must_use]
pub(crate) fn removable(workspace: &Workspace, changes: &DependencyChanges, home: &Label) -> Vec<Label> {
    let named = target(workspace, home).map(|target| target.dependencies.as_slice()).unwrap_or_default();
    let plain = named.iter().filter(|dependency| dependency.attribute == DEPS && dependency.condition.is_none());
    let change = |label: &Label| changes.changed.get(&(home.clone(), label.clone()));
    let stays = plain.map(|dependency| dependency.label.clone()).filter(|label| change(label) != Some(&false));
    let added = changes.iter().filter(|change| change.is_added && change.target == *home);
    stays.chain(added.map(|change| change.dependency)).collect()
}

/// Possible dependencies: Python libraries of the workspace, and packages that something already names, in the same
/// spelling.
#[must_use]
pub(crate) fn candidates(workspace: &Workspace, home: &Label) -> Vec<Label> {
    let packages = workspace.packages.values();
    let targets =
        packages.flat_map(|package| package.targets.iter().map(move |(name, target)| (package, name, target)));
    let mut found = BTreeSet::new();
    for (package, name, target) in targets {
        if target.kind == "py_library" {
            found.insert(Label::main(&package.path, name));
        }
        let external = target.dependencies.iter().map(|dependency| &dependency.label);
        found.extend(
            external
                .filter(|label| label.repository_name().is_some_and(|name| workspace.hubs.contains_key(name)))
                .cloned(),
        );
    }
    found.remove(home);
    for present in target(workspace, home).into_iter().flat_map(|target| &target.dependencies) {
        found.remove(&present.label);
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{label, workspace};

    fn change(target: &str, dependency: &str, is_added: bool) -> DependencyChange {
        DependencyChange { target: label(target), dependency: label(dependency), is_added }
    }

    fn check(changes: &[(&str, &str, bool)]) -> Result<Vec<String>, String> {
        let workspace = workspace("py_layers");
        let plan = crate::engine::fixture::planned().plan;
        let mut all = DependencyChanges::default();
        for &(target, dependency, is_added) in changes {
            all = all.with(&workspace, &plan, &change(target, dependency, is_added))?;
        }
        Ok(all.iter().map(|change| change.to_string()).collect())
    }

    #[test]
    fn a_wish_and_its_opposite_are_none() {
        let add = ("//libs/core:core", "@pypi//:numpy", true);
        assert_eq!(check(&[add]), Ok(vec!["//libs/core:core needs @pypi//:numpy".to_owned()]));
        assert_eq!(check(&[add, ("//libs/core:core", "@pypi//:numpy", false)]), Ok(Vec::new()));
        let remove = ("//libs/http:http", "@pypi//:requests", false);
        assert_eq!(check(&[remove]), Ok(vec!["//libs/http:http no longer needs @pypi//:requests".to_owned()]));
        assert_eq!(check(&[remove, ("//libs/http:http", "@pypi//:requests", true)]), Ok(Vec::new()));
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for (change, reason) in [
            (("//libs/core:core", "//libs/http:http", true), "a cycle"),
            (("//libs/core:core", "//libs/core:core", true), "can't depend on itself"),
            (("//libs/core:core", "//libs/core:none", true), "is not a target"),
            (("//libs/core:core", "@cargo//:serde", true), "not a repository of locked packages"),
            (("//libs/core:core", "@pypi//:numpy", false), "does not name"),
            (("//app:app_layers", "@pypi//:numpy", true), "only deps of Python targets"),
            (("//libs/http:http", "@pypi//:requests", true), "has it so already"),
        ] {
            let refusal = check(&[change]).unwrap_err();
            assert!(refusal.contains(reason), "{refusal}");
        }
    }

    #[test]
    fn the_workspace_follows_and_fulfils() {
        let before = workspace("py_layers");
        let plan = Plan::default();
        let changes = DependencyChanges::default()
            .with(&before, &plan, &change("//libs/core:core", "@pypi//:numpy", true))
            .and_then(|changes| changes.with(&before, &plan, &change("//libs/http:http", "@pypi//:requests", false)))
            .unwrap();
        let after = changes.applied(&before).into_owned();
        assert_eq!(changes.unfulfilled(&before), changes);
        assert!(changes.unfulfilled(&after).is_empty());
        assert_eq!(removable(&before, &changes, &label("//libs/http:http")), [label("//libs/core:core")]);
        assert!(candidates(&before, &label("//libs/core:core")).contains(&label("@pypi//:numpy")));
    }

    #[test]
    fn one_edit_per_target_and_nothing_that_is_moved_away_at_once() {
        let plan = Plan::default();
        let workspace = workspace("py_layers");
        let changes = DependencyChanges::default()
            .with(&workspace, &plan, &change("//app:app_bin", "@pypi//:requests", true))
            .and_then(|changes| changes.with(&workspace, &plan, &change("//libs/core:core", "@pypi//:numpy", true)))
            .unwrap();
        let rewire = |target: &str, remove: &[&str], add: &[&str]| {
            let labels = |texts: &[&str]| texts.iter().map(|text| label(text)).collect::<Vec<_>>();
            let drops = ConfirmedDrops::NONE;
            Edit::RewireDeps(RewireDeps::of_labels(&label(target), &labels(remove), &labels(add), drops))
        };
        let of_plan = rewire("//app:app_bin", &["@pypi//:requests", "@pypi//:numpy"], &["//app:pip_layer"]);
        assert_eq!(
            changes.among(vec![of_plan.clone()], &ConfirmedDrops::NONE),
            [rewire("//libs/core:core", &[], &["@pypi//:numpy"]), of_plan]
        );
    }
}
