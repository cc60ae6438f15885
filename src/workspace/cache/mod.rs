//! Results of evaluation, kept between starts by the content of all that they read. Does IO in one folder of its own.
//!
//! A result is used again only if every file, list of files and setting that its evaluation read is what it was. The kept
//! file is never trusted for more than values: what is damaged, foreign or made by another build is as good as none.

mod evaluator;
mod format;
mod kept_results;
mod present;
mod stamp;
mod store;
#[cfg(test)]
mod tests;

pub use evaluator::CachedEvaluator;
pub use store::{clear, folder_bytes};
