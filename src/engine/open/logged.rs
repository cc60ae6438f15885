//! Says on standard error what is under way, for `-v`: each step with the time since the work began, what it counts with `-vv`.

use std::time::Instant;

use crate::jobs::Progress;

/// `progress`, with a line in the log for each step.
pub(crate) fn logged<'a>(progress: &'a mut dyn FnMut(Progress)) -> impl FnMut(Progress) + 'a {
    let start = Instant::now();
    move |step| {
        let milliseconds = start.elapsed().as_millis();
        if step.total == 0 && step.done == 0 {
            tracing::debug!("{milliseconds:>6} ms  {}", step.message);
        } else {
            tracing::trace!("{milliseconds:>6} ms  {} ({} of {})", step.message, step.done, step.total);
        }
        progress(step);
    }
}
