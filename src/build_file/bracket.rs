//! The content of brackets: items, commas, and the comments of each.
//!
//! A comment belongs to the item that it touches from above, or whose last line it ends. The list keeps a comment
//! behind the opening bracket, one followed by a blank line, those before the closing bracket, and instructions to
//! tools about the whole list (`keep sorted`, `do not sort`, `buildifier:`).

use super::BuildFile;
use super::lexer::{Token, TokenKind};
use super::span::Span;
use super::tree::{Brackets, ExpressionId, ExpressionKind};

#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    pub open: Span,
    pub close: Span,
    pub items: Vec<Item>,
    /// There is no line end between the brackets, other than in strings.
    pub one_line: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// With its parentheses.
    pub span: Span,
    pub comma: Option<Span>,
    pub above: Vec<Span>,
    pub suffix: Option<Span>,
    /// It is the first on its line.
    pub starts_line: bool,
    /// Only its comma and comment follow on its last line.
    pub ends_line: bool,
    /// Its lines with its comments, if nothing else shares them.
    pub block: Option<Span>,
}

impl Bracket {
    #[must_use]
    pub fn of(file: &BuildFile, brackets: Brackets, spans: &[Span]) -> Self {
        let mut items = Vec::with_capacity(spans.len());
        let mut before = brackets.open.end;
        for (index, span) in spans.iter().enumerate() {
            let after = spans.get(index + 1).map_or(brackets.close.start, |next| next.start);
            items.push(item(file, *span, Span::new(before, span.start), Span::new(span.end, after)));
            before = span.end;
        }
        let inside = file.tokens_in(Span::new(brackets.open.end, brackets.close.start));
        let one_line = !inside.iter().any(|token| token.kind == TokenKind::Newline);
        Self { open: brackets.open, close: brackets.close, items, one_line }
    }

    #[must_use]
    pub fn of_expression(file: &BuildFile, id: ExpressionId) -> Option<Self> {
        let outer = |id: &ExpressionId| file.tree.expression(*id).outer;
        let (brackets, spans): (_, Vec<Span>) = match &file.tree.expression(id).kind {
            ExpressionKind::List { brackets, elements } => (brackets, elements.iter().map(outer).collect()),
            ExpressionKind::Dict { brackets, entries } => (brackets, entries.iter().map(|entry| entry.span).collect()),
            ExpressionKind::Call { brackets, arguments, .. } => {
                (brackets, arguments.iter().map(|argument| argument.span).collect())
            }
            _ => return None,
        };
        Some(Self::of(file, *brackets, &spans))
    }

    #[must_use]
    pub fn inside(&self) -> Span {
        Span::new(self.open.end, self.close.start)
    }

    /// Returns `true` if a line ends between the brackets, outside of `part`.
    #[must_use]
    pub fn is_broken_around(&self, file: &BuildFile, part: Span) -> bool {
        let newline = |token: &Token| token.kind == TokenKind::Newline && !part.contains(token.span);
        file.tokens_in(self.inside()).iter().any(newline)
    }

    /// Returns the comments that belong to no item, without nested ones.
    pub fn free_comments<'a>(&'a self, file: &'a BuildFile) -> impl Iterator<Item = Span> + 'a {
        let owned = move |span: Span| {
            self.items
                .iter()
                .any(|item| item.span.contains(span) || item.suffix == Some(span) || item.above.contains(&span))
        };
        let comments = file.tokens_in(self.inside()).iter().filter(|token| token.kind == TokenKind::Comment);
        comments.map(|token| token.span).filter(move |span| !owned(*span))
    }

    /// Returns the blanks of one more level of indentation; `None` if no item starts a line.
    #[must_use]
    pub fn indentation_unit(&self, file: &BuildFile) -> Option<Vec<u8>> {
        let item = self.items.iter().find(|item| item.starts_line)?;
        let unit = file.indentation(item.span.start).strip_prefix(file.indentation(self.open.start))?;
        // An item below the bracket is aligned, not indented.
        (unit == b"\t" || matches!(unit.len(), 2..=4 | 8)).then(|| unit.to_vec())
    }
}

impl Item {
    #[must_use]
    pub fn suffix_with_blanks(&self, file: &BuildFile) -> Option<Vec<u8>> {
        let suffix = self.suffix?;
        let before = self.comma.filter(|comma| comma.end <= suffix.start).unwrap_or(self.span);
        Some(file.bytes(Span::new(before.end, suffix.end)).to_vec())
    }

    #[must_use]
    pub fn line_end(&self, file: &BuildFile) -> usize {
        let last = [Some(self.span), self.comma, self.suffix].into_iter().flatten().map(|span| span.end).max();
        file.line_end(last.unwrap_or(self.span.end).max(1) - 1)
    }

    /// Start of the item's first line, with its comments.
    #[must_use]
    pub fn first_line_start(&self, file: &BuildFile) -> usize {
        file.line_start(self.above.first().map_or(self.span.start, |comment| comment.start))
    }
}

fn item(file: &BuildFile, span: Span, before: Span, after: Span) -> Item {
    let before: Vec<&Token> = file.tokens_in(before).iter().filter(|token| token.kind != TokenKind::Space).collect();
    let after: Vec<&Token> = file.tokens_in(after).iter().filter(|token| token.kind != TokenKind::Space).collect();
    let starts_line = before.last().is_some_and(|token| token.kind == TokenKind::Newline);
    let same_line = || after.iter().take_while(|token| token.kind != TokenKind::Newline);
    let is_comma = |token: &&&Token| file.bytes(token.span) == b",";
    let comma = after.iter().find(|token| file.bytes(token.span) == b",").map(|token| token.span);
    let comma_on_line = same_line().find(is_comma).map(|token| token.span);
    let suffix = same_line().find(|token| token.kind == TokenKind::Comment).map(|token| token.span);
    let ends_line = after.iter().any(|token| token.kind == TokenKind::Newline);
    let mut item =
        Item { span, comma, above: comments_above(file, &before), suffix, starts_line, ends_line, block: None };
    if starts_line && ends_line && comma == comma_on_line {
        item.block = Some(Span::new(item.first_line_start(file), item.line_end(file)));
    }
    item
}

/// Comments on their own lines that touch what follows `before`.
fn comments_above(file: &BuildFile, before: &[&Token]) -> Vec<Span> {
    let mut comments = Vec::new();
    let mut rest = before.iter().rev();
    if rest.next().is_none_or(|token| token.kind != TokenKind::Newline) {
        return comments;
    }
    while let (Some(comment), Some(newline)) = (rest.next(), rest.next()) {
        let own_line = comment.kind == TokenKind::Comment && newline.kind == TokenKind::Newline;
        if !own_line || speaks_of_the_list(file.bytes(comment.span)) {
            break;
        }
        comments.push(comment.span);
    }
    comments.reverse();
    comments
}

/// Recognises instructions to tools about the whole list.
fn speaks_of_the_list(comment: &[u8]) -> bool {
    let text = String::from_utf8_lossy(comment).to_lowercase();
    ["keep sorted", "do not sort", "buildifier:"].iter().any(|words| text.contains(words))
}

/// The lines of a statement, with the comments that touch it from above and behind.
#[must_use]
pub fn statement_block(file: &BuildFile, statement: Span) -> Span {
    let mut start = file.line_start(statement.start);
    while start > 0 {
        let previous = file.line_start(start - 1);
        let line = Span::new(previous, start).slice(&file.source);
        let comment = file.tokens_in(Span::new(previous, start)).iter().find(|token| token.kind != TokenKind::Space);
        if !line.trim_ascii_start().starts_with(b"#") || comment.is_none_or(|token| token.kind != TokenKind::Comment) {
            break;
        }
        start = previous;
    }
    Span::new(start, file.line_end(statement.end.max(1) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build_file::tree::StatementKind;
    use crate::build_file::{Dialect, parse};

    fn bracket(source: &str) -> (BuildFile, Bracket) {
        let file = parse(source.as_bytes(), Dialect::Build);
        let Some(StatementKind::Assignment { value, .. }) =
            file.tree.statements.first().map(|statement| statement.kind.clone())
        else {
            panic!("no assignment");
        };
        let bracket = Bracket::of_expression(&file, value).unwrap();
        (file, bracket)
    }

    fn check(source: &str, expected: &[&str]) {
        let (file, bracket) = bracket(source);
        let blocks: Vec<String> =
            bracket.items.iter().map(|item| item.block.map(|block| file.text(block)).unwrap_or_default()).collect();
        assert_eq!(blocks, expected);
    }

    #[test]
    fn comments_go_with_what_they_touch() {
        check(
            "x = [  # of the list\n  # of a\n  'a',  # of a too\n\n  # of the list\n\n  # of b\n  'b'\n  # of the list\n]",
            &["  # of a\n  'a',  # of a too\n", "  # of b\n  'b'\n"],
        );
        check(
            "x = [\n  # do not sort: why\n  'a',\n  # keep sorted\n  # of b\n  'b',\n]",
            &["  'a',\n", "  # of b\n  'b',\n"],
        );
    }

    #[test]
    fn items_that_share_lines_have_no_block() {
        check("x = ['a',\n  'b', 'c',\n  'd'\n  ,\n 'e']", &["", "", "", "", ""]);
    }

    #[test]
    fn free_comments_stay_with_the_list() {
        let (file, bracket) = bracket("x = [  # one\n  # of a\n  ['a'  # inner\n  ],\n  # two\n]");
        let free: Vec<String> = bracket.free_comments(&file).map(|span| file.text(span)).collect();
        assert_eq!(free, ["# one", "# two"]);
    }

    #[test]
    fn statements_own_what_touches_them() {
        let file = parse(b"# header\n\n# of x\n# too\nx = 1  # tail\n# of y\ny = 2", Dialect::Build);
        let blocks: Vec<String> =
            file.tree.statements.iter().map(|statement| file.text(statement_block(&file, statement.span))).collect();
        assert_eq!(blocks, ["# of x\n# too\nx = 1  # tail\n", "# of y\ny = 2"]);
    }
}
