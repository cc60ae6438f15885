//! The calls at the top level of a file.

use super::super::tree::{ExpressionId, ExpressionKind, StatementKind};
use super::evaluate::Folder;
use super::value::{FoldedCall, FoldedValue};

/// Calls of one comprehension before its values count as unknown.
const ROUND_LIMIT: usize = 10_000;

impl Folder<'_> {
    pub(super) fn calls(&mut self) -> Vec<FoldedCall> {
        let mut calls = Vec::new();
        for statement in &self.file.tree.statements {
            match &statement.kind {
                StatementKind::Expression(value) | StatementKind::Assignment { value, .. } => {
                    self.collect_calls(*value, None, &mut calls);
                }
                StatementKind::Load(_) | StatementKind::Definition(_) | StatementKind::Opaque => {}
            }
        }
        calls
    }

    /// Collects the calls at the top of an expression, not those in arguments.
    fn collect_calls(&mut self, id: ExpressionId, comprehension_line: Option<usize>, calls: &mut Vec<FoldedCall>) {
        let expression = self.file.tree.expression(id);
        match &expression.kind {
            ExpressionKind::Call { function, .. } => {
                let function = self.function_name(*function);
                let (arguments, open_ended) = self.arguments(id);
                let line = self.file.line(expression.span.start);
                let loaded = self.loaded(&function);
                calls.push(FoldedCall {
                    function,
                    loaded,
                    span: expression.span,
                    line,
                    arguments,
                    open_ended,
                    comprehension_line,
                });
            }
            ExpressionKind::List { elements, .. } | ExpressionKind::Tuple(elements) => {
                for element in elements {
                    self.collect_calls(*element, comprehension_line, calls);
                }
            }
            ExpressionKind::Conditional { then, otherwise, .. } => {
                self.collect_calls(*then, comprehension_line, calls);
                self.collect_calls(*otherwise, comprehension_line, calls);
            }
            ExpressionKind::Comprehension { body, clauses, .. } => {
                let line = Some(self.file.line(expression.span.start));
                let before = calls.len();
                let known = self.each(clauses, &mut |folder| {
                    if calls.len() - before < ROUND_LIMIT {
                        folder.collect_calls(*body, line, calls);
                    }
                });
                if !known {
                    calls.truncate(before);
                    self.collect_unknown_rounds(id, line, calls);
                }
            }
            _ => {}
        }
    }

    /// Collects one call in place of all that a comprehension over unknown values makes.
    fn collect_unknown_rounds(&mut self, id: ExpressionId, line: Option<usize>, calls: &mut Vec<FoldedCall>) {
        let ExpressionKind::Comprehension { body, clauses, .. } = &self.file.tree.expression(id).kind else {
            return;
        };
        let depth = self.scope.len();
        for clause in clauses {
            if let super::super::tree::Clause::For { target, .. } = clause {
                let text = self.file.text(self.file.tree.expression(*target).span);
                self.bind(*target, FoldedValue::Opaque(text));
            }
        }
        self.collect_calls(*body, line, calls);
        self.scope.truncate(depth);
    }
}
