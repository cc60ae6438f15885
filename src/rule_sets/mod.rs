//! Rule sets: the rules and macros that decide an image's layers. One folder each, behind `rule_set::RuleSet`, and a
//! line in `registry::RULE_SETS`.

pub(crate) mod compression;
pub mod dep_layers;
pub(crate) mod export;
pub mod expressions;
pub mod oci_tars;
mod package_names;
pub mod paths;
pub mod pkg_tar;
pub mod py_layer_bzl;
pub(crate) mod registry;
mod request;
pub(crate) mod rule_set;
pub mod rules_docker;
pub mod rules_img;
pub mod rules_py_1;
pub mod rules_py_2;
mod stack_of;
#[cfg(test)]
mod stack_tests;
pub mod view;

pub use stack_of::stack_of;
