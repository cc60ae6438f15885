//! The interface between a rule set and the rest of the program.

use serde::de::DeserializeOwned;

use crate::label::Label;
use crate::layers::stack::{Listing, StackLayer};
use crate::rewrite::request::Edit;
use crate::rule_sets::view::View;
use crate::workspace::model::Target;

/// The rules and macros that decide what is in an image's layers.
pub trait RuleSet: Sync {
    /// Returns the name, as JSON gives it in `rule_set`.
    fn name(&self) -> &'static str;

    /// Returns the module that the rule set comes from, as the registry calls it.
    fn module(&self) -> Option<&'static str> {
        None
    }

    /// Returns the layer that `target` makes; `None` where this rule set does not know the target.
    fn layer(&self, _view: &View<'_>, _label: &Label, _target: &Target) -> Option<StackLayer> {
        None
    }

    /// Returns the layers that `target` makes, lowest first; none where this rule set does not know the target.
    fn layers(&self, view: &View<'_>, label: &Label, target: &Target) -> Vec<StackLayer> {
        self.layer(view, label, target).into_iter().collect()
    }

    /// Returns the layers that are made of the program together with the one that `target` makes.
    fn left_out(&self, _view: &View<'_>, _label: &Label, _target: &Target) -> Vec<StackLayer> {
        Vec::new()
    }

    /// Returns how the files are listed that the claim of `target`'s layer is about.
    fn listing(&self, _target: &Target) -> Option<Listing> {
        None
    }

    /// Returns whether the groups of a plan stand beside the layers that this rule set makes by itself.
    fn divides(&self) -> bool {
        false
    }

    /// Returns the edits that a request may name beside those that fit every rule.
    fn edits(&self) -> &'static [EditKind] {
        &[]
    }
}

/// An edit by the name that a request gives it.
pub struct EditKind {
    /// The value of `op`.
    pub(crate) op: &'static str,
    /// Reads the other fields.
    pub(crate) read: fn(serde_json::Value) -> serde_json::Result<Edit>,
}

impl EditKind {
    /// The edit `E` under the name `op`.
    pub(crate) const fn of<E: DeserializeOwned + Into<Edit>>(op: &'static str) -> Self {
        Self { op, read: |fields| serde_json::from_value::<E>(fields).map(Into::into) }
    }
}
