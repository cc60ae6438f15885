//! Statements: load, assignment, expression, definition; other blocks are skipped.

use super::super::lexer::TokenKind;
use super::super::problem::ProblemKind;
use super::super::span::Span;
use super::super::tree::{
    Brackets, Definition, ExpressionId, ExpressionKind, Load, LoadedSymbol, Parameter, ParameterKind, StatementKind,
};
use super::{Dialect, Failed, Parsed, Parser};

impl Parser<'_> {
    pub(super) fn statements(&mut self) {
        while let Some(token) = self.peek() {
            if token.kind == TokenKind::Newline {
                self.at += 1;
            } else if self.lines.position(token.span.start).column > 1 && self.begins_line(token.span.start) {
                self.note(ProblemKind::Syntax, token.span, "this statement is indented without a reason");
                self.opaque_line(token.span.start);
            } else {
                self.logical_line(token.span.start);
            }
        }
    }

    /// Returns `true` if only blanks stand before `offset` on its line.
    fn begins_line(&self, offset: usize) -> bool {
        let blanks = Span::new(self.lines.line_start(offset), offset).slice(self.source);
        blanks.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
    }

    fn opaque_line(&mut self, start: usize) {
        while self.peek().is_some_and(|token| token.kind != TokenKind::Newline) {
            self.at += 1;
        }
        self.push_statement(start, StatementKind::Opaque);
    }

    fn logical_line(&mut self, start: usize) {
        let first_problem = self.problems.len();
        let result = if self.is("def") {
            self.definition(start)
        } else if ["if", "elif", "else", "for", "while"].iter().any(|word| self.is(word)) {
            self.block(start)
        } else {
            self.simple_statements()
        };
        if result.is_err() {
            debug_assert!(self.problems.len() > first_problem || first_problem >= super::PROBLEM_LIMIT);
            let unread = self.first_token_after_statements(start);
            self.opaque_line(unread);
        }
    }

    /// Start of the rest of a line that is no statement: after `a; ` in `a; )`.
    fn first_token_after_statements(&self, start: usize) -> usize {
        let done = self.tree.statements.last().map_or(start, |statement| statement.span.end.max(start));
        let first = self.tokens.partition_point(|token| token.span.start < done);
        let mut rest = self.tokens.iter().skip(first);
        rest.find(|token| self.text(**token) != b";").map_or(done, |token| token.span.start)
    }

    fn simple_statements(&mut self) -> Parsed<()> {
        loop {
            let Some(token) = self.peek().filter(|token| token.kind != TokenKind::Newline) else {
                return Ok(());
            };
            let kind = self.simple_statement()?;
            self.push_statement(token.span.start, kind);
            if self.take(";").is_none() {
                break;
            }
        }
        match self.peek() {
            Some(token) if token.kind != TokenKind::Newline => Err(self.unexpected("the end of the statement")),
            _ => Ok(()),
        }
    }

    fn simple_statement(&mut self) -> Parsed<StatementKind> {
        if self.is("load") {
            return self.load().map(StatementKind::Load);
        }
        if self.dialect == Dialect::Bzl && self.take("pass").is_some() {
            return Ok(StatementKind::Opaque);
        }
        let target = self.expression_or_tuple()?;
        let augmented = ["+=", "-=", "*=", "/=", "//=", "%=", "&=", "|=", "^=", "<<=", ">>="]
            .iter()
            .any(|operator| self.is(operator));
        if !augmented && !self.is("=") {
            return Ok(StatementKind::Expression(target));
        }
        self.check_target(target);
        self.at += 1;
        let value = self.expression_or_tuple()?;
        Ok(StatementKind::Assignment { target, value, augmented })
    }

    fn check_target(&mut self, target: ExpressionId) {
        let expression = self.tree.expression(target);
        let assignable = matches!(
            expression.kind,
            ExpressionKind::Name(_)
                | ExpressionKind::Tuple(_)
                | ExpressionKind::List { .. }
                | ExpressionKind::Index { .. }
                | ExpressionKind::Dot { .. }
        );
        if !assignable {
            let span = expression.span;
            self.note(ProblemKind::Syntax, span, "nothing can be assigned to this");
        }
    }

    fn load(&mut self) -> Parsed<Load> {
        self.expect("load")?;
        let open = self.expect("(")?;
        let (module, module_name, _) = self.load_string()?;
        let mut symbols = Vec::new();
        while self.take(",").is_some() {
            if self.is(")") {
                break;
            }
            let renamed = self.is_at(1, "=");
            let alias = if renamed { Some(self.identifier()?) } else { None };
            if renamed {
                self.expect("=")?;
            }
            let (_, original, span) = self.load_string()?;
            let (local, span) = match alias {
                Some((local, name_span)) => (local, name_span.to(span)),
                None => (original.clone(), span),
            };
            symbols.push(LoadedSymbol { local, original, span });
        }
        let close = self.expect(")")?;
        if symbols.is_empty() {
            self.note(ProblemKind::Syntax, open.to(close), "this load statement loads nothing");
        }
        Ok(Load { module, module_name, symbols, brackets: Brackets { open, close } })
    }

    fn load_string(&mut self) -> Parsed<(ExpressionId, String, Span)> {
        match self.peek() {
            Some(token) if token.kind == TokenKind::String => {
                let id = self.string(token.span)?;
                let text = match &self.tree.expression(id).kind {
                    ExpressionKind::String(value) => String::from_utf8_lossy(value).into_owned(),
                    _ => String::new(),
                };
                Ok((id, text, token.span))
            }
            _ => Err(self.unexpected("a string")),
        }
    }

    fn definition(&mut self, start: usize) -> Parsed<()> {
        let keyword = self.expect("def")?;
        self.refuse_in_build(keyword, "functions can't be defined in a BUILD file");
        let (name, _) = self.identifier()?;
        self.expect("(")?;
        let parameters = self.parameters(")")?;
        self.expect(")")?;
        if self.take("->").is_some() {
            self.test()?;
        }
        let body = self.body()?;
        self.push_statement(start, StatementKind::Definition(Definition { name, parameters, body }));
        Ok(())
    }

    pub(super) fn parameters(&mut self, end: &str) -> Parsed<Vec<Parameter>> {
        let mut parameters = Vec::new();
        let mut after_star = false;
        while !self.is(end) {
            let plain = if after_star { ParameterKind::KeywordOnly } else { ParameterKind::Plain };
            let kind = match () {
                () if self.take("**").is_some() => ParameterKind::StarStar,
                () if self.take("*").is_some() => ParameterKind::Star,
                () => plain,
            };
            after_star |= kind == ParameterKind::Star;
            let bare = kind == ParameterKind::Star && self.is(",");
            let name = if bare { String::new() } else { self.identifier()?.0 };
            if end == ")" && self.take(":").is_some() {
                self.test()?;
            }
            let default = if self.take("=").is_some() { Some(self.test()?) } else { None };
            parameters.push(Parameter { name, kind, default });
            if self.take(",").is_none() {
                break;
            }
        }
        Ok(parameters)
    }

    fn block(&mut self, start: usize) -> Parsed<()> {
        let Some(keyword) = self.peek() else {
            return Err(Failed);
        };
        let word = keyword.span.text(self.source);
        self.at += 1;
        self.refuse_in_build(keyword.span, &format!("`{word}` statements are not allowed in a BUILD file"));
        while self.peek().is_some_and(|token| token.kind != TokenKind::Newline) && !self.ends_header() {
            self.at += 1;
        }
        self.body()?;
        self.push_statement(start, StatementKind::Opaque);
        Ok(())
    }

    /// Returns `true` if the next token is the colon that ends the header.
    fn ends_header(&self) -> bool {
        self.is(":") && self.peek_after(1).is_none_or(|token| token.kind == TokenKind::Newline)
    }

    /// A colon and all lines indented below it.
    fn body(&mut self) -> Parsed<Span> {
        let colon = self.expect(":")?;
        self.skip_line();
        let mut end = self.end();
        while let Some(newline) = self.peek() {
            let next = self.peek_after(1);
            let inside = next.is_some_and(|token| self.lines.position(token.span.start).column > 1);
            if newline.kind != TokenKind::Newline || !inside {
                break;
            }
            self.at += 1;
            self.skip_line();
            end = self.end();
        }
        Ok(Span::new(colon.end, end))
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|token| token.kind != TokenKind::Newline) {
            self.at += 1;
        }
    }

    fn refuse_in_build(&mut self, span: Span, message: &str) {
        if self.dialect == Dialect::Build {
            self.note(ProblemKind::NotInBuildFile, span, message);
        }
    }
}
