//! `dep_layers` and the layer rules: a macro's argument with the groups of an image, lowest first.

pub(crate) mod add_py_library;
pub(crate) mod left_library;
pub(crate) mod macro_class;
pub(crate) mod migration;
pub(crate) mod rules;
pub mod set_dep_layers;
mod stack;
mod value;

use crate::label::Label;
use crate::layers::stack::StackLayer;
use crate::rule_sets::rule_set::{EditKind, RuleSet};
use crate::rule_sets::view::View;
use crate::workspace::model::Target;
use add_py_library::AddPyLibrary;
use set_dep_layers::SetDepLayers;

pub struct DepLayers;

impl RuleSet for DepLayers {
    fn name(&self) -> &'static str {
        "dep_layers"
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        stack::layer(view, label, target)
    }

    fn edits(&self) -> &'static [EditKind] {
        const EDITS: &[EditKind] =
            &[EditKind::of::<SetDepLayers>("set_dep_layers"), EditKind::of::<AddPyLibrary>("add_py_library")];
        EDITS
    }
}
