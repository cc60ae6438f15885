//! Work under way, of which the latest answer counts, and the short messages about it.

use crate::jobs::Progress;

/// Numbers requests, so that a late answer to an earlier one is recognised and dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// One kind of work whose latest answer wins: at most one request is awaited, together with what is kept about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending<T, Id = Generation>(Option<(Id, T)>);

impl<T, Id> Default for Pending<T, Id> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T, Id: Copy + PartialEq> Pending<T, Id> {
    /// Awaits this request from now on; an earlier one is forgotten.
    pub fn start(&mut self, id: Id, about: T) {
        self.0 = Some((id, about));
    }

    /// Returns what is kept about the awaited request.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|(_, about)| about)
    }

    /// Returns whether an answer is awaited.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.0.is_some()
    }

    /// Returns whether the answer to this request is awaited.
    pub(crate) fn is_for(&self, id: Id) -> bool {
        self.id() == Some(id)
    }

    /// Returns the awaited request.
    pub(crate) fn id(&self) -> Option<Id> {
        self.0.as_ref().map(|(id, _)| *id)
    }

    /// Returns what is kept about a request, unless a later one took its place.
    pub(crate) fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.0.as_mut().filter(|(awaited, _)| *awaited == id).map(|(_, about)| about)
    }

    /// Ends the wait with the answer to this request. `None` means that the answer is late and must be dropped.
    pub(crate) fn finish(&mut self, id: Id) -> Option<T> {
        self.0.take_if(|(awaited, _)| *awaited == id).map(|(_, about)| about)
    }

    /// Stops waiting and returns the request, so that it can be cancelled.
    pub(crate) fn stop(&mut self) -> Option<(Id, T)> {
        self.0.take()
    }
}

/// Work that the user waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// What it is, such as `Reading the workspace`.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
    /// Whether it can be stopped half way.
    pub can_cancel: bool,
}

impl Work {
    /// Returns work that has just begun.
    pub(crate) fn new(title: &str, can_cancel: bool) -> Self {
        Self { title: title.to_owned(), progress: Progress::default(), can_cancel }
    }
}

/// A short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Identifies it.
    pub id: u64,
    /// Whether something went wrong.
    pub is_error: bool,
    /// One or two sentences.
    pub text: String,
    /// Whether it offers to undo the last Apply.
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
