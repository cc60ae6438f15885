//! Pending work, of which the latest answer counts, and notices.

use crate::jobs::Progress;

/// Numbers requests, so that a late answer to an earlier one is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// Work whose latest answer wins: at most one request, with data about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending<T, Id = Generation>(Option<(Id, T)>);

impl<T, Id> Default for Pending<T, Id> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T, Id: Copy + PartialEq> Pending<T, Id> {
    /// Replaces any earlier request.
    pub fn start(&mut self, id: Id, about: T) {
        self.0 = Some((id, about));
    }

    /// Returns the data of the request.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, about)| about)
    }

    #[must_use]
    pub fn is_active(&self) -> bool {
        self.0.is_some()
    }

    /// Returns `true` if `id` is the awaited request.
    pub(crate) fn is_for(&self, id: Id) -> bool {
        self.id() == Some(id)
    }

    pub(crate) fn id(&self) -> Option<Id> {
        self.0.as_ref().map(|(id, _)| *id)
    }

    /// Returns the data of a request unless a later one has replaced it.
    pub(crate) fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.0.as_mut().filter(|(awaited, _)| *awaited == id).map(|(_, about)| about)
    }

    /// Ends the wait. `None` means that the answer is late and must be dropped.
    pub(crate) fn finish(&mut self, id: Id) -> Option<T> {
        self.0.take_if(|(awaited, _)| *awaited == id).map(|(_, about)| about)
    }

    /// Stops waiting and returns the request, to be cancelled.
    pub(crate) fn stop(&mut self) -> Option<(Id, T)> {
        self.0.take()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// For example `Reading the workspace`.
    pub title: String,
    pub progress: Progress,
    pub can_cancel: bool,
}

impl Work {
    pub(crate) fn new(title: &str, can_cancel: bool) -> Self {
        Self { title: title.to_owned(), progress: Progress::default(), can_cancel }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: u64,
    pub is_error: bool,
    /// One or two sentences.
    pub text: String,
    /// Offers to undo the last Apply.
    pub offers_undo: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_request_wins() {
        let mut pending = Pending::default();
        pending.start(Generation(1), "first");
        pending.start(Generation(2), "second");
        assert_eq!(pending.finish(Generation(1)), None);
        assert_eq!(pending.get(), Some(&"second"));
        assert_eq!(pending.finish(Generation(2)), Some("second"));
        assert_eq!(pending.finish(Generation(2)), None, "an answer counts once");
        pending.start(Generation(3), "third");
        assert_eq!(pending.stop(), Some((Generation(3), "third")));
        assert!(!pending.is_active());
    }
}
