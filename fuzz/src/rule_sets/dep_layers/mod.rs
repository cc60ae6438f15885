//! The `mod` lines of `src/rule_sets/dep_layers/mod.rs` that make text.

#[path = "../../../../src/rule_sets/dep_layers/add_py_library.rs"]
pub mod add_py_library;
#[path = "../../../../src/rule_sets/dep_layers/set_dep_layers.rs"]
pub mod set_dep_layers;
#[path = "../../../../src/rule_sets/dep_layers/value/mod.rs"]
mod value;
