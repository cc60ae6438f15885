//! Sentences as runs of words and code. Text in backticks and labels are code: a forge would take `@pypi` for a user's
//! name.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run<'a> {
    Words(&'a str),
    Code(&'a str),
}

/// Together the runs are the text without the backticks.
pub(super) fn runs(sentence: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    // An unpaired backtick stays.
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, after)) = after.split_once('`')
    {
        words(before, &mut runs);
        runs.push(Run::Code(code));
        rest = after;
    }
    words(rest, &mut runs);
    runs
}

fn words<'a>(text: &'a str, runs: &mut Vec<Run<'a>>) {
    let mut start = 0;
    let mut at = 0;
    for piece in text.split_inclusive(' ') {
        let word = piece.trim_end_matches([' ', ',', '.', ';', ':', ')']);
        let inside = word.trim_start_matches('(');
        let is_label = (inside.starts_with('@') || inside.starts_with("//")) && inside.len() > 2;
        if is_label {
            let (from, to) = (at + word.len() - inside.len(), at + word.len());
            push_words(text.get(start..from), runs);
            runs.extend(text.get(from..to).map(Run::Code));
            start = to;
        }
        at += piece.len();
    }
    push_words(text.get(start..), runs);
}

fn push_words<'a>(text: Option<&'a str>, runs: &mut Vec<Run<'a>>) {
    runs.extend(text.filter(|text| !text.is_empty()).map(Run::Words));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_what_is_quoted_are_code() {
        let check = |sentence: &str, expected: &[Run<'_>]| assert_eq!(runs(sentence), expected, "{sentence}");
        check("Plain.", &[Run::Words("Plain.")]);
        check(
            "Layer `pip` names @pypi//:numpy, which (//app:app) needs",
            &[
                Run::Words("Layer "),
                Run::Code("pip"),
                Run::Words(" names "),
                Run::Code("@pypi//:numpy"),
                Run::Words(", which ("),
                Run::Code("//app:app"),
                Run::Words(") needs"),
            ],
        );
        check("a ` b @ c", &[Run::Words("a ` b @ c")]);
        check("", &[]);
        check("``", &[Run::Code("")]);
    }
}
