//! Places in a file: byte ranges, and lines and columns.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Empty if the range is not in `source`.
    #[must_use]
    pub fn slice(self, source: &[u8]) -> &[u8] {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// For messages and names; invalid UTF-8 becomes replacement characters.
    #[must_use]
    pub fn text(self, source: &[u8]) -> String {
        String::from_utf8_lossy(self.slice(source)).into_owned()
    }

    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range with both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Counted from 1, in bytes, as in Bazel's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// The starts of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineStarts(Vec<usize>);

impl LineStarts {
    /// Only a line feed ends a line.
    #[must_use]
    pub fn new(source: &[u8]) -> Self {
        let mut starts = vec![0];
        starts.extend(source.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1));
        Self(starts)
    }

    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let line = self.0.partition_point(|start| *start <= offset).max(1);
        Position { line, column: offset - self.0.get(line - 1).copied().unwrap_or_default() + 1 }
    }

    /// Start of the line that holds `offset`.
    #[must_use]
    pub fn line_start(&self, offset: usize) -> usize {
        let line = self.0.partition_point(|start| *start <= offset).max(1);
        self.0.get(line - 1).copied().unwrap_or_default()
    }

    /// `None` for a last line without a line feed.
    #[must_use]
    pub fn next_line_start(&self, offset: usize) -> Option<usize> {
        self.0.get(self.0.partition_point(|start| *start <= offset)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_columns_from_one() {
        let lines = LineStarts::new(b"ab\r\nc\n");
        let check = |offset, line, column| assert_eq!(lines.position(offset), Position { line, column });
        check(0, 1, 1);
        check(3, 1, 4);
        check(4, 2, 1);
        check(6, 3, 1);
        assert_eq!(lines.line_start(5), 4);
        assert_eq!(lines.next_line_start(1), Some(4));
        assert_eq!(lines.next_line_start(6), None);
    }
}
