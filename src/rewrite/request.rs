//! A request: edits that are made all together or not at all. Values only.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::label::Label;
use crate::rewrite::calls::address;
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::deps::keys::DEPS;
use crate::rewrite::rule_set_edit::{Scope, SharedEdit};

/// One request: edits in order, all or none. `rule_sets` reads it from the JSON of `--request` files, because some edits
/// are known to their rule set only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRequest {
    /// The package that relative names in the edits belong to, without slashes at its ends.
    pub package: String,
    /// The edits, in the order in which they are made.
    pub edits: Vec<Edit>,
}

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    /// Takes dependencies from a target and gives it others. What is done already stays.
    RewireDeps(RewireDeps),
    /// Gives a target these unconditional dependencies and no others; a `select()` beside them stays.
    SetDeps(SetDeps),
    /// Removes a target with the comments that touch it. One that is not there is removed already.
    RemoveTarget(RemoveTarget),
    /// An edit that its rule set makes.
    #[serde(skip)]
    OfRuleSet(SharedEdit),
}

/// Other dependencies for a target, given as a difference.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RewireDeps {
    /// Name or label of the target.
    pub target: String,
    /// The dependencies that go.
    pub remove: Vec<Dependency>,
    /// The dependencies that come.
    pub add: Vec<Dependency>,
    /// The comments that may be deleted with them.
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

/// Other dependencies for a target, given whole.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SetDeps {
    /// Name or label of the target.
    pub target: String,
    /// The whole wanted list.
    pub deps: Vec<Dependency>,
    /// The comments that may be deleted with what goes.
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

/// A target that goes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RemoveTarget {
    /// Name or label of the target.
    pub target: String,
    /// The comments that may be deleted with it.
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

impl RewireDeps {
    /// Other dependencies for a target of the workspace.
    #[must_use]
    pub fn of_labels(target: &Label, remove: &[Label], add: &[Label], drops: ConfirmedDrops) -> Self {
        let dependencies =
            |labels: &[Label]| labels.iter().map(|label| Dependency::of_label(label, target.package())).collect();
        Self {
            target: target.to_string(),
            remove: dependencies(remove),
            add: dependencies(add),
            drop_comments_confirmed: drops,
        }
    }
}

impl Edit {
    /// Returns the name or label of the target, as the request writes it.
    #[must_use]
    pub fn target(&self) -> &str {
        match self {
            Self::RewireDeps(edit) => &edit.target,
            Self::SetDeps(edit) => &edit.target,
            Self::RemoveTarget(edit) => &edit.target,
            Self::OfRuleSet(edit) => edit.0.target(),
        }
    }

    /// Returns the part of the target's call that changes.
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::RewireDeps(_) | Self::SetDeps(_) => Scope::Argument(DEPS),
            Self::RemoveTarget(_) => Scope::Call,
            Self::OfRuleSet(edit) => edit.0.scope(),
        }
    }

    /// Returns the comments that may be deleted.
    pub(crate) fn confirmed_drops(&self) -> &ConfirmedDrops {
        match self {
            Self::RewireDeps(edit) => &edit.drop_comments_confirmed,
            Self::SetDeps(edit) => &edit.drop_comments_confirmed,
            Self::RemoveTarget(edit) => &edit.drop_comments_confirmed,
            Self::OfRuleSet(edit) => edit.0.confirmed_drops(),
        }
    }

    /// Returns the dependencies that the edit writes somewhere.
    pub(crate) fn written_dependencies(&self) -> &[Dependency] {
        match self {
            Self::RewireDeps(edit) => &edit.add,
            Self::SetDeps(edit) => &edit.deps,
            Self::RemoveTarget(_) => &[],
            Self::OfRuleSet(edit) => edit.0.written_dependencies(),
        }
    }
}

/// Returns one request per BUILD file for edits that name their targets by whole labels, in the order of the first edit of each.
#[must_use]
pub(crate) fn by_package(edits: Vec<Edit>) -> Vec<EditRequest> {
    let mut order: Vec<String> = Vec::new();
    let mut grouped: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        let (package, _) = address(edit.target(), "");
        if !order.contains(&package) {
            order.push(package.clone());
        }
        grouped.entry(package).or_default().push(edit);
    }
    let requests = order.into_iter().filter_map(|package| grouped.remove_entry(&package));
    requests.map(|(package, edits)| EditRequest { package, edits }).collect()
}
