//! The text of `dep_layers`: a list, or a sum of lists, of dicts.

pub(crate) mod chain;
mod element;
pub(crate) mod layer;
pub(crate) mod list;
pub(crate) mod targets;
