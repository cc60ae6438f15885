//! The rules and macros that decide what is in an image's layers: one folder per rule set, each behind `rule_set::RuleSet`.
//!
//! All that is special to a rule set stands in its folder. A new one is a folder and a line in `registry::RULE_SETS`.

pub(crate) mod compression;
pub mod dep_layers;
pub(crate) mod export;
pub mod expressions;
pub mod oci_tars;
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
