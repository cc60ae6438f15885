//! What buildifier makes of the order of a list: it sorts strings in arguments of some names, unless a comment is in the way.
//!
//! As in `build/rewrite.go` of buildtools 8: a comment above an element, at the end of the list, or `do not sort` at the argument or
//! the first element keeps the order; `keep sorted` forces it.

use crate::build_file::bracket::{Bracket, statement_block};
use crate::build_file::lexer::TokenKind;
use crate::build_file::span::Span;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{Argument, ArgumentKind, ExpressionId, ExpressionKind};
use crate::build_file::{BuildFile, Dialect, parse};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};

/// The comment that keeps buildifier from sorting.
pub(super) const DO_NOT_SORT: &str = "# do not sort";

/// Returns those lists of an argument, as they stand in the file now, that buildifier would sort back after `edits`.
///
/// # Errors
/// When a comment asks for the sorted order.
pub(super) fn undone(
    package: &PackageFile<'_>,
    call: ExpressionId,
    attribute: &str,
    edits: &TextEdits,
) -> Result<Vec<ExpressionId>, Refusal> {
    let after = parse(&edits.apply(&package.file.source), Dialect::Build);
    let Some((before, value)) = statement_of(&package.file, call).zip(value_of(&package.file, call, attribute)) else {
        return Ok(Vec::new());
    };
    let Some(new_value) = nth_call(&after, before).and_then(|call| value_of(&after, call, attribute)) else {
        return Ok(Vec::new());
    };
    let mut undone = Vec::new();
    for (old, new) in lists(&package.file, value).into_iter().zip(lists(&after, new_value)) {
        if is_sorted(&after, new) {
            continue;
        }
        let old_span = package.file.tree.expression(old).span;
        if style::order_directive(&package.file, old_span) == style::OrderDirective::Sorted {
            let message = format!(
                "A comment at line {} of {} keeps this list sorted, and the wanted order is another. Take `keep sorted` out first.",
                package.line(old_span.start),
                package.path
            );
            return Err(package.refuse(RefusalCode::KeepSorted, old_span.start, message));
        }
        // Of the names of arguments that buildifier sorts, only `srcs` holds layers.
        if attribute == "srcs" && !is_protected(&after, new_value, new) {
            undone.push(old);
        }
    }
    Ok(undone)
}

/// Returns the edits that write the comment into a list over lines.
pub(super) fn comment(package: &PackageFile<'_>, bracket: &Bracket) -> Vec<TextEdit> {
    let file = &package.file;
    let Some(first) = bracket.items.first() else { return Vec::new() };
    let line_end = style::line_end_before(file, first.span.start);
    if first.starts_line {
        let at = first.first_line_start(file);
        let insert = [file.indentation(first.span.start), DO_NOT_SORT.as_bytes(), &line_end].concat();
        return vec![TextEdit { range: Span::new(at, at), insert }];
    }
    let unit = bracket.indentation_unit(file).unwrap_or_else(|| style::DEFAULT_UNIT.to_vec());
    let line = [line_end.as_slice(), file.indentation(bracket.open.start), &unit].concat();
    let insert = [line.as_slice(), DO_NOT_SORT.as_bytes(), &line].concat();
    vec![TextEdit { range: Span::new(bracket.open.end, first.span.start), insert }]
}

/// The place of the top-level statement that a call is.
fn statement_of(file: &BuildFile, call: ExpressionId) -> Option<usize> {
    let span = file.tree.expression(call).outer;
    file.tree.statements.iter().position(|statement| statement.span == span)
}

fn nth_call(file: &BuildFile, statement: usize) -> Option<ExpressionId> {
    let span = file.tree.statements.get(statement)?.span;
    let is_call = |id: &ExpressionId| {
        let expression = file.tree.expression(*id);
        expression.outer == span && matches!(expression.kind, ExpressionKind::Call { .. })
    };
    file.tree.ids().find(is_call)
}

fn value_of(file: &BuildFile, call: ExpressionId, attribute: &str) -> Option<ExpressionId> {
    let ExpressionKind::Call { arguments, .. } = &file.tree.expression(call).kind else { return None };
    let is_it = |argument: &&Argument| matches!(&argument.kind, ArgumentKind::Keyword(name) if name == attribute);
    arguments.iter().find(is_it).map(|argument| argument.value)
}

/// The lists that stand in a value itself: buildifier does not follow names.
fn lists(file: &BuildFile, value: ExpressionId) -> Vec<ExpressionId> {
    match &file.tree.expression(value).kind {
        ExpressionKind::List { .. } => vec![value],
        ExpressionKind::Chain { operands, operators } if operators.iter().all(|operator| *operator == "+") => {
            operands.iter().flat_map(|operand| lists(file, *operand)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns whether every run of strings in a list is in buildifier's order.
fn is_sorted(file: &BuildFile, list: ExpressionId) -> bool {
    let ExpressionKind::List { elements, .. } = &file.tree.expression(list).kind else { return true };
    let order = |id: &ExpressionId| match &file.tree.expression(*id).kind {
        ExpressionKind::String(bytes) => Some(style::string_order(&String::from_utf8_lossy(bytes))),
        _ => None,
    };
    let orders: Vec<_> = elements.iter().map(order).collect();
    orders.split(Option::is_none).all(style::is_sorted)
}

/// Returns whether a comment keeps buildifier from sorting a list of the argument with this value.
fn is_protected(file: &BuildFile, value: ExpressionId, list: ExpressionId) -> bool {
    let Some(bracket) = Bracket::of_expression(file, list) else { return false };
    let has_line_comment =
        bracket.free_comments(file).next().is_some() || bracket.items.iter().any(|item| !item.above.is_empty());
    let says_so = |span: Span| {
        let comments = file.tokens_in(span).iter().filter(|token| token.kind == TokenKind::Comment);
        comments.map(|token| file.text(token.span).to_lowercase()).any(|text| text.contains("do not sort"))
    };
    let argument = file.tree.expression(value).outer;
    let line = file.line_start(argument.start);
    let above = statement_block(file, Span::new(line, line)).start;
    has_line_comment
        || bracket.items.first().and_then(|item| item.suffix).is_some_and(says_so)
        || says_so(Span::new(above, argument.start))
        || says_so(Span::new(argument.end, file.line_end(argument.end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked against buildifier 8.2.1: it sorts `srcs` of these calls where `expected` is false.
    #[test]
    fn comments_protect_the_order_as_in_buildifier() {
        let check = |srcs: &str, expected: bool| {
            let text = format!("filegroup(\n    name = \"x\",\n    {srcs}\n)\n");
            let file = parse(text.as_bytes(), Dialect::Build);
            let value = value_of(&file, nth_call(&file, 0).unwrap(), "srcs").unwrap();
            let list = lists(&file, value)[0];
            assert!(!is_sorted(&file, list), "{srcs}");
            assert_eq!(is_protected(&file, value, list), expected, "{srcs}");
        };
        check("srcs = [\n        \":b\",\n        \":a\",\n    ],", false);
        check("srcs = [  # of the list\n        \":b\",\n        \":a\",\n    ],", true);
        check("srcs = [\n        \":b\",  # do not sort\n        \":a\",\n    ],", true);
        check("srcs = [\n        \":b\",\n        \":a\",  # do not sort\n    ],", false);
        check("srcs = [\n        \":b\",\n        # of a\n        \":a\",\n    ],", true);
        check("srcs = [\n        \":b\",\n        \":a\",\n        # the end\n    ],", true);
        check("# do not sort\n    srcs = [\":b\", \":a\"],", true);
        check("srcs = [\":b\", \":a\"],  # do not sort", true);
        check("srcs = [\":b\", \":a\"] + [\":c\"],", false);
    }
}
