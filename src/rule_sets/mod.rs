//! The rules and macros that decide what is in an image's layers: one folder per rule set, each behind [`RuleSet`].
//!
//! All that is special to a rule set stands in its folder. A new one is a folder and a line in [`RULE_SETS`].

pub mod compression;
pub mod dep_layers;
pub mod export;
mod rule_set;

pub use rule_set::RuleSet;

/// Every rule set, in the order in which they are asked for what they know of a target.
pub static RULE_SETS: [&dyn RuleSet; 1] = [&dep_layers::DepLayers];
