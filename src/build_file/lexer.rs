//! Bytes to tokens, losslessly. Follows Bazel's lexer (`net.starlark.java.syntax.Lexer`): a lone carriage return is
//! blank space, tabs are refused only as statement indentation. What Bazel refuses becomes a problem; lexing never
//! fails and never recurses.

use super::problem::{Problem, ProblemKind};
use super::span::Span;
use super::string_literal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    ByteOrderMark,
    Space,
    Newline,
    Continuation,
    /// Without the line end.
    Comment,
    /// With prefix and quotes.
    String,
    Number,
    /// A name or a keyword. A byte of 0x80 and above counts as a letter, and is a problem.
    Identifier,
    /// Other punctuation, with commas and dots.
    Operator,
    Open,
    Close,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

const OPERATORS: [&[u8]; 38] = [
    b"//=", b"<<=", b">>=", b"...", b"==", b"!=", b"<=", b">=", b"->", b"+=", b"-=", b"*=", b"/=", b"%=", b"&=", b"|=",
    b"^=", b"//", b"**", b"<<", b">>", b"+", b"-", b"*", b"/", b"%", b"=", b"<", b">", b".", b",", b":", b";", b"|",
    b"&", b"^", b"~", b"@",
];

#[must_use]
pub fn lex(source: &[u8]) -> (Vec<Token>, Vec<Problem>) {
    let mut tokens = Vec::with_capacity(source.len() / 4);
    let mut problems = Vec::new();
    let mut at = 0;
    let mut depth = 0_usize;
    while at < source.len() {
        let (kind, end) = next_token(source, at);
        let span = Span::new(at, end.max(at + 1));
        let at_line_start = tokens.last().is_none_or(|token: &Token| token.kind == TokenKind::Newline);
        match kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let message = problem_of(source, kind, span, at_line_start && depth == 0);
        if let Some((offset, message)) = message {
            let kind = if kind == TokenKind::ByteOrderMark { ProblemKind::ByteOrderMark } else { ProblemKind::Syntax };
            problems.push(Problem {
                kind,
                span: Span::new(span.start + offset, span.end),
                message: message.to_owned(),
            });
        }
        tokens.push(Token { kind, span });
        at = span.end;
    }
    (tokens, problems)
}

fn next_token(source: &[u8], at: usize) -> (TokenKind, usize) {
    let rest = source.get(at..).unwrap_or_default();
    let first = rest.first().copied().unwrap_or_default();
    let run = |from: usize, accept: fn(u8) -> bool| {
        at + from + rest.iter().skip(from).take_while(|byte| accept(**byte)).count()
    };
    if at == 0 && rest.starts_with(b"\xEF\xBB\xBF") {
        return (TokenKind::ByteOrderMark, 3);
    }
    if let Some(length) = newline_length(rest) {
        return (TokenKind::Newline, at + length);
    }
    if let Some(end) = string_literal::end_of_literal(source, at) {
        return (TokenKind::String, end);
    }
    match first {
        b' ' | b'\t' | b'\r' => (TokenKind::Space, at + space_length(rest)),
        b'\\' => match newline_length(rest.get(1..).unwrap_or_default()) {
            Some(length) => (TokenKind::Continuation, at + 1 + length),
            None => (TokenKind::Unknown, at + 1),
        },
        b'#' => {
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let with_return = rest.get(..length).is_some_and(|text| text.ends_with(b"\r")) && length < rest.len();
            (TokenKind::Comment, at + length - usize::from(with_return))
        }
        b'(' | b'[' | b'{' => (TokenKind::Open, at + 1),
        b')' | b']' | b'}' => (TokenKind::Close, at + 1),
        b'0'..=b'9' => (TokenKind::Number, at + number_length(rest)),
        b'.' if rest.get(1).is_some_and(u8::is_ascii_digit) => (TokenKind::Number, at + number_length(rest)),
        _ if is_letter(first) => (TokenKind::Identifier, run(1, |byte| is_letter(byte) || byte.is_ascii_digit())),
        _ => match OPERATORS.iter().find(|operator| rest.starts_with(operator)) {
            Some(operator) => (TokenKind::Operator, at + operator.len()),
            None => (TokenKind::Unknown, at + 1),
        },
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn newline_length(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

fn space_length(rest: &[u8]) -> usize {
    let mut length = 0;
    while let Some(byte) = rest.get(length) {
        let lone_return = *byte == b'\r' && rest.get(length + 1) != Some(&b'\n');
        if !matches!(byte, b' ' | b'\t') && !lone_return {
            break;
        }
        length += 1;
    }
    length
}

fn number_length(rest: &[u8]) -> usize {
    let hexadecimal = rest.starts_with(b"0x") || rest.starts_with(b"0X");
    let mut length = 0;
    while let Some(byte) = rest.get(length) {
        let before = length.checked_sub(1).and_then(|index| rest.get(index)).copied().unwrap_or_default();
        let sign = matches!(byte, b'+' | b'-') && matches!(before, b'e' | b'E') && !hexadecimal;
        if !byte.is_ascii_alphanumeric() && *byte != b'.' && *byte != b'_' && !sign {
            break;
        }
        length += 1;
    }
    length
}

fn problem_of(source: &[u8], kind: TokenKind, span: Span, indentation: bool) -> Option<(usize, &'static str)> {
    let text = span.slice(source);
    match kind {
        TokenKind::ByteOrderMark => Some((0, "the file starts with a byte order mark")),
        TokenKind::Unknown => Some((0, "this character has no meaning in Starlark")),
        TokenKind::Operator if text == b"@" => Some((0, "this character has no meaning in Starlark")),
        TokenKind::Space if indentation => text
            .iter()
            .position(|byte| *byte == b'\t')
            .map(|offset| (offset, "tabs are not allowed as the indentation of a statement")),
        TokenKind::Identifier => text
            .iter()
            .position(|byte| *byte >= 0x80)
            .map(|offset| (offset, "a character outside ASCII is allowed in strings and comments only")),
        TokenKind::Number => number_problem(text).map(|message| (0, message)),
        TokenKind::String => string_literal::decode(text).err(),
        _ => None,
    }
}

fn number_problem(text: &[u8]) -> Option<&'static str> {
    let digits = |text: &[u8], accept: fn(&u8) -> bool| !text.is_empty() && text.iter().all(accept);
    let good = match text {
        [b'0', b'x' | b'X', rest @ ..] => digits(rest, u8::is_ascii_hexdigit),
        [b'0', b'o' | b'O', rest @ ..] => digits(rest, |byte| (b'0'..=b'7').contains(byte)),
        _ if text.iter().all(u8::is_ascii_digit) => {
            text.first() != Some(&b'0') || text.iter().all(|byte| *byte == b'0')
        }
        _ => std::str::from_utf8(text).is_ok_and(|text| {
            text.bytes().all(|byte| b"0123456789.eE+-".contains(&byte)) && text.parse::<f64>().is_ok()
        }),
    };
    (!good).then_some("this is not a number of Starlark")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds(source: &[u8]) -> Vec<(TokenKind, &[u8])> {
        lex(source).0.into_iter().map(|token| (token.kind, token.span.slice(source))).collect()
    }

    fn check_problem(source: &[u8], expected: Option<(usize, &str)>) {
        let problems = lex(source).1;
        let found = problems.first().map(|problem| (problem.span.start, problem.message.as_str()));
        match (found, expected) {
            (Some((at, message)), Some((expected_at, part))) => {
                assert_eq!(at, expected_at, "{message}");
                assert!(message.contains(part), "{message}");
            }
            (found, expected) => assert_eq!(found, expected, "{}", String::from_utf8_lossy(source)),
        }
    }

    #[test]
    fn tells_the_kinds_apart() {
        use TokenKind::{Close, Comment, Identifier, Newline, Number, Open, Operator, Space, String};
        assert_eq!(
            kinds(b"f(x=r'a', 1.5e-3)\t# c\r\n\"\"\"a\nb\"\"\""),
            [
                (Identifier, b"f".as_slice()),
                (Open, b"("),
                (Identifier, b"x"),
                (Operator, b"="),
                (String, b"r'a'"),
                (Operator, b","),
                (Space, b" "),
                (Number, b"1.5e-3"),
                (Close, b")"),
                (Space, b"\t"),
                (Comment, b"# c"),
                (Newline, b"\r\n"),
                (String, b"\"\"\"a\nb\"\"\""),
            ]
        );
    }

    #[test]
    fn reports_what_bazel_reports() {
        check_problem(b"x = 'ok' \\\n + 'a\\t\\101'\n", None);
        check_problem(b"\xEF\xBB\xBFx = 1", Some((0, "byte order mark")));
        check_problem(b"x = '\\d'", Some((5, "escape")));
        check_problem(b"x = r'\\d'", None);
        check_problem(b"x = '\\x41'", Some((5, "escape")));
        check_problem(b"x = '\\400'", Some((5, "octal")));
        check_problem(b"x = 'a\ny", Some((4, "closed")));
        check_problem(b"x = b'a'", Some((4, "bytes")));
        check_problem(b"f(\n\tx)", None);
        check_problem(b"\tx", Some((0, "tabs")));
        check_problem(b"x = 012", Some((4, "number")));
        check_problem(b"x = 0x1F + 0o17 + 1.5 + .5 + 1e3", None);
        check_problem("caf\u{e9} = 1".as_bytes(), Some((3, "ASCII")));
        check_problem(b"x = $", Some((4, "character")));
    }

    #[test]
    fn a_lone_carriage_return_is_blank_as_in_bazel() {
        assert_eq!(kinds(b"# a\rb\n").len(), 2);
        assert_eq!(kinds(b"a\rb").len(), 3);
    }

    proptest! {
        #[test]
        fn tokens_in_a_row_are_the_file(source in proptest::collection::vec(any::<u8>(), 0..200)) {
            let joined: Vec<u8> = lex(&source).0.iter().flat_map(|token| token.span.slice(&source).to_vec()).collect();
            prop_assert_eq!(joined, source);
        }

        #[test]
        fn tokens_in_a_row_are_the_file_for_starlark_like_text(source in "[rb'\"\\\\#\r\n\t ()\\[\\]a0.,=+]{0,80}") {
            let tokens = lex(source.as_bytes()).0;
            let mut end = 0;
            for token in tokens {
                prop_assert_eq!(token.span.start, end);
                end = token.span.end;
            }
            prop_assert_eq!(end, source.len());
        }
    }
}
