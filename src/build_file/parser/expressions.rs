//! Expressions by precedence climbing. Each level counts against the depth limit.

use std::collections::BTreeSet;

use super::super::lexer::TokenKind;
use super::super::problem::ProblemKind;
use super::super::span::Span;
use super::super::string_literal;
use super::super::tree::{Argument, ArgumentKind, Brackets, Clause, DictEntry, ExpressionId, ExpressionKind};
use super::{Dialect, Parsed, Parser, is_reserved};

/// With precedence; higher binds more tightly.
const BINARY: [(&str, usize); 20] = [
    ("or", 1),
    ("and", 2),
    ("==", 4),
    ("!=", 4),
    ("<", 4),
    (">", 4),
    ("<=", 4),
    (">=", 4),
    ("in", 4),
    ("|", 5),
    ("^", 6),
    ("&", 7),
    ("<<", 8),
    (">>", 8),
    ("+", 9),
    ("-", 9),
    ("*", 10),
    ("/", 10),
    ("//", 10),
    ("%", 10),
];
const NOT: usize = 3;
const COMPARISON: usize = 4;

impl Parser<'_> {
    /// Several expressions with commas are a tuple.
    pub(super) fn expression_or_tuple(&mut self) -> Parsed<ExpressionId> {
        let first = self.test()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut elements = vec![first];
        while self.take(",").is_some() {
            if self.is("=")
                || self.is(")")
                || self.is("]")
                || self.peek().is_none_or(|token| token.kind == TokenKind::Newline)
            {
                break;
            }
            elements.push(self.test()?);
        }
        let span = Span::new(self.outer(first).start, self.end());
        self.push(span, ExpressionKind::Tuple(elements.clone()), &elements)
    }

    /// A conditional, a lambda or operators.
    pub(super) fn test(&mut self) -> Parsed<ExpressionId> {
        self.deeper(|parser| {
            if let Some(start) = parser.take("lambda") {
                parser.parameters(":")?;
                parser.expect(":")?;
                let body = parser.test()?;
                return parser.push(start.to(parser.outer(body)), ExpressionKind::Opaque, &[body]);
            }
            let then = parser.binary(0)?;
            if parser.take("if").is_none() {
                return Ok(then);
            }
            let condition = parser.binary(0)?;
            parser.expect("else")?;
            let otherwise = parser.test()?;
            let span = parser.outer(then).to(parser.outer(otherwise));
            parser.push(span, ExpressionKind::Conditional { then, condition, otherwise }, &[then, condition, otherwise])
        })
    }

    fn binary(&mut self, minimum: usize) -> Parsed<ExpressionId> {
        let mut left = self.operand(minimum)?;
        while let Some((operator, precedence, tokens)) = self.binary_operator() {
            if precedence < minimum {
                break;
            }
            let mut operands = vec![left];
            let mut operators = vec![operator];
            self.at += tokens;
            operands.push(self.deeper(|parser| parser.binary(precedence + 1))?);
            while let Some((operator, same, tokens)) = self.binary_operator() {
                if same != precedence {
                    break;
                }
                if precedence == COMPARISON {
                    return Err(self.unexpected("the end of a comparison (comparisons can't be chained)"));
                }
                self.at += tokens;
                operators.push(operator);
                operands.push(self.deeper(|parser| parser.binary(precedence + 1))?);
            }
            let span = Span::new(self.outer(left).start, self.end());
            left = self.push(span, ExpressionKind::Chain { operands: operands.clone(), operators }, &operands)?;
        }
        Ok(left)
    }

    /// The next binary operator, its precedence and number of tokens.
    fn binary_operator(&self) -> Option<(&'static str, usize, usize)> {
        if self.is("not") && self.is_at(1, "in") {
            return Some(("not in", COMPARISON, 2));
        }
        BINARY.iter().find(|(text, _)| self.is(text)).map(|(text, precedence)| (*text, *precedence, 1))
    }

    fn operand(&mut self, minimum: usize) -> Parsed<ExpressionId> {
        let (operator, not) = match () {
            () if minimum <= NOT && self.is("not") => ("not", true),
            () if self.is("-") => ("-", false),
            () if self.is("+") => ("+", false),
            () if self.is("~") => ("~", false),
            () => return self.primary(),
        };
        let start = self.expect(operator)?;
        let operand = self.deeper(|parser| if not { parser.binary(NOT) } else { parser.operand(NOT + 1) })?;
        self.push(start.to(self.outer(operand)), ExpressionKind::Unary { operator, operand }, &[operand])
    }

    fn primary(&mut self) -> Parsed<ExpressionId> {
        let mut left = self.atom()?;
        loop {
            let start = self.outer(left).start;
            if self.take(".").is_some() {
                let (name, name_span) = self.identifier()?;
                left =
                    self.push(Span::new(start, name_span.end), ExpressionKind::Dot { object: left, name }, &[left])?;
            } else if let Some(open) = self.take("(") {
                let arguments = self.arguments()?;
                let close = self.expect(")")?;
                let mut parts: Vec<_> = arguments.iter().map(|argument| argument.value).collect();
                parts.push(left);
                let kind = ExpressionKind::Call { function: left, brackets: Brackets { open, close }, arguments };
                left = self.push(Span::new(start, close.end), kind, &parts)?;
            } else if self.take("[").is_some() {
                left = self.index_or_slice(left)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn index_or_slice(&mut self, object: ExpressionId) -> Parsed<ExpressionId> {
        let mut parts = Vec::new();
        let mut colons = 0;
        while !self.is("]") {
            if colons < 2 && self.take(":").is_some() {
                colons += 1;
            } else {
                parts.push(self.expression_or_tuple()?);
                if !self.is(":") {
                    break;
                }
            }
        }
        let close = self.expect("]")?;
        let span = Span::new(self.outer(object).start, close.end);
        match parts.as_slice() {
            [index] if colons == 0 => {
                self.push(span, ExpressionKind::Index { object, index: *index }, &[object, *index])
            }
            [] if colons == 0 => Err(self.fail(ProblemKind::Syntax, close, "an index is missing before `]`")),
            _ => {
                parts.push(object);
                self.push(span, ExpressionKind::Opaque, &parts)
            }
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments: Vec<Argument> = Vec::new();
        let mut names = BTreeSet::new();
        while !self.is(")") {
            let Some(first) = self.peek() else {
                return Err(self.unexpected("`)`"));
            };
            let keyword = first.kind == TokenKind::Identifier && self.is_at(1, "=");
            let kind = if self.take("**").is_some() {
                ArgumentKind::StarStar
            } else if self.take("*").is_some() {
                ArgumentKind::Star
            } else if keyword {
                let (name, _) = self.identifier()?;
                self.expect("=")?;
                ArgumentKind::Keyword(name)
            } else {
                ArgumentKind::Positional
            };
            let value = self.test()?;
            let span = Span::new(first.span.start, self.end());
            self.check_argument(span, &kind, arguments.last().map(|argument| &argument.kind), &mut names);
            arguments.push(Argument { span, kind, value });
            if self.take(",").is_none() {
                break;
            }
        }
        Ok(arguments)
    }

    fn check_argument(
        &mut self,
        span: Span,
        kind: &ArgumentKind,
        before: Option<&ArgumentKind>,
        names: &mut BTreeSet<String>,
    ) {
        match kind {
            ArgumentKind::Positional if !matches!(before, None | Some(ArgumentKind::Positional)) => {
                self.note(ProblemKind::Syntax, span, "an argument by position can't follow one by name");
            }
            ArgumentKind::Keyword(name) if !names.insert(name.clone()) => {
                self.note(ProblemKind::Syntax, span, format!("the argument `{name}` is given twice"));
            }
            ArgumentKind::Star | ArgumentKind::StarStar if self.dialect == Dialect::Build => {
                let text: String = span.text(self.source).chars().take(60).collect();
                self.note(ProblemKind::StarArgument, span, format!("`{text}` is not allowed in a BUILD file"));
            }
            _ => {}
        }
    }

    fn atom(&mut self) -> Parsed<ExpressionId> {
        let Some(token) = self.peek() else {
            return Err(self.unexpected("a value"));
        };
        match token.kind {
            TokenKind::String => self.string(token.span),
            TokenKind::Number => {
                self.at += 1;
                self.push(token.span, ExpressionKind::Number, &[])
            }
            TokenKind::Identifier if is_reserved(&token.span.text(self.source)) => Err(self.unexpected("a value")),
            TokenKind::Identifier => {
                self.at += 1;
                let name = token.span.text(self.source);
                if name == "native" && self.dialect == Dialect::Build {
                    self.note(ProblemKind::NotInBuildFile, token.span, "there is no `native` in a BUILD file");
                }
                self.push(token.span, ExpressionKind::Name(name), &[])
            }
            TokenKind::Open if self.is("(") => self.parenthesised(token.span),
            TokenKind::Open if self.is("[") => self.list(token.span),
            TokenKind::Open => self.dict(token.span),
            _ => Err(self.unexpected("a value")),
        }
    }

    pub(super) fn string(&mut self, span: Span) -> Parsed<ExpressionId> {
        self.at += 1;
        if let Some(next) = self.peek().filter(|next| next.kind == TokenKind::String) {
            return Err(self.fail(
                ProblemKind::Syntax,
                next.span,
                "two strings in a row are not joined; write `+` between them",
            ));
        }
        // The lexer reports a literal that can't be decoded.
        let value = string_literal::decode(span.slice(self.source)).unwrap_or_default();
        self.push(span, ExpressionKind::String(value), &[])
    }

    fn parenthesised(&mut self, open: Span) -> Parsed<ExpressionId> {
        self.at += 1;
        if let Some(close) = self.take(")") {
            return self.push(open.to(close), ExpressionKind::Tuple(Vec::new()), &[]);
        }
        let inner = self.expression_or_tuple()?;
        let close = self.expect(")")?;
        if let Some(expression) = self.tree.expressions.get_mut(inner.0) {
            expression.outer = open.to(close);
        }
        Ok(inner)
    }

    fn list(&mut self, open: Span) -> Parsed<ExpressionId> {
        self.at += 1;
        let mut elements = Vec::new();
        while !self.is("]") {
            elements.push(self.test()?);
            if elements.len() == 1 && self.is("for") {
                let body = elements.remove(0);
                return self.deeper(|parser| parser.comprehension(open, None, body, "]"));
            }
            if self.take(",").is_none() {
                break;
            }
        }
        let close = self.expect("]")?;
        let kind = ExpressionKind::List { brackets: Brackets { open, close }, elements: elements.clone() };
        self.push(open.to(close), kind, &elements)
    }

    fn dict(&mut self, open: Span) -> Parsed<ExpressionId> {
        self.at += 1;
        let mut entries = Vec::new();
        let mut parts = Vec::new();
        while !self.is("}") {
            let key = self.test()?;
            self.expect(":")?;
            let value = self.test()?;
            if entries.is_empty() && self.is("for") {
                return self.deeper(|parser| parser.comprehension(open, Some(key), value, "}"));
            }
            entries.push(DictEntry { span: self.outer(key).to(self.outer(value)), key, value });
            parts.extend([key, value]);
            if self.take(",").is_none() {
                break;
            }
        }
        let close = self.expect("}")?;
        self.push(open.to(close), ExpressionKind::Dict { brackets: Brackets { open, close }, entries }, &parts)
    }

    fn comprehension(
        &mut self,
        open: Span,
        key: Option<ExpressionId>,
        body: ExpressionId,
        end: &str,
    ) -> Parsed<ExpressionId> {
        let mut clauses = Vec::new();
        let mut parts: Vec<ExpressionId> = key.into_iter().chain([body]).collect();
        while !self.is(end) {
            if self.take("for").is_some() {
                let target = self.loop_variables()?;
                self.expect("in")?;
                let iterable = self.binary(0)?;
                parts.extend([target, iterable]);
                clauses.push(Clause::For { target, iterable });
            } else {
                self.expect("if")?;
                let condition = self.binary(0)?;
                parts.push(condition);
                clauses.push(Clause::If(condition));
            }
        }
        let close = self.expect(end)?;
        let kind = ExpressionKind::Comprehension { brackets: Brackets { open, close }, key, body, clauses };
        self.push(open.to(close), kind, &parts)
    }

    fn loop_variables(&mut self) -> Parsed<ExpressionId> {
        let first = self.primary()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut elements = vec![first];
        while self.take(",").is_some() && !self.is("in") {
            elements.push(self.primary()?);
        }
        let span = Span::new(self.outer(first).start, self.end());
        self.push(span, ExpressionKind::Tuple(elements.clone()), &elements)
    }
}
