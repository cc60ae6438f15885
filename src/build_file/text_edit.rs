//! Edits of a text: disjoint ranges and their replacements.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use super::span::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// Empty for an insertion.
    pub range: Span,
    pub insert: Vec<u8>,
}

/// Disjoint and sorted replacements in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextEdits(Vec<TextEdit>);

/// Two edits change the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Start of the second edit.
    pub at: usize,
}

impl fmt::Display for Overlap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "two edits overlap at byte {}", self.at)
    }
}

impl Error for Overlap {}

impl TextEdits {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn as_slice(&self) -> &[TextEdit] {
        &self.0
    }

    /// Insertions at one place are joined in the given order, before a replacement that starts there.
    ///
    /// # Errors
    /// When two replacements overlap.
    pub fn new(edits: Vec<TextEdit>) -> Result<Self, Overlap> {
        let mut insertions: BTreeMap<usize, Vec<u8>> = BTreeMap::new();
        let mut replacements = Vec::new();
        for edit in edits {
            if edit.range.start >= edit.range.end {
                insertions.entry(edit.range.start).or_default().extend(edit.insert);
            } else {
                replacements.push(edit);
            }
        }
        replacements.sort_by_key(|edit| edit.range);
        for edit in &mut replacements {
            if let Some(mut before) = insertions.remove(&edit.range.start) {
                before.append(&mut edit.insert);
                edit.insert = before;
            }
        }
        replacements.extend(insertions.into_iter().map(|(at, insert)| TextEdit { range: Span::new(at, at), insert }));
        replacements.retain(|edit| edit.range.start != edit.range.end || !edit.insert.is_empty());
        replacements.sort_by_key(|edit| edit.range);
        for (first, second) in replacements.iter().zip(replacements.iter().skip(1)) {
            if second.range.start < first.range.end {
                return Err(Overlap { at: second.range.start });
            }
        }
        Ok(Self(replacements))
    }

    /// # Errors
    /// When the edits overlap.
    pub fn union(self, other: Self) -> Result<Self, Overlap> {
        Self::new(self.0.into_iter().chain(other.0).collect())
    }

    #[must_use]
    pub fn apply(&self, source: &[u8]) -> Vec<u8> {
        self.apply_within(source, Span::new(0, source.len()))
    }

    /// Returns the text of `span` after the edits inside of it.
    #[must_use]
    pub fn apply_within(&self, source: &[u8], span: Span) -> Vec<u8> {
        let mut result = Vec::with_capacity(span.end.saturating_sub(span.start));
        let mut at = span.start;
        for edit in self.0.iter().filter(|edit| span.contains(edit.range)) {
            result.extend_from_slice(Span::new(at, edit.range.start).slice(source));
            result.extend_from_slice(&edit.insert);
            at = edit.range.end;
        }
        result.extend_from_slice(Span::new(at, span.end).slice(source));
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: usize, end: usize, insert: &str) -> TextEdit {
        TextEdit { range: Span::new(start, end), insert: insert.into() }
    }

    #[test]
    fn applies_in_order_of_place() {
        let edits = TextEdits::new(vec![edit(4, 5, "E"), edit(0, 1, "A"), edit(2, 2, "+"), edit(2, 2, "-")]).unwrap();
        assert_eq!(edits.apply(b"abcde"), b"Ab+-cdE");
        assert_eq!(edits.apply_within(b"abcde", Span::new(1, 3)), b"b+-c");
    }

    #[test]
    fn an_insertion_goes_before_a_replacement_at_its_place() {
        let edits = TextEdits::new(vec![edit(1, 2, "X"), edit(1, 1, "+")]).unwrap();
        assert_eq!(edits.apply(b"abc"), b"a+Xc");
    }

    #[test]
    fn refuses_overlaps() {
        assert_eq!(TextEdits::new(vec![edit(0, 2, ""), edit(1, 3, "")]), Err(Overlap { at: 1 }));
        let one = TextEdits::new(vec![edit(0, 2, "")]).unwrap();
        assert!(one.clone().union(one).is_err());
    }
}
