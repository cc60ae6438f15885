//! The rule sets that there are.

use crate::rule_sets::dep_layers::DepLayers;
use crate::rule_sets::oci_tars::OciTars;
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::rules_py_1::RulesPy1;

/// Every rule set, in the order in which they are asked for what they know of a target.
pub static RULE_SETS: [&dyn RuleSet; 3] = [&DepLayers, &RulesPy1, &OciTars];
