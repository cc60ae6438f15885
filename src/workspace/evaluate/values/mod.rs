//! Starlark values in place of Bazel's own. Nothing here is written as `unsafe`; the derive that needs the exception is
//! named where this module is declared.

pub mod label_value;
pub mod macro_shim;
pub mod opaque;
pub mod recorder_handle;
pub mod requirement;
pub mod rule_class;
pub mod selection;
pub mod symbolic_macro;
