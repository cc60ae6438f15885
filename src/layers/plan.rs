//! A plan: the ordered layer groups of one app, before anything is written.

use std::collections::BTreeSet;

use crate::label::Label;

/// Identifies a group while names and order change; never written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(pub u32);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupForm {
    /// A `py_library` whose deps are the targets; `dep_layers` names it.
    Library(Label),
    /// `dep_layers` names the targets.
    Direct,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerGroup {
    pub id: LayerId,
    /// Becomes part of target names.
    pub name: String,
    /// In order; closures come along.
    pub targets: Vec<Label>,
    pub form: GroupForm,
}

/// A layer as the order of a plan names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placed {
    /// A layer that the rule set makes by itself, by its name.
    Fixed(String),
    /// The place of a group.
    Group(LayerId),
}

/// The layers of one app: its groups, and the order of all layers in the image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The groups, lowest layer first; the first claims first.
    pub groups: Vec<LayerGroup>,
    /// All layers, lowest first, where the rule set lets layers of its own be moved; none for the rule set's own order.
    /// What a layer claims does not depend on it, and the order among the groups is that of `groups`.
    pub order: Vec<Placed>,
}

impl LayerGroup {
    /// The library that the group is written as.
    #[must_use]
    pub fn library(&self) -> Option<&Label> {
        match &self.form {
            GroupForm::Library(library) => Some(library),
            GroupForm::Direct => None,
        }
    }
}

impl Plan {
    #[must_use]
    pub fn group(&self, id: LayerId) -> Option<&LayerGroup> {
        self.groups.iter().find(|group| group.id == id)
    }

    #[must_use]
    pub fn position(&self, id: LayerId) -> Option<usize> {
        self.groups.iter().position(|group| group.id == id)
    }

    /// The group that names `label` itself.
    #[must_use]
    pub fn group_of(&self, label: &Label) -> Option<&LayerGroup> {
        self.groups.iter().find(|group| group.targets.contains(label))
    }

    #[must_use]
    pub fn free_id(&self) -> LayerId {
        LayerId(self.groups.iter().map(|group| group.id.0 + 1).max().unwrap_or(0))
    }

    /// An unused name made from `wanted`: `pip_deps`, then `pip_deps_2`, ...
    #[must_use]
    pub fn free_name(&self, wanted: &str) -> String {
        let taken: BTreeSet<&str> = self.groups.iter().map(|group| group.name.as_str()).collect();
        if !taken.contains(wanted) {
            return wanted.to_owned();
        }
        let mut number = 2_u32;
        loop {
            let name = format!("{wanted}_{number}");
            if !taken.contains(name.as_str()) {
                return name;
            }
            number += 1;
        }
    }

    /// Takes over ids of groups with the same names from `other`, so that they are recognised.
    #[must_use]
    pub fn with_ids_of(mut self, other: &Self) -> Self {
        let mut next = other.free_id().0;
        let before = self.clone();
        let order = std::mem::take(&mut self.order);
        for group in &mut self.groups {
            let known = other.groups.iter().find(|known| known.name == group.name).map(|known| known.id);
            group.id = known.unwrap_or_else(|| {
                next += 1;
                LayerId(next - 1)
            });
        }
        self.order = order.into_iter().filter_map(|placed| placed.with_ids(&before, &self)).collect();
        self
    }

    /// Returns `true` if two plans are the same design. Ids and the order of targets in a group don't count.
    #[must_use]
    pub fn same_design(&self, other: &Self) -> bool {
        self.same_groups(other) && self.order_names() == other.order_names()
    }

    /// Returns whether two plans have the same groups, in whatever order the layers of the rule set stand.
    #[must_use]
    pub fn same_groups(&self, other: &Self) -> bool {
        // The order of targets does not change the claim.
        let design = |plan: &Self| -> Vec<(String, BTreeSet<Label>, GroupForm)> {
            let group =
                |group: &LayerGroup| (group.name.clone(), group.targets.iter().cloned().collect(), group.form.clone());
            plan.groups.iter().map(group).collect()
        };
        design(self) == design(other)
    }

    /// The names of the layers in [`Self::order`].
    #[must_use]
    pub fn order_names(&self) -> Vec<&str> {
        self.order.iter().filter_map(|placed| self.name_of(placed)).collect()
    }

    /// The name of a layer in the order.
    #[must_use]
    pub fn name_of<'a>(&'a self, placed: &'a Placed) -> Option<&'a str> {
        match placed {
            Placed::Fixed(name) => Some(name),
            Placed::Group(id) => self.group(*id).map(|group| group.name.as_str()),
        }
    }
}

impl Placed {
    /// The same layer with the identity that its group has in `after`, where the groups of both plans stand in one order.
    fn with_ids(self, before: &Plan, after: &Plan) -> Option<Self> {
        match self {
            Self::Fixed(_) => Some(self),
            Self::Group(id) => after.groups.get(before.position(id)?).map(|group| Self::Group(group.id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_known_again_by_their_names() {
        let group = |id, name: &str| LayerGroup {
            id: LayerId(id),
            name: name.to_owned(),
            targets: Vec::new(),
            form: GroupForm::Direct,
        };
        let other = Plan { groups: vec![group(4, "pip"), group(2, "internal")], order: Vec::new() };
        let plan = Plan {
            groups: vec![group(0, "new"), group(1, "internal"), group(2, "newer"), group(3, "pip")],
            order: vec![Placed::Group(LayerId(3)), Placed::Fixed("packages".to_owned()), Placed::Group(LayerId(9))],
        };
        let plan = plan.with_ids_of(&other);
        let ids: Vec<u32> = plan.groups.iter().map(|group| group.id.0).collect();
        assert_eq!(ids, [5, 2, 6, 4]);
        assert_eq!(plan.order, [Placed::Group(LayerId(4)), Placed::Fixed("packages".to_owned())]);
    }
}
