use serde::de::DeserializeOwned;

use crate::label::Label;
use crate::layers::stack::{Listing, StackLayer};
use crate::rewrite::request::Edit;
use crate::rule_sets::view::View;
use crate::workspace::model::Target;

pub trait RuleSet: Sync {
    /// As in JSON's `rule_set`.
    fn name(&self) -> &'static str;

    /// The module's name in the registry.
    fn module(&self) -> Option<&'static str> {
        None
    }

    /// Returns the layer that `target` makes; `None` for an unknown target.
    fn layer(&self, _view: &View<'_>, _label: &Label, _target: &Target) -> Option<StackLayer> {
        None
    }

    /// Returns the layers that `target` makes, lowest first; empty for an unknown target.
    fn layers(&self, view: &View<'_>, label: &Label, target: &Target) -> Vec<StackLayer> {
        self.layer(view, label, target).into_iter().collect()
    }

    /// Returns layers made of the program but not in the image, beside the one of `target`.
    fn left_out(&self, _view: &View<'_>, _label: &Label, _target: &Target) -> Vec<StackLayer> {
        Vec::new()
    }

    /// Returns the listing that the claim of `target`'s layer refers to.
    fn listing(&self, _target: &Target) -> Option<Listing> {
        None
    }

    /// Returns `true` if the rule set divides the program by itself, so that groups stand beside its own layers.
    fn divides(&self) -> bool {
        false
    }

    /// Returns the edits that only this rule set has.
    fn edits(&self) -> &'static [EditKind] {
        &[]
    }
}

pub struct EditKind {
    /// The value of `op`.
    pub(crate) op: &'static str,
    pub(crate) read: fn(serde_json::Value) -> serde_json::Result<Edit>,
}

impl EditKind {
    pub(crate) const fn of<E: DeserializeOwned + Into<Edit>>(op: &'static str) -> Self {
        Self { op, read: |fields| serde_json::from_value::<E>(fields).map(Into::into) }
    }
}
