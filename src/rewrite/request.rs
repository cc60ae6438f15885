//! Requests: edits that are made all together or not at all.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::label::Label;
use crate::rewrite::calls::address;
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::deps::keys::DEPS;
use crate::rewrite::rule_set_edit::{Scope, SharedEdit};

/// Edits in order. `rule_sets` reads requests from JSON, because some edits belong to a rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditRequest {
    /// For relative names; without slashes at its ends.
    pub package: String,
    pub edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Edit {
    /// Removes and adds dependencies of a target. Changes already present stay.
    RewireDeps(RewireDeps),
    /// Sets the unconditional dependencies of a target; a `select()` beside them stays.
    SetDeps(SetDeps),
    /// Removes a target with the comments that touch it. A missing target is no error.
    RemoveTarget(RemoveTarget),
    #[serde(skip)]
    OfRuleSet(SharedEdit),
}

/// A difference of a target's dependencies.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RewireDeps {
    /// Name or label.
    pub target: String,
    pub remove: Vec<Dependency>,
    pub add: Vec<Dependency>,
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

/// All dependencies of a target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SetDeps {
    /// Name or label.
    pub target: String,
    pub deps: Vec<Dependency>,
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RemoveTarget {
    /// Name or label.
    pub target: String,
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

impl RewireDeps {
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
    /// As the request writes it.
    #[must_use]
    pub fn target(&self) -> &str {
        match self {
            Self::RewireDeps(edit) => &edit.target,
            Self::SetDeps(edit) => &edit.target,
            Self::RemoveTarget(edit) => &edit.target,
            Self::OfRuleSet(edit) => edit.0.target(),
        }
    }

    pub(crate) fn scope(&self) -> Scope {
        match self {
            Self::RewireDeps(_) | Self::SetDeps(_) => Scope::Argument(DEPS),
            Self::RemoveTarget(_) => Scope::Call,
            Self::OfRuleSet(edit) => edit.0.scope(),
        }
    }

    pub(crate) fn confirmed_drops(&self) -> &ConfirmedDrops {
        match self {
            Self::RewireDeps(edit) => &edit.drop_comments_confirmed,
            Self::SetDeps(edit) => &edit.drop_comments_confirmed,
            Self::RemoveTarget(edit) => &edit.drop_comments_confirmed,
            Self::OfRuleSet(edit) => edit.0.confirmed_drops(),
        }
    }

    /// Returns the comments that the edit may write.
    pub(crate) fn new_comments(&self) -> &'static [&'static str] {
        match self {
            Self::RewireDeps(_) | Self::SetDeps(_) | Self::RemoveTarget(_) => &[],
            Self::OfRuleSet(edit) => edit.0.new_comments(),
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

/// Groups edits with absolute labels into one request per BUILD file, in order.
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
