//! Maps lines of a changed text to lines on disk, so that refusals name lines that the user can look at.

use crate::build_file::span::LineStarts;
use crate::build_file::text_edit::TextEdits;

/// The line on disk of each line of a changed text.
#[derive(Clone, Debug, Default)]
pub(crate) struct DiskLines(Vec<usize>);

impl DiskLines {
    /// Counted from 1; an inserted line has that of its place.
    pub(crate) fn of(&self, line: usize) -> usize {
        self.0.get(line.saturating_sub(1)).copied().unwrap_or(line)
    }

    /// Lines of `after`, which `edits` make of `before`.
    pub(crate) fn edited(&self, before: &[u8], edits: &TextEdits, after: &[u8]) -> Self {
        let starts = LineStarts::new(before);
        let mut edits = edits.as_slice().iter().peekable();
        // Ends of the last edit before the line.
        let (mut old_end, mut new_end) = (0, 0);
        let ends = after.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).map(|start| {
            while let Some(edit) = edits.peek() {
                let new_start = new_end + (edit.range.start - old_end);
                if new_start + edit.insert.len() > start {
                    // The line starts inside of an insertion, or before it.
                    let old = old_end + start.saturating_sub(new_end);
                    return self.of(starts.position(old.min(edit.range.start)).line);
                }
                (old_end, new_end) = (edit.range.end, new_start + edit.insert.len());
                edits.next();
            }
            self.of(starts.position(old_end + (start - new_end)).line)
        });
        Self(lines.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build_file::span::Span;
    use crate::build_file::text_edit::TextEdit;

    /// Edits as `at length text`.
    fn lines(before: &str, lines: &DiskLines, edits: &[(usize, usize, &str)]) -> (String, DiskLines) {
        let edit = |&(at, length, text): &(usize, usize, &str)| TextEdit {
            range: Span::new(at, at + length),
            insert: text.into(),
        };
        let edits = TextEdits::new(edits.iter().map(edit).collect()).unwrap();
        let after = edits.apply(before.as_bytes());
        let lines = lines.edited(before.as_bytes(), &edits, &after);
        (String::from_utf8(after).unwrap(), lines)
    }

    #[test]
    fn lines_are_those_of_the_first_text() {
        let (text, first) = lines("a\nb\nc\n", &DiskLines::default(), &[(2, 0, "x\ny\n"), (4, 1, "C")]);
        assert_eq!((text.as_str(), &first.0), ("a\nx\ny\nb\nC\n", &vec![1, 2, 2, 2, 3, 4]));
        let (text, second) = lines(&text, &first, &[(0, 4, ""), (8, 0, "1\n2\n")]);
        assert_eq!((text.as_str(), &second.0), ("y\nb\n1\n2\nC\n", &vec![2, 2, 3, 3, 3, 4]));
    }
}
