//! Tokens to a tree, with a limit on depth. Never fails: what is no Starlark becomes [`StatementKind::Opaque`] and a
//! problem, and parsing goes on behind it. A file without problems is one that Bazel parses.

mod expressions;
mod statements;
#[cfg(test)]
mod tests;

use super::lexer::{Token, TokenKind};
use super::problem::{Problem, ProblemKind};
use super::span::{LineStarts, Span};
use super::tree::{Expression, ExpressionId, ExpressionKind, Statement, StatementKind, Tree};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Build,
    Bzl,
}

/// Real files reach about 10.
pub const DEPTH_LIMIT: usize = 200;

const PROBLEM_LIMIT: usize = 100;

/// A problem was already recorded.
struct Failed;

type Parsed<T> = Result<T, Failed>;

struct Parser<'a> {
    source: &'a [u8],
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    dialect: Dialect,
    tree: Tree,
    heights: Vec<usize>,
    problems: Vec<Problem>,
    lines: &'a LineStarts,
}

pub(super) fn parse(source: &[u8], tokens: &[Token], lines: &LineStarts, dialect: Dialect) -> (Tree, Vec<Problem>) {
    let mut parser = Parser {
        source,
        tokens: significant(tokens),
        at: 0,
        depth: 0,
        dialect,
        tree: Tree::default(),
        heights: Vec::new(),
        problems: Vec::new(),
        lines,
    };
    parser.statements();
    (parser.tree, parser.problems)
}

/// Drops blanks, comments, and line ends inside of statements.
fn significant(tokens: &[Token]) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len() / 2);
    let mut depth = 0_usize;
    for token in tokens {
        match token.kind {
            TokenKind::Space | TokenKind::Comment | TokenKind::Continuation | TokenKind::ByteOrderMark => continue,
            TokenKind::Newline if depth > 0 || kept.last().is_none_or(|last| last.kind == TokenKind::Newline) => {
                continue;
            }
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        kept.push(*token);
    }
    kept
}

impl Parser<'_> {
    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn peek_after(&self, distance: usize) -> Option<Token> {
        self.tokens.get(self.at + distance).copied()
    }

    fn text(&self, token: Token) -> &[u8] {
        token.span.slice(self.source)
    }

    /// Returns `true` if the next token is `text`; a string never is.
    fn is(&self, text: &str) -> bool {
        self.is_at(0, text)
    }

    fn is_at(&self, distance: usize, text: &str) -> bool {
        self.peek_after(distance)
            .is_some_and(|token| token.kind != TokenKind::String && self.text(token) == text.as_bytes())
    }

    fn take(&mut self, text: &str) -> Option<Span> {
        let span = self.peek().filter(|_| self.is(text))?.span;
        self.at += 1;
        Some(span)
    }

    fn expect(&mut self, text: &str) -> Parsed<Span> {
        match self.take(text) {
            Some(span) => Ok(span),
            None => Err(self.unexpected(&format!("`{text}`"))),
        }
    }

    fn identifier(&mut self) -> Parsed<(String, Span)> {
        match self.peek() {
            Some(token) if token.kind == TokenKind::Identifier => {
                let text = token.span.text(self.source);
                if is_reserved(&text) {
                    return Err(self.fail(ProblemKind::Syntax, token.span, format!("`{text}` is a reserved word")));
                }
                self.at += 1;
                Ok((text, token.span))
            }
            _ => Err(self.unexpected("a name")),
        }
    }

    /// End of the last token read.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.span.end)
    }

    fn note(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) {
        if self.problems.len() < PROBLEM_LIMIT {
            self.problems.push(Problem { kind, span, message: message.into() });
        }
    }

    fn fail(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) -> Failed {
        self.note(kind, span, message);
        Failed
    }

    fn unexpected(&mut self, wanted: &str) -> Failed {
        let (span, found) = match self.peek() {
            None => (Span::new(self.source.len(), self.source.len()), "the end of the file".to_owned()),
            Some(token) if token.kind == TokenKind::Newline => (token.span, "the end of the line".to_owned()),
            Some(token) => {
                let text: String = token.span.text(self.source).chars().take(40).collect();
                (token.span, format!("`{text}`"))
            }
        };
        self.fail(ProblemKind::Syntax, span, format!("{found} is here where {wanted} should be"))
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH_LIMIT {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&mut self) -> Failed {
        let span = self.peek().map_or_else(Span::default, |token| token.span);
        self.fail(ProblemKind::TooDeep, span, format!("this is nested more than {DEPTH_LIMIT} levels deep"))
    }

    /// Adds an expression unless the tree becomes too high to walk.
    fn push(&mut self, span: Span, kind: ExpressionKind, parts: &[ExpressionId]) -> Parsed<ExpressionId> {
        let height = 1 + parts.iter().filter_map(|part| self.heights.get(part.0)).max().copied().unwrap_or_default();
        if height > DEPTH_LIMIT {
            return Err(self.too_deep());
        }
        let id = ExpressionId(self.tree.expressions.len());
        self.tree.expressions.push(Expression { span, outer: span, kind });
        self.heights.push(height);
        Ok(id)
    }

    fn outer(&self, id: ExpressionId) -> Span {
        self.tree.expression(id).outer
    }

    fn push_statement(&mut self, start: usize, kind: StatementKind) {
        let span = Span::new(start, self.end().max(start));
        self.tree.statements.push(Statement { span, kind });
    }
}

fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "as"
            | "assert"
            | "async"
            | "break"
            | "class"
            | "continue"
            | "def"
            | "del"
            | "elif"
            | "else"
            | "except"
            | "finally"
            | "for"
            | "from"
            | "global"
            | "if"
            | "import"
            | "in"
            | "is"
            | "lambda"
            | "load"
            | "nonlocal"
            | "not"
            | "or"
            | "pass"
            | "raise"
            | "return"
            | "try"
            | "while"
            | "with"
            | "yield"
    )
}
