//! The same plan in the words of other rule sets: text to paste, and what the words can't say.
//!
//! Pure text. Each writer follows the published rule that its first lines name. Nothing is written to a workspace.

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
