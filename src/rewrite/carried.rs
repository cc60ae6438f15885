//! Comments of dependencies that move from one target to another.

use crate::build_file::new_text::{NewElement, NewText};

use crate::rewrite::labels::DependencyKey;

#[derive(Default)]
pub(crate) struct Carried(Vec<(DependencyKey, NewElement)>);

impl Carried {
    pub(crate) fn take(&mut self, key: DependencyKey, element: NewElement) {
        self.0.push((key, element));
    }

    /// Adds the comments of every element with this key to the new element.
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
