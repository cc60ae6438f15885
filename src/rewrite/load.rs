//! Makes a name of a module known in a file: extends the load statement of that module, or adds one at buildifier's
//! place. Never changes what is already loaded.

use crate::build_file::BuildFile;
use crate::build_file::bindings::{Binding, Bindings};
use crate::build_file::bracket::{Bracket, statement_block};
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::sequence::{SequenceEdit, Wanted};
use crate::build_file::span::Span;
use crate::build_file::string_literal;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{Load, StatementKind};

use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::value_place::overlapping;

/// The file for refusals.
pub(crate) struct Place<'a> {
    pub(crate) path: &'a str,
    /// Converts an offset to a line on disk.
    pub(crate) line: &'a dyn Fn(usize) -> usize,
}

/// Returns the local name of `symbol`, and the edits that load it.
///
/// # Errors
/// When the name is already used for something else.
pub(crate) fn ensure(file: &BuildFile, place: &Place<'_>, module: &str, symbol: &str) -> Result<TextEdits, Refusal> {
    for (load, _) in file.loads().filter(|(load, _)| load.module_name == module) {
        if load.symbols.iter().any(|loaded| loaded.original == symbol) {
            return Ok(TextEdits::default());
        }
    }
    match Bindings::of(file).all(symbol).first() {
        None => {}
        Some(Binding::Load { span, module: other, .. }) => {
            return Err(taken(place, *span, format!("is loaded from {other}"), symbol, module));
        }
        Some(Binding::Assignment { span, .. } | Binding::Other { span }) => {
            return Err(taken(place, *span, "is a variable".to_owned(), symbol, module));
        }
        Some(Binding::Definition(definition)) => {
            return Err(taken(place, definition.body, "is a function".to_owned(), symbol, module));
        }
    }
    let same = file.loads().find(|(load, _)| load.module_name == module);
    match same {
        Some((load, _)) => extend(file, place, load, symbol),
        None => Ok(add(file, module, symbol)),
    }
}

fn taken(place: &Place<'_>, span: Span, is: String, symbol: &str, module: &str) -> Refusal {
    let (path, line) = (place.path, (place.line)(span.start));
    let message =
        format!("{symbol} {is} at line {line} of {path}, so it can't be loaded from {module} too. Rename one of them.");
    Refusal::at_line(RefusalCode::NameTaken, path, line, message)
}

fn extend(file: &BuildFile, place: &Place<'_>, load: &Load, symbol: &str) -> Result<TextEdits, Refusal> {
    let module = file.tree.expression(load.module).span;
    let spans: Vec<Span> = std::iter::once(module).chain(load.symbols.iter().map(|symbol| symbol.span)).collect();
    let bracket = Bracket::of(file, load.brackets, &spans);
    // Names that are not renamed come first, each group sorted.
    let key = |local: &str, original: &str| (local != original, local.to_owned());
    let keys: Vec<_> = load.symbols.iter().map(|symbol| key(&symbol.local, &symbol.original)).collect();
    let new_key = key(symbol, symbol);
    let at = match keys.iter().position(|other| *other > new_key) {
        Some(position) if style::is_sorted(&keys) => position + 1,
        _ => spans.len(),
    };
    let new = Wanted::New(NewElement::plain(NewText::Verbatim(string_literal::encode(symbol))));
    let wanted = (0..at).map(Wanted::Kept).chain([new]).chain((at..spans.len()).map(Wanted::Kept)).collect();
    let edit = SequenceEdit::on_its_line(file, &bracket, wanted);
    edit.edits().map_err(|overlap| overlapping(place.path, (place.line)(overlap.at)))
}

fn add(file: &BuildFile, module: &str, symbol: &str) -> TextEdits {
    let text =
        [b"load(".as_slice(), &string_literal::encode(module), b", ", &string_literal::encode(symbol), b")"].concat();
    let order = style::load_order(module);
    let loads: Vec<(&Load, Span)> = file.loads().collect();
    let orders: Vec<_> = loads.iter().map(|(load, _)| style::load_order(&load.module_name)).collect();
    let next = orders.iter().position(|other| *other > order).filter(|_| style::is_sorted(&orders));
    if let Some(index) = next
        && let Some((_, span)) = loads.get(index)
    {
        let at = start_below_header(file, *span);
        let has_comments = at < file.line_start(span.start);
        match index.checked_sub(1).and_then(|before| loads.get(before)) {
            // The comments keep the blank line above them, so the new statement joins the one before.
            Some((_, before)) if has_comments => return below(file, *before, text),
            _ => {
                let line_end = style::line_end_before(file, at);
                let gap = if has_comments { line_end.as_slice() } else { b"" };
                return insertion(at, [text.as_slice(), &line_end, gap].concat());
            }
        }
    }
    if let Some((_, span)) = loads.last() {
        return below(file, *span, text);
    }
    // Without load statements it goes after the documentation.
    let documentation = |kind: &StatementKind| {
        matches!(kind, StatementKind::Expression(id)
        if matches!(file.tree.expression(*id).kind, crate::build_file::tree::ExpressionKind::String(_)))
    };
    let first = file.tree.statements.iter().find(|statement| !documentation(&statement.kind));
    let at = first.map_or(file.source.len(), |statement| statement_block(file, statement.span).start);
    let line_end = style::line_end_before(file, at);
    if first.is_none() && !file.source.is_empty() {
        return insertion(at, at_end(file, &text, &line_end));
    }
    insertion(at, [text.as_slice(), &line_end, &line_end].concat())
}

/// Adds a load statement below another one.
fn below(file: &BuildFile, other: Span, text: Vec<u8>) -> TextEdits {
    let at = file.line_end(other.end.max(1) - 1);
    let line_end = style::line_end_before(file, at);
    let complete = file.source.get(..at).is_some_and(|before| before.ends_with(b"\n"));
    insertion(at, if complete { [text, line_end].concat() } else { [line_end, text].concat() })
}

/// Adds a load statement to a file of only comments or documentation, with blank lines around it.
fn at_end(file: &BuildFile, text: &[u8], line_end: &[u8]) -> Vec<u8> {
    if !file.source.ends_with(b"\n") {
        return [line_end, line_end, text].concat();
    }
    let last_line = Span::new(file.line_start(file.source.len() - 1), file.source.len());
    if file.bytes(last_line).trim_ascii().is_empty() {
        [text, line_end, line_end].concat()
    } else {
        [line_end, text, line_end].concat()
    }
}

/// Start of a statement with its comments, or below them if they head the file.
fn start_below_header(file: &BuildFile, statement: Span) -> usize {
    match statement_block(file, statement).start {
        0 => file.line_start(statement.start),
        start => start,
    }
}

fn insertion(at: usize, insert: Vec<u8>) -> TextEdits {
    TextEdits::new(vec![TextEdit { range: Span::new(at, at), insert }]).unwrap_or_default()
}
