//! Caches evaluations by the content of all that they read, in one folder. A result is reused only if every file,
//! listing and setting that it read is unchanged. A damaged or foreign cache, or one of another build, counts as empty.

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
