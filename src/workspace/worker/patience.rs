//! How long answers are waited for.

use std::time::Duration;

/// How long the parent waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For one file.
    pub per_file: Duration,
    /// Time lost to files that did not answer, over a whole workspace; then the rest is not evaluated at all.
    pub in_vain: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { per_file: Duration::from_secs(4), in_vain: Duration::from_secs(40) }
    }
}
