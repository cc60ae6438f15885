//! Converts regular expressions of awk and grep to the syntax of the `regex` crate.

/// `text` is a string of an awk program inside a genrule.
#[must_use]
pub fn of_awk_string(text: &str) -> String {
    // A genrule writes `$$` for `$`; awk removes one backslash in a string.
    let text = text.replace("$$", "$");
    let mut expression = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            expression.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => expression.push('\n'),
            Some('t') => expression.push('\t'),
            Some('/') => expression.push('/'),
            Some('"') => expression.push('"'),
            Some('\\') => expression.push('\\'),
            // mawk keeps `\.`, gawk warns and reads `.`: equivalent for real paths.
            Some(sign) if !sign.is_ascii_alphanumeric() => expression.extend(['\\', sign]),
            // `\d` is a `d` in every awk.
            Some(letter) => expression.push(letter),
            None => {}
        }
    }
    extended(&expression)
}

/// Escapes that POSIX does not know are the letter.
#[must_use]
pub fn extended(expression: &str) -> String {
    let mut result = String::with_capacity(expression.len());
    let mut characters = expression.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            result.push(character);
            continue;
        }
        match characters.next() {
            Some('y') => result.push_str(r"\b"),
            Some(sign @ ('w' | 'W' | 's' | 'S' | 'B')) => result.extend(['\\', sign]),
            Some(sign) if sign.is_ascii_alphanumeric() || matches!(sign, '<' | '>') => result.push(sign),
            Some(sign) => result.extend(['\\', sign]),
            None => result.push_str(r"\\"),
        }
    }
    result
}

/// GNU grep's basic expressions.
#[must_use]
pub fn basic(expression: &str) -> String {
    let mut result = String::with_capacity(expression.len());
    let mut characters = expression.chars().peekable();
    let mut is_bracket = false;
    while let Some(character) = characters.next() {
        match character {
            '[' if !is_bracket => {
                is_bracket = true;
                result.push('[');
                // A bracket that comes first closes nothing.
                if characters.peek() == Some(&'^') {
                    result.extend(characters.next());
                }
                if characters.peek() == Some(&']') {
                    result.push_str(r"\]");
                    characters.next();
                }
            }
            ']' if is_bracket => {
                is_bracket = false;
                result.push(']');
            }
            '\\' if is_bracket => result.push_str(r"\\"),
            _ if is_bracket => result.push(character),
            '+' | '?' | '|' | '(' | ')' | '{' | '}' => result.extend(['\\', character]),
            '*' if result.is_empty() || result.ends_with('(') || result.ends_with('|') => result.push_str(r"\*"),
            '\\' => match characters.next() {
                Some(sign @ ('+' | '?' | '|' | '(' | ')' | '{' | '}')) => result.push(sign),
                Some(sign @ ('w' | 'W' | 's' | 'S' | 'b' | 'B')) => result.extend(['\\', sign]),
                Some('<' | '>') => result.push_str(r"\b"),
                Some(letter) if letter.is_ascii_alphanumeric() => result.push(letter),
                Some(sign) => result.extend(['\\', sign]),
                None => result.push_str(r"\\"),
            },
            _ => result.push(character),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_awk_string_loses_a_backslash() {
        for (written, read) in [
            (r"_torch_", "_torch_"),
            (r"\\.runfiles/.*/site-packages", r"\.runfiles/.*/site-packages"),
            (r"\.so$$", r"\.so$"),
            (r"\d+", "d+"),
            (r"\\w+_\\d", r"\w+_d"),
            (r"a\/b", "a/b"),
        ] {
            assert_eq!(of_awk_string(written), read, "{written}");
        }
    }

    #[test]
    fn a_basic_expression_marks_its_operators() {
        for (written, read) in [
            (r"\.runfiles/.*python.*-.*", r"\.runfiles/.*python.*-.*"),
            (r"\S*\.runfiles/\S*\(site-packages\|com_\)", r"\S*\.runfiles/\S*(site-packages|com_)"),
            ("a+(b)?", r"a\+\(b\)\?"),
            ("[^]/]*x", r"[^\]/]*x"),
        ] {
            assert_eq!(basic(written), read, "{written}");
        }
    }
}
