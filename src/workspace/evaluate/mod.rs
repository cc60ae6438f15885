//! Evaluates BUILD files like Bazel. The workspace's own `.bzl` files really run; other repositories are replaced by
//! stand-ins. Reads files only through [`source_tree::SourceTree`].

pub mod attributes;
pub mod evaluated;
pub mod evaluator;
pub mod glob;
pub mod in_process;
pub mod instantiate;
pub mod names;
pub mod reads;
pub mod source_tree;

#[cfg(test)]
pub mod memory_tree;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

mod call_forms;
mod convert;
mod dialect;
mod functions;
mod globals;
mod json;
mod limits;
mod load;
pub mod models;
mod operators;
mod prepare;
mod recorder;
#[allow(
    unsafe_code,
    unused_qualifications,
    clippy::panic,
    reason = "derives of the Starlark crate write these with our types' spans: a marker `unsafe impl`, and a panic in the \
              saving of values, which is never called"
)]
mod values;

pub use values::requirement::requirement_label;
