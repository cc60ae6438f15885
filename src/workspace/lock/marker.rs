//! Evaluates PEP 508 markers (`python_version < "3.12" and sys_platform == "linux"`) for one platform and Python. Lock
//! files are untrusted, so any text takes linear time and bounded nesting. (`pep508_rs` 0.9 panics on `os_name == 'a'
//! aä`, overflows the stack on deep parentheses and reads `~= '3.8.0'` as `>= 3.8, < 4`.) Versions are compared by
//! `pep440_rs`.

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier};
use thiserror::Error;

use super::package_name::PackageName;
use crate::workspace::platform::MarkerEnvironment;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the marker {marker:?} can't be read: {reason}")]
pub struct MarkerError {
    /// As written.
    pub marker: String,
    pub reason: String,
}

/// Of parentheses; real markers need two or three.
const DEEPEST: usize = 64;

/// Evaluates `marker` in `environment` for this `extra`. `"x" in extras` and `"x" in dependency_groups` (PEP 751)
/// always hold, as do uv's names for conflicting extras and groups (`extra-7-project-cpu`): a whole lock includes what
/// any of them needs.
///
/// # Errors
/// [`MarkerError`] when the text is no marker.
pub fn holds(marker: &str, environment: &MarkerEnvironment, extra: Option<&str>) -> Result<bool, MarkerError> {
    if marker.trim().is_empty() {
        return Ok(true);
    }
    let extra = extra.map(PackageName::new);
    let unreadable = |reason: String| MarkerError { marker: marker.to_owned(), reason };
    let tokens = tokens(marker).map_err(unreadable)?;
    let mut reading = Reading { tokens: tokens.into_iter().peekable(), environment, extra, depth: 0 };
    let value = reading.any_of().map_err(unreadable)?;
    match reading.tokens.next() {
        None => Ok(value),
        Some(token) => Err(unreadable(format!("{token:?} stands after its end"))),
    }
}

/// Normalised values that a marker compares `extra` with; empty if it can't be read.
pub(super) fn extras_named(marker: &str) -> BTreeSet<String> {
    let tokens = tokens(marker).unwrap_or_default();
    let named = tokens.windows(3).filter_map(|window| match window {
        [Token::Word("extra"), Token::Operator("=="), Token::Text(name)]
        | [Token::Text(name), Token::Operator("=="), Token::Word("extra")] => Some(PackageName::new(name)),
        _ => None,
    });
    named.map(|name| name.as_str().to_owned()).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    Operator(&'a str),
    Word(&'a str),
    Text(&'a str),
}

fn tokens(marker: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = marker.trim_start();
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        let (token, remaining) = match first {
            '(' => (Token::Open, after),
            ')' => (Token::Close, after),
            '\'' | '"' => {
                let (text, remaining) = after.split_once(first).ok_or("a quote is not closed")?;
                (Token::Text(text), remaining)
            }
            '<' | '>' | '=' | '!' | '~' => {
                let (operator, remaining) = split_while(rest, |letter| matches!(letter, '<' | '>' | '=' | '!' | '~'));
                (Token::Operator(operator), remaining)
            }
            letter if is_word_letter(letter) => {
                let (word, remaining) = split_while(rest, is_word_letter);
                (Token::Word(word), remaining)
            }
            other => return Err(format!("{other:?} has no meaning in it")),
        };
        tokens.push(token);
        rest = remaining.trim_start();
    }
    Ok(tokens)
}

fn is_word_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.')
}

fn split_while(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

struct Reading<'a, 'b> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token<'a>>>,
    environment: &'b MarkerEnvironment,
    extra: Option<PackageName>,
    depth: usize,
}

impl<'a> Reading<'a, '_> {
    fn any_of(&mut self) -> Result<bool, String> {
        let mut value = self.all_of()?;
        while self.tokens.next_if_eq(&Token::Word("or")).is_some() {
            value |= self.all_of()?;
        }
        Ok(value)
    }

    fn all_of(&mut self) -> Result<bool, String> {
        let mut value = self.one()?;
        while self.tokens.next_if_eq(&Token::Word("and")).is_some() {
            value &= self.one()?;
        }
        Ok(value)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.tokens.next_if_eq(&Token::Open).is_none() {
            return self.comparison();
        }
        if self.depth == DEEPEST {
            return Err(format!("it nests deeper than {DEEPEST} parentheses"));
        }
        self.depth += 1;
        let value = self.any_of()?;
        self.depth -= 1;
        self.tokens.next_if_eq(&Token::Close).ok_or("a parenthesis is not closed")?;
        Ok(value)
    }

    fn comparison(&mut self) -> Result<bool, String> {
        let left = self.operand()?;
        let operator = self.operator()?;
        let right = self.operand()?;
        self.compare(left, operator, right)
    }

    fn operand(&mut self) -> Result<Operand<'a>, String> {
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(Operand::Text(text)),
            Some(Token::Word(name)) => Ok(Operand::Variable(name)),
            Some(token) => Err(format!("{token:?} stands where a name or a quoted text should")),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn operator(&mut self) -> Result<&'a str, String> {
        match self.tokens.next() {
            Some(Token::Operator(operator)) if mirrored(operator).is_some() || operator == "~=" => Ok(operator),
            Some(Token::Word("in")) => Ok("in"),
            Some(Token::Word("not")) if self.tokens.next_if_eq(&Token::Word("in")).is_some() => Ok("not in"),
            Some(token) => Err(format!("{token:?} is no comparison")),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn compare(&self, left: Operand<'a>, operator: &str, right: Operand<'a>) -> Result<bool, String> {
        match (left, right) {
            (Operand::Text(_), Operand::Variable("extras" | "dependency_groups")) if operator == "in" => Ok(true),
            (Operand::Text(_), Operand::Variable("extras" | "dependency_groups")) if operator == "not in" => Ok(false),
            (Operand::Variable("extra"), Operand::Text(name)) | (Operand::Text(name), Operand::Variable("extra")) => {
                match operator {
                    "==" => Ok(self.is_asked_for(name)),
                    "!=" => Ok(!self.is_asked_for(name)),
                    _ => Err(format!("extra can't be compared by {operator}")),
                }
            }
            (Operand::Variable(name), Operand::Text(text)) if is_version(name) => {
                Ok(compare_versions(self.value(name)?, operator, text))
            }
            (Operand::Text(text), Operand::Variable(name)) if is_version(name) => match mirrored(operator) {
                Some(operator) => Ok(compare_versions(self.value(name)?, operator, text)),
                None => compare_texts(text, operator, self.value(name)?),
            },
            (left, right) => compare_texts(self.text(left)?, operator, self.text(right)?),
        }
    }

    fn is_asked_for(&self, name: &str) -> bool {
        name.starts_with("extra-") || name.starts_with("group-") || self.extra == Some(PackageName::new(name))
    }

    fn text<'s>(&'s self, operand: Operand<'s>) -> Result<&'s str, String> {
        match operand {
            Operand::Text(text) => Ok(text),
            Operand::Variable(name) => self.value(name),
        }
    }

    fn value(&self, name: &str) -> Result<&str, String> {
        self.environment.value(name).ok_or_else(|| format!("{name:?} is no variable of it"))
    }
}

#[derive(Clone, Copy)]
enum Operand<'a> {
    Text(&'a str),
    Variable(&'a str),
}

fn is_version(variable: &str) -> bool {
    matches!(variable, "python_version" | "python_full_version" | "implementation_version")
}

/// The operator with sides exchanged.
fn mirrored(operator: &str) -> Option<&str> {
    Some(match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        "==" | "!=" | "===" => operator,
        _ => return None,
    })
}

/// By PEP 508: as versions if meaningful, otherwise as text.
fn compare_versions(value: &str, operator: &str, text: &str) -> bool {
    if matches!(operator, "in" | "not in") {
        return is_listed(value, text) == (operator == "in");
    }
    let specifier = VersionSpecifier::from_str(&format!("{operator}{text}"));
    match (specifier, Version::from_str(value)) {
        (Ok(specifier), Ok(version)) => specifier.contains(&version),
        _ => compare_texts(value, operator, text).unwrap_or(false),
    }
}

/// `python_version in "3.8 3.9"`: several versions in one text.
fn is_listed(value: &str, list: &str) -> bool {
    let version = Version::from_str(value).ok();
    list.split([' ', ',', '|']).filter(|item| !item.is_empty()).any(|item| Version::from_str(item).ok() == version)
}

fn compare_texts(left: &str, operator: &str, right: &str) -> Result<bool, String> {
    Ok(match operator {
        "==" | "===" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "in" => right.contains(left),
        "not in" => !right.contains(left),
        _ => return Err(format!("texts can't be compared by {operator}")),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::holds;
    use crate::workspace::platform::Platform;

    fn check(marker: &str, python: (u32, u32), expected: bool) {
        let environment = Platform::default().marker_environment(python);
        assert_eq!(holds(marker, &environment, Some("standard")), Ok(expected), "{marker} on {python:?}");
    }

    #[test]
    fn markers_of_real_locks() {
        check("sys_platform == 'win32'", (3, 13), false);
        check(
            "platform_machine == 'AMD64' or platform_machine == 'aarch64' or platform_machine == 'x86_64'",
            (3, 13),
            true,
        );
        check(
            "platform_python_implementation != 'PyPy' and sys_platform != 'cygwin' and sys_platform != 'win32'",
            (3, 13),
            true,
        );
        check(
            "(python_version < '3.14' and platform_machine == 'aarch64') or (platform_machine == 'x86_64')",
            (3, 14),
            true,
        );
        check("python_full_version >= '3.12'", (3, 12), true);
        check("python_full_version < '3.11.3'", (3, 11), false);
        check("extra == 'standard' and python_version<\"4\"", (3, 13), true);
        check("extra == 'Other'", (3, 13), false);
        check("'dev' in dependency_groups or 'x' in extras", (3, 13), true);
        check("extra == 'extra-7-project-cpu'", (3, 13), true);
        check("", (3, 13), true);
    }

    #[test]
    fn versions_are_compared_as_versions() {
        check("python_version < '3.9'", (3, 10), false);
        check("'3.9' <= python_version", (3, 10), true);
        check("python_version ~= '3.0'", (3, 10), true);
        check("python_full_version ~= '3.10.0'", (3, 10), true);
        check("python_full_version ~= '3.10.0'", (3, 11), false);
        check("python_version == '3.*'", (3, 10), true);
        check("python_version in '3.9 3.10'", (3, 10), true);
        check("python_version not in '3.9, 3.10'", (3, 1), true);
        check("python_version > '3.12'", (3, 12), false);
    }

    #[test]
    fn and_binds_closer_than_or() {
        check("os_name == 'posix' or os_name == 'nt' and os_name == 'java'", (3, 13), true);
        check("(os_name == 'posix' or os_name == 'nt') and os_name == 'java'", (3, 13), false);
        check("'lin' in sys_platform and sys_platform not in 'win32 cygwin'", (3, 13), true);
    }

    #[test]
    fn what_is_no_marker_is_said() {
        let environment = Platform::default().marker_environment((3, 13));
        let deep = format!("{}os_name == 'x'{}", "(".repeat(100_000), ")".repeat(100_000));
        for text in [
            "os_name",
            "os_name ==",
            "os_name = 'x'",
            "os_name == 'x",
            "os_name == 'a' aä",
            "who == 'x'",
            "(os_name == 'x'",
            "os_name == 'x') ",
            "extra < 'x'",
            "os_name ~= 'x'",
            "os_name not 'x'",
            &deep,
        ] {
            assert!(holds(text, &environment, None).is_err(), "{text:.40}");
        }
    }

    proptest! {
        #[test]
        fn any_text_ends_in_an_answer(marker in any::<String>(), near in "[()a-z_ '\"<>=!~.0-9]{0,60}") {
            let environment = Platform::default().marker_environment((3, 13));
            for text in [&marker, &near, &format!("python_version {near}"), &format!("os_name == 'x' {marker}")] {
                // Whether it is a marker does not matter; that it is answered does.
                if let Err(error) = holds(text, &environment, None) {
                    assert_eq!(&error.marker, text);
                }
            }
        }
    }
}
