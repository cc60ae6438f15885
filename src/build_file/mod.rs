//! One BUILD file as text: lossless tokens and tree, spans, edits. Uses nothing else of the crate.

pub mod bindings;
pub mod bracket;
pub mod fold;
pub mod lexer;
pub mod new_text;
mod parser;
pub mod problem;
pub mod sequence;
#[cfg(test)]
mod sequence_tests;
pub mod span;
pub mod string_literal;
pub mod style;
pub mod text_edit;
pub mod tree;

use lexer::{Token, TokenKind};
pub use parser::Dialect;
use problem::Problem;
use span::{LineStarts, Position, Span};
use tree::Tree;

#[derive(Clone, Debug, PartialEq)]
pub struct BuildFile {
    pub source: Vec<u8>,
    /// Together they are the bytes.
    pub tokens: Vec<Token>,
    pub tree: Tree,
    /// What Bazel would refuse, in order.
    pub problems: Vec<Problem>,
    lines: LineStarts,
}

/// Never fails: what can't be understood becomes a problem.
#[must_use]
pub fn parse(source: &[u8], dialect: Dialect) -> BuildFile {
    let lines = LineStarts::new(source);
    let (tokens, mut problems) = lexer::lex(source);
    let (tree, more) = parser::parse(source, &tokens, &lines, dialect);
    problems.extend(more);
    problems.sort_by_key(|problem| (problem.span.start, problem.kind));
    BuildFile { source: source.to_vec(), tokens, tree, problems, lines }
}

impl BuildFile {
    #[must_use]
    pub fn bytes(&self, span: Span) -> &[u8] {
        span.slice(&self.source)
    }

    /// For messages and names.
    #[must_use]
    pub fn text(&self, span: Span) -> String {
        span.text(&self.source)
    }

    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(offset)
    }

    /// Counted from 1.
    #[must_use]
    pub fn line(&self, offset: usize) -> usize {
        self.lines.position(offset).line
    }

    /// Start of the line that holds `offset`.
    #[must_use]
    pub fn line_start(&self, offset: usize) -> usize {
        self.lines.line_start(offset)
    }

    /// Offset after the line end; the file's length for a last line without one.
    #[must_use]
    pub fn line_end(&self, offset: usize) -> usize {
        self.lines.next_line_start(offset).unwrap_or(self.source.len())
    }

    #[must_use]
    pub fn tokens_in(&self, span: Span) -> &[Token] {
        let first = self.tokens.partition_point(|token| token.span.start < span.start);
        let last = self.tokens.partition_point(|token| token.span.end <= span.end);
        self.tokens.get(first..last.max(first)).unwrap_or_default()
    }

    pub fn comments(&self) -> impl Iterator<Item = Span> {
        self.tokens.iter().filter(|token| token.kind == TokenKind::Comment).map(|token| token.span)
    }

    #[must_use]
    pub fn indentation(&self, offset: usize) -> &[u8] {
        let start = self.line_start(offset);
        let line = self.source.get(start..).unwrap_or_default();
        let length = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        line.get(..length).unwrap_or_default()
    }
}
