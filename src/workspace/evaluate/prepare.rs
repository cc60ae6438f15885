//! Prepares a text for the Starlark parser in one pass; no byte moves. The parser overflows the stack on deep nesting,
//! and refuses tabs inside brackets and `default` as a name in `dict.get(key, default = value)`, which Bazel accepts.

use super::evaluated::EvaluationFailure;

/// Of brackets. The deepest file measured has 10.
const DEEPEST_NESTING: usize = 200;
/// Operators without a comma, bracket or new statement: each is a level of the parser's tree.
const LONGEST_OPERATION: usize = 1_000;

/// # Errors
/// When the text has a byte order mark, or is nested too deeply.
pub fn prepare(path: &str, text: String) -> Result<String, EvaluationFailure> {
    if text.starts_with('\u{feff}') {
        return Err(EvaluationFailure::new(
            "bom",
            path,
            format!("{path} begins with a byte order mark, which Bazel refuses"),
        ));
    }
    let mut bytes = text.into_bytes();
    let mut scan = Scan::default();
    let mut at = 0;
    while let Some(step) = scan.step(&mut bytes, at) {
        if scan.open.len() > DEEPEST_NESTING || scan.operators > LONGEST_OPERATION {
            let reason = format!("{path}:{} nests more than {DEEPEST_NESTING} levels deep", scan.line);
            let mut failure = EvaluationFailure::new("too_deep", path, reason);
            failure.line = Some(scan.line);
            return Err(failure);
        }
        at += step;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Knows brackets, strings and comments only.
struct Scan {
    open: Vec<Bracket>,
    operators: usize,
    line: usize,
}

#[derive(Default)]
struct Bracket {
    /// Arguments of a dict method that takes a default.
    takes_default: bool,
    commas: usize,
}

impl Default for Scan {
    fn default() -> Self {
        Self { open: Vec::new(), operators: 0, line: 1 }
    }
}

impl Scan {
    /// Returns the length of the item at `at`; `None` at the end.
    fn step(&mut self, bytes: &mut [u8], at: usize) -> Option<usize> {
        match *bytes.get(at)? {
            b'\n' => {
                self.line += 1;
                if self.open.is_empty() {
                    self.operators = 0;
                }
            }
            b'\t' if !self.open.is_empty() => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = b' ';
                }
            }
            b'(' => self.open.push(Bracket { takes_default: takes_default(bytes, at), commas: 0 }),
            b'[' | b'{' => self.open.push(Bracket::default()),
            b')' | b']' | b'}' => {
                self.open.pop();
            }
            b',' => {
                self.operators = 0;
                if let Some(bracket) = self.open.last_mut() {
                    bracket.commas += 1;
                }
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'&' | b'~' | b'<' | b'>' | b'.' => self.operators += 1,
            b'#' => return Some(self.comment(bytes, at)),
            quote @ (b'"' | b'\'') => return Some(self.string(bytes, at, quote)),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => return Some(self.word(bytes, at)),
            _ => {}
        }
        Some(1)
    }

    fn comment(&self, bytes: &[u8], at: usize) -> usize {
        let rest = bytes.get(at..).unwrap_or_default();
        rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
    }

    /// A name or a keyword. Keyword operators nest the tree as signs do.
    fn word(&mut self, bytes: &mut [u8], at: usize) -> usize {
        let rest = bytes.get(at..).unwrap_or_default();
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        if word == b"default" && self.open.last().is_some_and(|bracket| bracket.takes_default && bracket.commas == 1) {
            return end + blank_name(bytes, at, end);
        }
        if matches!(word, b"not" | b"and" | b"or" | b"if" | b"else" | b"in" | b"for" | b"lambda") {
            self.operators += 1;
        }
        end.max(1)
    }

    fn string(&mut self, bytes: &[u8], at: usize, quote: u8) -> usize {
        let triple = bytes.get(at..at + 3) == Some(&[quote; 3]);
        let opening = if triple { 3 } else { 1 };
        let mut end = at + opening;
        while let Some(byte) = bytes.get(end) {
            match *byte {
                b'\\' => {
                    // A line end after a backslash counts too.
                    self.line += usize::from(bytes.get(end + 1) == Some(&b'\n'));
                    end += 2;
                    continue;
                }
                b'\n' if !triple => return end - at,
                b'\n' => self.line += 1,
                byte if byte == quote && !triple => return end + 1 - at,
                byte if byte == quote && bytes.get(end..end + 3) == Some(&[quote; 3]) => return end + 3 - at,
                _ => {}
            }
            end += 1;
        }
        bytes.len().saturating_sub(at).max(1)
    }
}

/// Returns `true` if the parenthesis at `at` calls a dict method with a default as second argument.
fn takes_default(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(..at).unwrap_or_default();
    [b".get".as_slice(), b".pop", b".setdefault"].iter().any(|method| before.ends_with(method))
}

/// Blanks the name at `at` and the sign after it if it is an argument's name; returns the inspected bytes after the
/// name.
fn blank_name(bytes: &mut [u8], at: usize, length: usize) -> usize {
    let rest = bytes.get(at + length..).unwrap_or_default();
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    if rest.get(spaces) != Some(&b'=') || rest.get(spaces + 1) == Some(&b'=') {
        return 0;
    }
    if let Some(name) = bytes.get_mut(at..at + length + spaces + 1) {
        name.fill(b' ');
    }
    spaces + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> String {
        prepare("BUILD", text.to_owned()).map_or_else(|failure| failure.code, |_| "fine".to_owned())
    }

    #[test]
    fn stops_what_would_overflow_the_parser() {
        assert_eq!(code(&"[".repeat(300_000)), "too_deep");
        assert_eq!(code(&format!("x = {}1", "1+".repeat(300_000))), "too_deep");
        assert_eq!(code(&format!("x = {}1", "not ".repeat(300_000))), "too_deep");
        assert_eq!(code(&format!("x = {}1{}", "(".repeat(150), ")".repeat(150))), "fine");
        assert_eq!(code("\u{feff}x = 1"), "bom");
    }

    #[test]
    fn looks_into_no_string_and_no_comment() {
        let brackets = "[".repeat(500);
        assert_eq!(code(&format!("x = '{brackets}'\n# {brackets}\ny = \"\"\"{brackets}\n\"\"\"")), "fine");
        assert_eq!(code(&format!("x = 'it\\'s {brackets}'")), "fine");
    }

    #[test]
    fn a_default_may_be_given_by_name() {
        let text = |text: &str| prepare("BUILD", text.to_owned()).unwrap();
        assert_eq!(text("d.get(k, default = 1)"), "d.get(k,           1)");
        assert_eq!(text("d.pop(f(a, b),\n default=[1])"), "d.pop(f(a, b),\n         [1])");
        for same in ["d.get(default = 1)", "d.get(k, default == 1)", "f(k, default = 1)", "d.get(k, 'default = 1')"] {
            assert_eq!(text(same), same);
        }
    }

    #[test]
    fn replaces_tabs_inside_brackets_only() {
        assert_eq!(prepare("BUILD", "f(\n\ta = '\t',\n)\n".to_owned()).unwrap(), "f(\n a = '\t',\n)\n");
    }

    proptest! {
        #[test]
        fn takes_every_text(text in "\\PC{0,200}") {
            let refused = prepare("BUILD", text.clone()).is_err();
            let marked = text.starts_with('\u{feff}');
            prop_assert_eq!(refused, marked);
        }

        #[test]
        fn keeps_the_length(text in "[\\[\\]()'\"\\\\#\n\tab,]{0,200}") {
            if let Ok(prepared) = prepare("BUILD", text.clone()) {
                prop_assert_eq!(prepared.len(), text.len());
            }
        }
    }
}
