use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    pub per_file: Duration,
    /// Total time lost to files that did not answer; then the rest is not evaluated.
    pub in_vain: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { per_file: Duration::from_secs(4), in_vain: Duration::from_secs(40) }
    }
}
