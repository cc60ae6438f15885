use crate::rule_sets::dep_layers::DepLayers;
use crate::rule_sets::oci_tars::OciTars;
use crate::rule_sets::pkg_tar::PkgTar;
use crate::rule_sets::py_layer_bzl::PyLayerBzl;
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::rules_docker::RulesDocker;
use crate::rule_sets::rules_img::RulesImg;
use crate::rule_sets::rules_py_1::RulesPy1;
use crate::rule_sets::rules_py_2::RulesPy2;

/// In the order in which they are asked about a target.
pub static RULE_SETS: [&dyn RuleSet; 8] =
    [&DepLayers, &RulesPy1, &RulesPy2, &PyLayerBzl, &PkgTar, &RulesImg, &RulesDocker, &OciTars];
