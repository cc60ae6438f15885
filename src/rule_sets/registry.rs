//! The rule sets that there are.

use crate::rule_sets::dep_layers::DepLayers;
use crate::rule_sets::rule_set::RuleSet;

/// Every rule set, in the order in which they are asked for what they know of a target.
pub static RULE_SETS: [&dyn RuleSet; 1] = [&DepLayers];
