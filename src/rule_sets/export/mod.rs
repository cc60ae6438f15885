//! Exports of a plan for other rule sets: text to paste, and its limits. Each writer names the published rule that it
//! follows.

mod dialect;
mod dockerfile;
mod oci_image;
mod plan_words;
mod rules_img;
mod rules_py;
#[cfg(test)]
mod tests;

pub use dialect::{Dialect, write};
pub use plan_words::{InDialect, LayerWords, LockedName, PlanWords};
