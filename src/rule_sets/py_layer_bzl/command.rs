//! Commands of genrules that cut a listing by greps.

use crate::rule_sets::expressions::{basic, extended};

/// A line passes if it matches all of `takes` and none of `refuses`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In the syntax of the `regex` crate.
    pub takes: Vec<String>,
    pub refuses: Vec<String>,
}

/// Reads a command that consists of greps; `None` for others.
#[must_use]
pub fn filter_of(command: &str) -> Option<Filter> {
    let mut filter = Filter::default();
    for step in steps(command)? {
        let mut words = step.iter().map(String::as_str);
        match words.next()? {
            "cat" => {}
            "grep" | "egrep" => filter.add(&step)?,
            _ => return None,
        }
    }
    (filter != Filter::default()).then_some(filter)
}

/// Returns `true` if a command keeps each line, perhaps rewritten.
#[must_use]
pub fn is_passing_on(command: &str) -> bool {
    let is_harmless = |step: &Vec<String>| {
        let deletes = step.iter().any(|word| word.ends_with("/d") || word == "-n");
        matches!(step.first().map(String::as_str), Some("cat"))
            || (step.first().is_some_and(|word| word == "sed") && !deletes)
    };
    steps(command).is_some_and(|steps| steps.iter().all(is_harmless))
}

impl Filter {
    fn add(&mut self, step: &[String]) -> Option<()> {
        let mut is_inverted = false;
        let mut is_extended = step.first().is_some_and(|word| word == "egrep");
        let mut expressions = Vec::new();
        let mut words = step.iter().skip(1).map(String::as_str);
        while let Some(word) = words.next() {
            match word {
                "-e" => expressions.push(words.next()?),
                option if option.len() > 1 && option.starts_with('-') => {
                    for letter in option.chars().skip(1) {
                        match letter {
                            'v' => is_inverted = true,
                            'E' => is_extended = true,
                            'G' => is_extended = false,
                            _ => return None,
                        }
                    }
                }
                input if input.starts_with("$<") || input.starts_with("$(") => {}
                expression if expressions.is_empty() => expressions.push(expression),
                _ => return None,
            }
        }
        let read = |text: &&str| {
            let text = text.replace("$$", "$");
            if is_extended { extended(&text) } else { basic(&text) }
        };
        let expression = match expressions.as_slice() {
            [] => return None,
            [one] => read(one),
            more => format!("(?:{})", more.iter().map(read).collect::<Vec<_>>().join("|")),
        };
        if is_inverted {
            self.refuses.push(expression)
        } else {
            self.takes.push(expression)
        }
        Some(())
    }
}

/// The commands of a pipeline as words, without fallbacks for a `grep` without matches.
fn steps(command: &str) -> Option<Vec<Vec<String>>> {
    // The splitter does not know `$<`, `$@` and redirections.
    let words = shlex::split(&spaced(command)?)?;
    let mut steps: Vec<Vec<String>> = vec![Vec::new()];
    let mut words = words.into_iter().peekable();
    while words.peek().is_some_and(|word| matches!(word.as_str(), "if" | "!" | "set" | "-e")) {
        words.next();
    }
    while let Some(word) = words.next() {
        match word.as_str() {
            "\u{1}|" => steps.push(Vec::new()),
            "\u{1}>" => {
                words.next()?;
                let rest: Vec<String> = words.map(|word| word.replace('\u{1}', "")).collect();
                let rest: Vec<&str> = rest.iter().map(String::as_str).filter(|word| *word != ";").collect();
                return is_harmless_end(&rest).then_some(steps);
            }
            "\u{1};" => return None,
            _ => steps.last_mut()?.push(word),
        }
    }
    None
}

fn is_harmless_end(rest: &[&str]) -> bool {
    matches!(rest, [] | ["||", "true" | ":"] | ["||", "touch", "$@"] | ["then", "touch", "$@", "fi"])
}

/// Separates operators and marks them, so that they are not taken for text.
fn spaced(command: &str) -> Option<String> {
    let mut result = String::with_capacity(command.len() + 16);
    let mut quote = None;
    let mut characters = command.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, '|') if characters.peek() == Some(&'|') => {
                characters.next();
                result.push_str(" || ");
                continue;
            }
            (None, '|' | '>' | ';') if !(character == '>' && characters.peek() == Some(&'>')) => {
                result.push_str(&format!(" \u{1}{character} "));
                continue;
            }
            (None, '>' | '`' | '&') => return None,
            (None, '\n') => {
                result.push(' ');
                continue;
            }
            _ => {}
        }
        result.push(character);
    }
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &str, takes: &[&str], refuses: &[&str]) {
        let found = filter_of(command).unwrap_or_else(|| panic!("not read: {command}"));
        assert_eq!(
            (found.takes, found.refuses),
            (takes.iter().map(ToString::to_string).collect(), refuses.iter().map(ToString::to_string).collect())
        );
    }

    #[test]
    fn greps_are_read() {
        check(r"grep '\.runfiles/.*python.*-.*' $< >$@", &[r"\.runfiles/.*python.*-.*"], &[]);
        check(r"grep -v 'a b' $< | grep 'c|d' > $@", &[r"c\|d"], &["a b"]);
        check(r"grep -vE 'a|b' $< | grep -v 'c\|d' >$@", &[], &["a|b", "c|d"]);
        check(r"if ! grep -v 'a' $< | grep 'b' >$@; then touch $@; fi", &["b"], &["a"]);
        check(r"cat $(SRCS) | grep -e 'a' -e 'b' >$@ || true", &["(?:a|b)"], &[]);
    }

    #[test]
    fn anything_else_is_not_read() {
        for command in [
            "grep -c 'a' $< >$@",
            "python3 $(location :cut) $< >$@",
            "grep 'a' $< | head -n 3 >$@",
            "grep 'a' $< >$@; rm -rf x",
            "grep 'a' $< >> $@",
            "grep `cat x` $< >$@",
            "grep",
            "",
        ] {
            assert_eq!(filter_of(command), None, "{command}");
        }
    }

    #[test]
    fn sed_may_rewrite_lines_but_not_drop_them() {
        assert!(is_passing_on(r"sed -e 's/^\.\.\///' $< | sed -e 's/ external\///g' >$@"));
        assert!(!is_passing_on("sed -e '/x/d' $< >$@"));
        assert!(!is_passing_on("grep x $< >$@"));
    }
}
