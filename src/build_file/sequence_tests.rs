//! Behaviour of sequence edits.

use super::bracket::Bracket;
use super::new_text::{NewElement, NewText};
use super::sequence::{Growth, SequenceEdit, Wanted};
use super::text_edit::TextEdits;
use super::tree::StatementKind;
use super::{Dialect, parse};

fn new(text: &str) -> NewElement {
    NewElement::plain(NewText::Verbatim(text.as_bytes().to_vec()))
}

/// `wanted` names old items by index, new ones by their text, and `2=x` is x in the place of item 2.
fn check(source: &str, wanted: &str, expected: &str) {
    let file = parse(source.as_bytes(), Dialect::Build);
    let Some(StatementKind::Assignment { value, .. }) =
        file.tree.statements.first().map(|statement| statement.kind.clone())
    else {
        panic!("no assignment");
    };
    let bracket = Bracket::of_expression(&file, value).unwrap();
    let item = |word: &str| match (word.parse(), word.split_once('=')) {
        (Ok(index), _) => Wanted::Kept(index),
        (_, Some((index, text))) => Wanted::Instead(index.parse().unwrap(), new(text)),
        _ => Wanted::New(new(word)),
    };
    let wanted = wanted.split_whitespace().map(item).collect();
    let unit = b"    ".to_vec();
    let inner = TextEdits::default();
    let edit = SequenceEdit {
        file: &file,
        bracket: &bracket,
        enclosing: None,
        wanted,
        inner,
        growth: Growth::BreakSmall,
        unit,
    };
    let result = String::from_utf8(edit.edits().unwrap().apply(source.as_bytes())).unwrap();
    assert_eq!(result, expected, "from {source}");
    assert_eq!(parse(result.as_bytes(), Dialect::Build).problems, []);
}

#[test]
fn on_one_line() {
    check("x = [a, b]", "0 1 c", "x = [a, b, c]");
    check("x = [a, b]", "c 0 1", "x = [c, a, b]");
    check("x = [a, b]", "0 c 1", "x = [a, c, b]");
    check("x = [a,b,]", "0 1 c", "x = [a,b,c,]");
    check("x = [a, b, c]", "0 2", "x = [a, c]");
    check("x = [a, b, c]", "1 2", "x = [b, c]");
    check("x = [a, b, c]", "0 1", "x = [a, b]");
    check("x = [a, b, c,]", "0 1", "x = [a, b,]");
    check("x = [a, b]", "", "x = []");
    check("x = [a, b]", "c", "x = [c]");
    check("x = [a, b]", "1=c 0", "x = [c, a]");
    check("x = [a, b]", "0 1=c", "x = [a, c]");
    check("x = [a, b, c]", "0 1=d 2", "x = [a, d, c]");
    check("x = [a, b, c]", "2 0 1", "x = [c, a, b]");
    check("x = []", "a", "x = [a]");
    check("x = [a, b]", "c d", "x = [c, d]");
}

#[test]
fn one_item_that_grows_is_broken_over_lines() {
    check("x = [a]", "0 b", "x = [\n    a,\n    b,\n]");
    check("x = [a,]\r\n", "0 b", "x = [\r\n    a,\r\n    b,\r\n]\r\n");
    check("x = []", "a b", "x = [\n    a,\n    b,\n]");
}

#[test]
fn on_lines_of_their_own() {
    let source = "x = [ # list\n  # of a\n  a, # tail\n\n  # list too\n\n  b\n  # end\n]";
    check(source, "0 1 c", "x = [ # list\n  # of a\n  a, # tail\n\n  # list too\n\n  b,\n  c,\n  # end\n]");
    check(source, "0 c 1", "x = [ # list\n  # of a\n  a, # tail\n  c,\n\n  # list too\n\n  b\n  # end\n]");
    check(source, "c 0 1", "x = [ # list\n  c,\n  # of a\n  a, # tail\n\n  # list too\n\n  b\n  # end\n]");
    check(source, "0 1=c", "x = [ # list\n  # of a\n  a, # tail\n\n  # list too\n\n  c,\n  # end\n]");
    check(source, "1", "x = [ # list\n\n  # list too\n\n  b\n  # end\n]");
    check(source, "1 0", "x = [ # list\n  b,\n  # of a\n  a, # tail\n\n  # list too\n\n  # end\n]");
    check("x = [\n  a,\n  # of b\n  b, # tail\n  c\n]", "0 2 1", "x = [\n  a,\n  c,\n  # of b\n  b, # tail\n]");
    check(source, "", "x = [ # list\n\n  # list too\n\n  # end\n]");
    check("x = [\n\ta,\n]", "", "x = []");
    check("x = [\n\ta,\n]", "0 b", "x = [\n\ta,\n\tb,\n]");
    check("x = [\n    # nothing yet\n]", "a", "x = [\n    a,\n    # nothing yet\n]");
    check("x = [\n]", "a", "x = [\n    a,\n]");
}

#[test]
fn an_item_that_its_brackets_hug() {
    let source = "x = [{\n    a: \"\"\"\nb\"\"\",  # tail\n}]";
    check(source, "0 c", "x = [\n    {\n        a: \"\"\"\nb\"\"\",  # tail\n    },\n    c,\n]");
    check(source, "c", "x = [c]");
    check(source, "0=c", "x = [c]");
    check(source, "c d", "x = [\n    c,\n    d,\n]");
}

#[test]
fn in_odd_layouts() {
    check("x = [a,\n     b]", "0 1 c", "x = [a,\n     b,\n     c]");
    check("x = [a,\n     b]", "0 c 1", "x = [a,\n     c,\n     b]");
    check("x = [a,\n     b]", "0", "x = [a]");
    check("x = [a,\n     b]", "1", "x = [b]");
    check("x = [a,\n     b]", "0 c", "x = [\n    a,\n    c,\n]");
    check("x = [a, b, # tail\n     c]", "0 1 d 2", "x = [a, b, # tail\n     d,\n     c]");
    check("x = [\n    a, b,\n    c,\n]", "2", "x = [\n    c,\n]");
    check("x = [\n    a, b,\n    c,\n]", "0 2", "x = [\n    a,\n    c,\n]");
    check("x = [\n    a,\n    b\n,]", "0 1 c", "x = [\n    a,\n    b\n,\n    c,]");
    check("x = [\n    a\n, b\n]", "0 c 1", "x = [\n    a\n, c, b\n]");
    check("x = [\n    a\n, b\n]", "1", "x = [\n    b\n]");
    check("x = [\n    a,\n    b\n,]", "0", "x = [\n    a\n,]");
    check("x = [\n    a\n,]", "0 b c", "x = [\n    a\n, b, c,]");
    check("x = [\n    a\n,]", "", "x = [\n    ]");
}
