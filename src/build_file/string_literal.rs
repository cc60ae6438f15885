//! String literals by Bazel's rules: the escapes `\a \b \f
//!  \r \t \v \\ \' \" \ooo` and an escaped line end; other escapes and byte strings are errors. A value is bytes,
//! because a file need not be UTF-8.

struct Shape {
    prefix: usize,
    quote: u8,
    triple: bool,
    raw: bool,
    bytes: bool,
}

fn shape(text: &[u8]) -> Option<Shape> {
    let prefix = text.iter().take(2).take_while(|byte| matches!(byte, b'r' | b'b')).count();
    let letters = text.get(..prefix)?;
    let quote = *text.get(prefix)?;
    if !matches!(quote, b'"' | b'\'') || matches!(letters, b"rr" | b"bb") {
        return None;
    }
    let triple = text.get(prefix + 1) == Some(&quote) && text.get(prefix + 2) == Some(&quote);
    Some(Shape { prefix, quote, triple, raw: letters.contains(&b'r'), bytes: letters.contains(&b'b') })
}

/// Returns the end of the literal at `at`. One that is never closed ends with its line, a triple-quoted one with the
/// file.
#[must_use]
pub fn end_of_literal(source: &[u8], at: usize) -> Option<usize> {
    let rest = source.get(at..)?;
    let shape = shape(rest)?;
    let mut index = shape.prefix + if shape.triple { 3 } else { 1 };
    while let Some(byte) = rest.get(index).copied() {
        if byte == b'\\' {
            index += if rest.get(index + 1..).is_some_and(|rest| rest.starts_with(b"\r\n")) { 3 } else { 2 };
        } else if byte == shape.quote && !shape.triple {
            return Some(at + index + 1);
        } else if byte == shape.quote && rest.get(index..index + 3) == Some(&[shape.quote; 3]) {
            return Some(at + index + 3);
        } else if byte == b'\n' && !shape.triple {
            break;
        } else {
            index += 1;
        }
    }
    let index = index.min(rest.len());
    let carriage_return =
        rest.get(index) == Some(&b'\n') && rest.get(..index).is_some_and(|text| text.ends_with(b"\r"));
    Some(at + index - usize::from(carriage_return))
}

/// # Errors
/// The offset in `text` and what is wrong there.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, (usize, &'static str)> {
    let Some(shape) = shape(text) else {
        return Err((0, "this is not a string"));
    };
    if shape.bytes {
        return Err((0, "Bazel has no bytes strings"));
    }
    let quotes = if shape.triple { 3 } else { 1 };
    let body_start = shape.prefix + quotes;
    let closed = end_of_literal(text, 0) == Some(text.len())
        && text.len() >= body_start + quotes
        && text.ends_with(&vec![shape.quote; quotes])
        && (shape.raw || shape.triple || !ends_in_escape(text));
    let body = text.len().checked_sub(quotes).and_then(|end| text.get(body_start..end));
    let (true, Some(body)) = (closed, body) else {
        return Err((0, "this string is not closed"));
    };
    if shape.raw {
        Ok(body.to_vec())
    } else {
        unescape(body).map_err(|(offset, message)| (body_start + offset, message))
    }
}

/// Returns `true` if the last quote of a one-line literal is escaped.
fn ends_in_escape(text: &[u8]) -> bool {
    text.iter().rev().skip(1).take_while(|byte| **byte == b'\\').count() % 2 == 1
}

fn unescape(body: &[u8]) -> Result<Vec<u8>, (usize, &'static str)> {
    let mut value = Vec::with_capacity(body.len());
    let mut index = 0;
    while let Some(byte) = body.get(index).copied() {
        if byte != b'\\' {
            value.push(byte);
            index += 1;
            continue;
        }
        let escaped = body.get(index + 1).copied().unwrap_or_default();
        let mut length = 2;
        match escaped {
            b'a' => value.push(7),
            b'b' => value.push(8),
            b'f' => value.push(12),
            b'n' => value.push(b'\n'),
            b'r' => value.push(b'\r'),
            b't' => value.push(b'\t'),
            b'v' => value.push(11),
            b'\\' | b'\'' | b'"' => value.push(escaped),
            b'\n' => {}
            b'\r' if body.get(index + 2) == Some(&b'\n') => length = 3,
            b'0'..=b'7' => {
                let digits: Vec<u8> = body
                    .iter()
                    .skip(index + 1)
                    .take(3)
                    .copied()
                    .take_while(|byte| (b'0'..=b'7').contains(byte))
                    .collect();
                let number = digits.iter().fold(0_u32, |number, digit| number * 8 + u32::from(digit - b'0'));
                value.push(u8::try_from(number).map_err(|_| (index, "this octal escape is above \\377"))?);
                length = 1 + digits.len();
            }
            _ => return Err((index, "Bazel does not know this escape sequence")),
        }
        index += length;
    }
    Ok(value)
}

/// As buildifier writes it: double quotes, no escapes for characters outside of ASCII.
#[must_use]
pub fn encode(value: &str) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in value.bytes() {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', byte]),
            b'\n' => text.extend(b"\\n"),
            b'\r' => text.extend(b"\\r"),
            b'\t' => text.extend(b"\\t"),
            0..=31 | 127 => text.extend(format!("\\{byte:03o}").bytes()),
            _ => text.push(byte),
        }
    }
    text.push(b'"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decodes_every_spelling() {
        let check = |text: &str, expected: &str| {
            assert_eq!(decode(text.as_bytes()), Ok(expected.as_bytes().to_vec()), "{text}");
        };
        check("''", "");
        check("\"a\"", "a");
        check("r'\\d'", "\\d");
        check("'''a\n'b'''", "a\n'b");
        check("\"a\\\nb\"", "ab");
        check("'\\101\\0'", "A\0");
        check("'\\''", "'");
        check("r'\\''", "\\'");
    }

    #[test]
    fn refuses_what_is_not_closed() {
        for text in ["'", "'a", "'''a''", "\"\"\"", "'a\\'", "x"] {
            assert!(decode(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn decoding_takes_encoding_back(value in any::<String>()) {
            let text = encode(&value);
            prop_assert_eq!(end_of_literal(&text, 0), Some(text.len()));
            prop_assert_eq!(decode(&text), Ok(value.into_bytes()));
        }
    }
}
