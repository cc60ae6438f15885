//! Undo and redo of whole gestures, without a limit.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undo<T> {
    past: Vec<T>,
    present: T,
    future: Vec<T>,
}

impl<T> Undo<T> {
    #[must_use]
    pub fn new(present: T) -> Self {
        Self { past: Vec::new(), present, future: Vec::new() }
    }

    #[must_use]
    pub fn present(&self) -> &T {
        &self.present
    }

    /// Makes `next` the present and drops undone steps.
    pub fn push(&mut self, next: T) {
        self.past.push(std::mem::replace(&mut self.present, next));
        self.future.clear();
    }

    /// Returns `false` if there is no step back.
    pub fn undo(&mut self) -> bool {
        let Some(previous) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.present, previous));
        true
    }

    /// Returns `false` if there is no step forward.
    pub fn redo(&mut self) -> bool {
        let Some(next) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.present, next));
        true
    }

    /// Changes every step, past and future.
    pub fn for_each(&mut self, change: impl FnMut(&mut T)) {
        let steps = self.past.iter_mut().chain(std::iter::once(&mut self.present)).chain(&mut self.future);
        steps.for_each(change);
    }

    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_back_and_forth_and_forgets_the_future_on_a_new_step() {
        let mut undo = Undo::new(0);
        assert!(!undo.undo());
        undo.push(1);
        undo.push(2);
        assert!(undo.undo());
        assert_eq!(*undo.present(), 1);
        assert!(undo.redo());
        assert_eq!(*undo.present(), 2);
        assert!(undo.undo());
        undo.push(3);
        assert!(!undo.redo());
        assert!(undo.undo());
        assert_eq!(*undo.present(), 1);
    }
}
