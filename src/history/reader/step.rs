use crate::history::request::HistoryError;
use crate::jobs::{Progress, Watch};

/// Reports `progress`.
///
/// # Errors
/// When cancelled.
pub(super) fn step(watch: &dyn Watch, progress: Progress) -> Result<(), HistoryError> {
    if watch.is_cancelled() {
        return Err(HistoryError::Cancelled);
    }
    watch.report(progress);
    Ok(())
}
