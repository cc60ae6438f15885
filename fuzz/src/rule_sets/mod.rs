//! The edits that rule sets bring.

pub mod dep_layers;
