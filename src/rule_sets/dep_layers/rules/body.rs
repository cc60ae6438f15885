//! The body of a function as lines, each parsed as a statement of its own. (The tree of a file keeps bodies as text.) A
//! line that can't be understood is no statement.

use crate::build_file::fold::{self, Constants, FoldedValue};
use crate::build_file::lexer::{Token, TokenKind};
use crate::build_file::span::Span;
use crate::build_file::tree::{Argument, ArgumentKind, Brackets, ExpressionId, ExpressionKind, StatementKind};
use crate::build_file::{BuildFile, Dialect, parse};

/// A statement, or the header of a block with its lines.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Without comments.
    pub span: Span,
    /// Above it since the line before, inside it and behind it.
    pub comments: Vec<Span>,
    pub indentation: usize,
    pub below: Vec<Line>,
}

/// A call, with the file made of its statement alone.
pub(crate) struct Call {
    /// Its places are relative to `offset`.
    pub file: BuildFile,
    /// Start of the statement in the whole file.
    pub offset: usize,
    pub brackets: Brackets,
    pub arguments: Vec<Argument>,
}

pub(crate) fn lines(file: &BuildFile, body: Span) -> Vec<Line> {
    let mut flat: Vec<Line> = Vec::new();
    let (mut open, mut comments, mut depth) = (None::<Line>, Vec::new(), 0_usize);
    for token in file.tokens_in(body) {
        match token.kind {
            TokenKind::Space | TokenKind::Continuation | TokenKind::ByteOrderMark => {}
            TokenKind::Newline if depth == 0 => flat.extend(open.take()),
            TokenKind::Newline => {}
            TokenKind::Comment => match &mut open {
                Some(line) => line.comments.push(token.span),
                None => comments.push(token.span),
            },
            kind => {
                match kind {
                    TokenKind::Open => depth += 1,
                    TokenKind::Close => depth = depth.saturating_sub(1),
                    _ => {}
                }
                match &mut open {
                    Some(line) => line.span = line.span.to(token.span),
                    None => open = Some(started(file, *token, std::mem::take(&mut comments))),
                }
            }
        }
    }
    flat.extend(open);
    nested(flat)
}

fn started(file: &BuildFile, token: Token, comments: Vec<Span>) -> Line {
    let indentation = token.span.start - file.line_start(token.span.start);
    Line { span: token.span, comments, indentation, below: Vec::new() }
}

/// Nests lines by indentation, without recursion: nesting is as deep as the file says.
fn nested(flat: Vec<Line>) -> Vec<Line> {
    let mut open: Vec<Line> = Vec::new();
    let mut top: Vec<Line> = Vec::new();
    for line in flat {
        close(&mut open, &mut top, line.indentation);
        open.push(line);
    }
    close(&mut open, &mut top, 0);
    top
}

/// Ends open lines that are indented at least as much as the next one.
fn close(open: &mut Vec<Line>, top: &mut Vec<Line>, indentation: usize) {
    while open.last().is_some_and(|last| last.indentation >= indentation) {
        let Some(done) = open.pop() else { return };
        match open.last_mut() {
            Some(outer) => outer.below.push(done),
            None => top.push(done),
        }
    }
}

impl Line {
    /// With all lines below, from top to bottom.
    pub fn all(&self) -> Vec<&Line> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(line) = waiting.pop() {
            found.push(line);
            waiting.extend(line.below.iter().rev());
        }
        found
    }

    pub fn whole(&self) -> Span {
        self.all().into_iter().fold(self.span, |span, line| span.to(line.span))
    }

    /// With those of all lines below.
    pub fn all_comments(&self) -> Vec<Span> {
        self.all().into_iter().flat_map(|line| line.comments.iter().copied()).collect()
    }

    pub fn statement(&self, file: &BuildFile) -> Option<(BuildFile, StatementKind)> {
        let alone = parse(file.bytes(self.span), Dialect::Bzl);
        let kind = match alone.tree.statements.as_slice() {
            [statement] if alone.problems.is_empty() => statement.kind.clone(),
            _ => return None,
        };
        Some((alone, kind))
    }

    /// The call, if its function is in `functions`.
    pub fn call_of(&self, file: &BuildFile, functions: &[String]) -> Option<Call> {
        let (alone, kind) = self.statement(file)?;
        let StatementKind::Expression(id) = kind else { return None };
        call(alone, id, self.span.start, functions)
    }

    /// `name = value`: the name, and the file of `value`.
    pub fn assignment(&self, file: &BuildFile) -> Option<(String, BuildFile, ExpressionId)> {
        let (alone, kind) = self.statement(file)?;
        let StatementKind::Assignment { target, value, augmented: false } = kind else { return None };
        let ExpressionKind::Name(name) = &alone.tree.expression(target).kind else { return None };
        Some((name.clone(), alone, value))
    }

    /// `list.append(value)` or `list += [value]`: the list and the value.
    pub fn append(&self, file: &BuildFile) -> Option<(String, BuildFile, ExpressionId)> {
        let (alone, kind) = self.statement(file)?;
        let (list, value) = match kind {
            StatementKind::Assignment { target, value, augmented: true } => match &alone.tree.expression(value).kind {
                ExpressionKind::List { elements, .. } if elements.len() == 1 => (target, *elements.first()?),
                _ => return None,
            },
            StatementKind::Expression(id) => match &alone.tree.expression(id).kind {
                ExpressionKind::Call { function, arguments, .. } => match &alone.tree.expression(*function).kind {
                    ExpressionKind::Dot { object, name } if name == "append" => (*object, arguments.first()?.value),
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        let ExpressionKind::Name(name) = &alone.tree.expression(list).kind else { return None };
        Some((name.clone(), alone, value))
    }

    /// Returns `true` if these lines read or bind `name`. Names of keyword arguments don't count.
    pub fn mentions(&self, file: &BuildFile, name: &str) -> bool {
        let tokens: Vec<&Token> = file
            .tokens_in(self.whole())
            .iter()
            .filter(|token| !matches!(token.kind, TokenKind::Space | TokenKind::Newline | TokenKind::Comment))
            .collect();
        let mut depth = 0_usize;
        let text = |index: usize| tokens.get(index).map(|token| file.bytes(token.span)).unwrap_or_default();
        tokens.iter().enumerate().any(|(index, token)| {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            let after_dot = index.checked_sub(1).is_some_and(|before| text(before) == b".");
            let is_keyword = depth > 0 && text(index + 1) == b"=";
            token.kind == TokenKind::Identifier
                && file.bytes(token.span) == name.as_bytes()
                && !after_dot
                && !is_keyword
        })
    }
}

/// The call, if its function is in `functions`.
fn call(alone: BuildFile, id: ExpressionId, offset: usize, functions: &[String]) -> Option<Call> {
    let ExpressionKind::Call { function, brackets, arguments } = alone.tree.expression(id).kind.clone() else {
        return None;
    };
    let ExpressionKind::Name(name) = &alone.tree.expression(function).kind else { return None };
    functions.contains(name).then_some(Call { file: alone, offset, brackets, arguments })
}

impl Call {
    pub fn argument(&self, name: &str) -> Option<ExpressionId> {
        let named = |argument: &&Argument| matches!(&argument.kind, ArgumentKind::Keyword(other) if other == name);
        self.arguments.iter().find(named).map(|argument| argument.value)
    }

    /// Folds a keyword argument.
    pub fn value(&self, name: &str, constants: &Constants) -> Option<FoldedValue> {
        self.argument(name).map(|id| fold::value(&self.file, id, constants))
    }

    pub fn text(&self, id: ExpressionId) -> String {
        self.file.text(self.file.tree.expression(id).outer)
    }

    /// Converts a place of the statement to one of the whole file.
    pub fn place(&self, span: Span) -> Span {
        Span::new(span.start + self.offset, span.end + self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> (BuildFile, Vec<Line>) {
        let file = parse(text.as_bytes(), Dialect::Bzl);
        let body = file.definitions().next().unwrap().0.body;
        let lines = lines(&file, body);
        (file, lines)
    }

    #[test]
    fn lines_stand_below_what_is_indented_less() {
        let text = "def f(a):\n    # one\n    x = [\n        a,  # two\n    ]\n    if a:\n        for b in a:\n            x.append(b)\n\n        y(b = 1)\n    z(x)\n";
        let (file, lines) = body(text);
        let shape: Vec<(String, usize)> = lines.iter().map(|line| (file.text(line.span), line.all().len())).collect();
        assert_eq!(
            shape,
            [("x = [\n        a,  # two\n    ]".to_owned(), 1), ("if a:".to_owned(), 4), ("z(x)".to_owned(), 1)]
        );
        assert_eq!(lines[0].comments.len(), 2);
        assert!(lines[1].mentions(&file, "x") && lines[2].mentions(&file, "x"));
        assert!(!lines[2].mentions(&file, "a"));
    }

    #[test]
    fn a_keyword_is_no_mention() {
        let (file, lines) = body("def f(a):\n    g(a = 1, b = c.a)\n    h(b == a)\n");
        assert!(!lines[0].mentions(&file, "a"));
        assert!(lines[1].mentions(&file, "a"));
    }

    #[test]
    fn says_what_a_line_does() {
        let (file, lines) =
            body("def f(x):\n    v = []\n    v.append(x)\n    v += [x]\n    pkg_tar(name = x)\n    )\n");
        assert_eq!(lines[0].assignment(&file).unwrap().0, "v");
        assert_eq!(lines[1].append(&file).unwrap().0, "v");
        assert_eq!(lines[2].append(&file).unwrap().0, "v");
        assert!(lines[3].call_of(&file, &["pkg_tar".to_owned()]).is_some());
        assert!(lines[4].statement(&file).is_none());
    }
}
