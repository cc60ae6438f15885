//! `dep_layers` and the layer rules: a macro's argument with the groups of an image, lowest first.

pub mod left_library;
pub mod macro_class;
pub mod migration;
pub mod rules;

use crate::rule_sets::rule_set::RuleSet;

/// The rule set of macros with a `dep_layers` argument.
pub struct DepLayers;

impl RuleSet for DepLayers {
    fn name(&self) -> &'static str {
        "dep_layers"
    }
}
