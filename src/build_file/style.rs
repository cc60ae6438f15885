//! A file's style, and buildifier 8's rules for BUILD files where the file shows none.

use super::BuildFile;
use super::lexer::TokenKind;
use super::span::Span;

pub const DEFAULT_UNIT: &[u8] = b"    ";

/// The line end before `offset`, or that of the first line.
#[must_use]
pub fn line_end_before(file: &BuildFile, offset: usize) -> Vec<u8> {
    let is_line_end = |kind: TokenKind| matches!(kind, TokenKind::Newline | TokenKind::Continuation);
    let after = file.tokens.partition_point(|token| token.span.end <= offset);
    let before = file.tokens.get(..after).unwrap_or_default();
    let found = before.iter().rev().find(|token| is_line_end(token.kind));
    match found.or_else(|| file.tokens.iter().find(|token| is_line_end(token.kind))) {
        Some(token) if file.bytes(token.span).ends_with(b"\r\n") => b"\r\n".to_vec(),
        _ => b"\n".to_vec(),
    }
}

/// Sort key of a keyword argument: this number, then the name.
#[must_use]
pub fn keyword_order(name: &str) -> (i32, &str) {
    let priority = match name {
        "name" => -99,
        "gwt_name" => -98,
        "package_name" => -97,
        "visible_node_name" => -96,
        "size" => -95,
        "timeout" => -94,
        "testonly" => -93,
        "src" => -92,
        "srcs" => -90,
        "out" => -89,
        "outs" => -88,
        "hdrs" => -87,
        "has_services" => -86,
        "include" => -85,
        "of" => -84,
        "baseline" => -83,
        "destdir" => 1,
        "exports" => 2,
        "runtime_deps" => 3,
        "deps" => 4,
        "implementation" => 5,
        "implements" => 6,
        "alwayslink" => 7,
        _ => 0,
    };
    (priority, name)
}

/// Sort key of a list's string: plain, `:x`, `//x`, `@x`; then piece by piece.
#[must_use]
pub fn string_order(text: &str) -> (u8, Vec<String>, String) {
    let phase = match text.as_bytes() {
        [b':', ..] => 1,
        [b'/', b'/', ..] => 2,
        [b'@', ..] => 3,
        _ => 0,
    };
    (phase, text.split([':', '.']).map(str::to_owned).collect(), text.to_owned())
}

/// Sort key of a load statement: other repositories, absolute, relative.
#[must_use]
pub fn load_order(module: &str) -> (u8, String, String) {
    let (package, file) = module.split_once(':').unwrap_or(("", module));
    let phase = match module.as_bytes() {
        [b'@', ..] => 0,
        [b'/', b'/', ..] => 1,
        _ => 2,
    };
    // Without a colon the whole module is the package.
    if module.contains(':') {
        (phase, package.to_owned(), file.to_owned())
    } else {
        (phase, module.to_owned(), String::new())
    }
}

#[must_use]
pub fn is_sorted<K: PartialOrd>(keys: &[K]) -> bool {
    keys.iter().zip(keys.iter().skip(1)).all(|(first, second)| first <= second)
}

/// Comments about a list's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderDirective {
    Sorted,
    AsWritten,
    Silent,
}

/// Reads the comments in and directly above a list.
#[must_use]
pub fn order_directive(file: &BuildFile, list: Span) -> OrderDirective {
    let line = file.line_start(list.start);
    let start = super::bracket::statement_block(file, Span::new(line, line)).start;
    let comments = file.tokens_in(Span::new(start, list.end)).iter().filter(|token| token.kind == TokenKind::Comment);
    let texts: Vec<String> = comments.map(|token| file.text(token.span).to_lowercase()).collect();
    if texts.iter().any(|text| text.contains("do not sort")) {
        OrderDirective::AsWritten
    } else if texts.iter().any(|text| text.contains("keep sorted")) {
        OrderDirective::Sorted
    } else {
        OrderDirective::Silent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build_file::{Dialect, parse};

    #[test]
    fn orders_as_buildifier_does() {
        let mut keywords = vec!["deps", "visibility", "name", "dep_layers", "srcs", "base", "alwayslink"];
        keywords.sort_by_key(|name| keyword_order(name));
        assert_eq!(keywords, ["name", "srcs", "base", "dep_layers", "visibility", "deps", "alwayslink"]);
        let mut strings = vec!["@pypi//:b", "//b", "//a:z", ":b", "main.py", "@pypi//:a"];
        strings.sort_by_key(|text| string_order(text));
        assert_eq!(strings, ["main.py", ":b", "//a:z", "//b", "@pypi//:a", "@pypi//:b"]);
        let mut loads = vec![":z.bzl", "//tools/bazel:a.bzl", "//tools:b.bzl", "@x//a:b.bzl", "@x", "//:c.bzl"];
        loads.sort_by_key(|module| load_order(module));
        assert_eq!(loads, ["@x", "@x//a:b.bzl", "//:c.bzl", "//tools:b.bzl", "//tools/bazel:a.bzl", ":z.bzl"]);
    }

    #[test]
    fn takes_the_line_end_of_the_line_before() {
        let file = parse(b"a\n\r\nb\nc", Dialect::Build);
        assert_eq!(line_end_before(&file, 4), b"\r\n");
        assert_eq!(line_end_before(&file, 7), b"\n");
        assert_eq!(line_end_before(&file, 0), b"\n");
    }

    #[test]
    fn hears_the_wish_of_a_list() {
        let check = |source: &str, expected| {
            let file = parse(source.as_bytes(), Dialect::Build);
            let open = source.find('[').unwrap();
            assert_eq!(order_directive(&file, Span::new(open, source.len())), expected, "{source}");
        };
        check("x = [\n # do not sort: y\n 'a']", OrderDirective::AsWritten);
        check("f(\n  # keep sorted\n  x = ['a'])", OrderDirective::Sorted);
        check("x = [ # other\n 'a']", OrderDirective::Silent);
    }
}
