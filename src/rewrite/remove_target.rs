//! `remove_target`: removes a statement and the comments that touch it.

use crate::build_file::bracket::statement_block;
use crate::build_file::fold::FoldedCall;
use crate::build_file::span::Span;
use crate::build_file::text_edit::{TextEdit, TextEdits};

use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};

/// Returns no edits if there is no such target.
///
/// # Errors
/// A refusal with the obstacle.
pub(crate) fn remove(package: &PackageFile<'_>, name: &str) -> Result<TextEdits, Refusal> {
    let named: Vec<&FoldedCall> = package.calls.iter().filter(|call| call.name() == Some(name)).collect();
    let call = match named.as_slice() {
        [] => return Ok(TextEdits::default()),
        [call] => *call,
        [first, ..] => {
            let lines: Vec<String> = named.iter().map(|call| format!("line {}", call.line)).collect();
            let message = format!(
                "{} calls in {} are named {name}: {}. Remove the right one by hand.",
                named.len(),
                package.path,
                lines.join(", ")
            );
            return Err(package.refuse(RefusalCode::AmbiguousTarget, first.span.start, message));
        }
    };
    let own = package.file.tree.statements.iter().map(|statement| statement.span).find(|span| *span == call.span);
    let (Some(statement), None) = (own, call.comprehension_line) else {
        let message = format!(
            "{name} at line {} of {} is not a statement of its own. Remove it by hand.",
            call.line, package.path
        );
        return Err(package.refuse(RefusalCode::GeneratedCall, call.span.start, message));
    };
    let block = statement_block(&package.file, statement);
    let range = with_one_gap(package, block);
    TextEdits::new(vec![TextEdit { range, insert: Vec::new() }]).map_err(|overlap| package.overlapping(overlap))
}

/// Includes the blank lines on one side, so that one gap stays.
fn with_one_gap(package: &PackageFile<'_>, block: Span) -> Span {
    let file = &package.file;
    let blank =
        |start: usize, end: usize| start < end && Span::new(start, end).slice(&file.source).trim_ascii().is_empty();
    let mut end = block.end;
    while end < file.source.len() && blank(end, file.line_end(end)) {
        end = file.line_end(end);
    }
    let mut start = block.start;
    if end == file.source.len() {
        while start > 0 && blank(file.line_start(start - 1), start) {
            start = file.line_start(start - 1);
        }
        end = block.end.max(end);
    }
    Span::new(start, end)
}
