//! `dep_layers` and the layer rules: a macro's argument with the groups of an image, lowest first.

pub mod left_library;
pub mod macro_class;
pub mod migration;
pub mod rules;
