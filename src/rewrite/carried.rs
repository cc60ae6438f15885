//! Comments that travel: a dependency that one edit takes from a target and another writes elsewhere brings its comments along.

use crate::build_file::new_text::{NewElement, NewText};

use crate::rewrite::labels::DependencyKey;

/// Elements that leave their lists in a request, with their comments.
#[derive(Default)]
pub(crate) struct Carried(Vec<(DependencyKey, NewElement)>);

impl Carried {
    /// Adds an element that leaves its list.
    pub(crate) fn take(&mut self, key: DependencyKey, element: NewElement) {
        self.0.push((key, element));
    }

    /// Gives the comments of every element with this key to the new element that stands for it.
    pub(crate) fn give(&mut self, key: &DependencyKey, mut element: NewElement) -> NewElement {
        let (mine, others) = std::mem::take(&mut self.0).into_iter().partition(|(other, _)| other == key);
        self.0 = others;
        for (_, old) in mine {
            element.above.extend(old.above);
            match (&element.suffix, old.suffix) {
                (None, suffix) => element.suffix = suffix,
                (Some(_), Some(second)) => element.above.push(second.trim_ascii_start().to_vec()),
                (Some(_), None) => {}
            }
            if matches!(&element.text, NewText::Verbatim(text) if text.is_empty()) {
                element.text = old.text;
            }
        }
        element
    }
}
