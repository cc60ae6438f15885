//! Delays reports of changes that come in bursts.

use std::time::{Duration, Instant};

/// Ends a burst: an editor writes, renames and removes within this time.
const SILENCE: Duration = Duration::from_millis(150);
/// Longest delay of the first report.
const LONGEST: Duration = Duration::from_millis(600);
/// The delay grows up to this while changes go on, such as during a build.
const LONGEST_OF_ALL: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(crate) struct Debounce {
    first: Option<Instant>,
    last: Option<Instant>,
    longest: Duration,
}

impl Default for Debounce {
    fn default() -> Self {
        Self { first: None, last: None, longest: LONGEST }
    }
}

impl Debounce {
    pub(crate) fn note(&mut self, now: Instant) {
        self.first.get_or_insert(now);
        self.last = Some(now);
    }

    /// Returns the time of the next report.
    #[must_use]
    pub(crate) fn due(&self) -> Option<Instant> {
        Some((self.last? + SILENCE).min(self.first? + self.longest))
    }

    /// Resets after a report.
    pub(crate) fn take(&mut self) {
        let is_quiet = self.due().zip(self.last).is_none_or(|(due, last)| due >= last + SILENCE);
        self.longest = if is_quiet { LONGEST } else { (self.longest * 2).min(LONGEST_OF_ALL) };
        (self.first, self.last) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[test]
    fn one_change_is_told_after_a_silence() {
        let start = Instant::now();
        let mut debounce = Debounce::default();
        assert_eq!(debounce.due(), None);
        debounce.note(start);
        debounce.note(start + 20 * MILLISECOND);
        assert_eq!(debounce.due(), Some(start + 20 * MILLISECOND + SILENCE));
        debounce.take();
        assert_eq!(debounce.due(), None);
    }

    #[test]
    fn noise_without_end_is_told_more_and_more_seldom() {
        let start = Instant::now();
        let mut debounce = Debounce::default();
        let mut reported = Vec::new();
        for step in 0..400 {
            let now = start + step * 50 * MILLISECOND;
            if debounce.due().is_some_and(|due| due <= now) {
                reported.push(now.duration_since(start).as_millis());
                debounce.take();
            }
            debounce.note(now);
        }
        assert_eq!(reported, [600, 1_800, 4_200, 9_000, 14_000, 19_000]);
        // After a silence it is as quick as ever.
        debounce.take();
        let later = start + Duration::from_secs(60);
        debounce.note(later);
        debounce.take();
        (0..20).for_each(|step| debounce.note(later + step * 100 * MILLISECOND));
        assert_eq!(debounce.due(), Some(later + LONGEST));
    }
}
