//! Interprets Bazel's standard error.

use super::answer::BazelProblem;

const MOST_PROBLEMS: usize = 500;

#[must_use]
pub fn is_error(line: &str) -> bool {
    after_mark(line, "ERROR: ").is_some()
}

/// Unique and sorted. An error with a place replaces the same one without.
#[must_use]
pub fn problems(lines: &[String]) -> Vec<BazelProblem> {
    let errors = lines.iter().filter_map(|line| after_mark(line, "ERROR: ")).filter(|error| !is_summary(error));
    let mut problems: Vec<BazelProblem> = errors.map(problem).collect();
    problems.sort();
    problems.dedup();
    // `package contains errors: p: <words>` repeats an error that had a place.
    let placed = problems.iter().filter(|problem| problem.path.is_some() && !problem.message.is_empty());
    let placed: Vec<String> = placed.map(|problem| format!(": {}", problem.message)).collect();
    problems.retain(|problem| problem.path.is_some() || !placed.iter().any(|words| problem.message.ends_with(words)));
    problems.truncate(MOST_PROBLEMS);
    problems
}

/// Packages that can't be loaded.
#[must_use]
pub fn broken_packages(lines: &[String]) -> Vec<String> {
    let errors = lines.iter().filter_map(|line| after_mark(line, "ERROR: "));
    let mut packages: Vec<String> = errors.filter_map(package_of).collect();
    packages.sort();
    packages.dedup();
    packages
}

/// The last line that explains a failure.
#[must_use]
pub fn last_words(lines: &[String]) -> String {
    let errors: Vec<&str> =
        lines.iter().filter_map(|line| after_mark(line, "ERROR: ").or_else(|| after_mark(line, "FATAL: "))).collect();
    let last = |words: &[&str]| words.iter().rev().take(3).rev().copied().collect::<Vec<_>>().join("; ");
    if !errors.is_empty() {
        return last(&errors);
    }
    let all: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    if all.is_empty() { "it said nothing".to_owned() } else { last(&all) }
}

/// The rest of a line after `mark`, which may follow a time.
fn after_mark<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    let line = line.trim_start();
    // `(22:13:01) ERROR: ...` with --show_timestamps.
    let line = line.strip_prefix('(').and_then(|rest| rest.split_once(") ")).map_or(line, |(_, rest)| rest);
    line.strip_prefix(mark).map(str::trim).filter(|words| !words.is_empty())
}

/// Says only that there were errors.
fn is_summary(error: &str) -> bool {
    let is_bare = |rest: &str| !rest.contains(": ");
    error.strip_prefix("package contains errors: ").is_some_and(is_bare) || error.starts_with("Evaluation of query ")
}

fn problem(error: &str) -> BazelProblem {
    let package = package_of(error);
    let Some((path, line, rest)) = place(error) else {
        return BazelProblem { path: None, line: None, package, message: error.to_owned() };
    };
    BazelProblem { path: Some(path.to_owned()), line: Some(line), package, message: rest.to_owned() }
}

/// `/root/pkg/BUILD:12:5: words`.
fn place(error: &str) -> Option<(&str, usize, &str)> {
    let (place, words) = error.split_once(": ")?;
    let mut parts = place.rsplitn(3, ':');
    let (_column, line, path) = (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    (!path.contains(char::is_whitespace)).then_some((path, line, words))
}

/// The package that can't be loaded.
fn package_of(error: &str) -> Option<String> {
    let after = |mark: &str| error.split_once(mark).map(|(_, rest)| rest);
    let bare = || after("package contains errors: ").and_then(|rest| rest.split([':', ' ']).next());
    let in_quotes = ["error loading package '", "no such package '", "error loading package under directory '"];
    let quoted = || in_quotes.iter().find_map(|mark| after(mark)).and_then(|rest| rest.split('\'').next());
    let package = bare().or_else(quoted)?;
    let package = package.strip_prefix("@@//").or_else(|| package.strip_prefix("//")).unwrap_or(package);
    (!package.starts_with('@')).then(|| package.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Bazel 7.7.1 printed it.
    const SAID: &str = "\
Starting local Bazel server and connecting to it...
Loading: 3 packages loaded
ERROR: /ws/broken3/BUILD:2:1: syntax error at 'newline': expected ,
ERROR: package contains errors: broken3
ERROR: /ws/broken/BUILD:1:31: name 'nope' is not defined (did you mean 'None'?)
ERROR: package contains errors: broken
ERROR: error loading package 'broken2': cannot load '//p:none.bzl': no such file
ERROR: package contains errors: broken: name 'nope' is not defined (did you mean 'None'?)
ERROR: package contains errors: broken3: syntax error at 'newline': expected ,
WARNING: --keep_going specified, ignoring errors. Results may be inaccurate";

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn each_error_is_told_once_with_its_place() {
        let reported: Vec<String> = problems(&lines(SAID))
            .into_iter()
            .map(|problem| {
                let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
                format!("{}{line} {}", problem.path.unwrap_or_default(), problem.message)
            })
            .collect();
        assert_eq!(
            reported,
            [
                " error loading package 'broken2': cannot load '//p:none.bzl': no such file",
                "/ws/broken/BUILD:1 name 'nope' is not defined (did you mean 'None'?)",
                "/ws/broken3/BUILD:2 syntax error at 'newline': expected ,",
            ]
        );
        assert_eq!(broken_packages(&lines(SAID)), ["broken", "broken2", "broken3"]);
    }

    #[test]
    fn times_and_packages_of_other_repositories_do_not_confuse() {
        let said = lines("(10:11:12) ERROR: no such package '@@x+//y': no such file\nERROR: no such package '': none");
        assert_eq!(broken_packages(&said), [""]);
        assert_eq!(problems(&said).len(), 2);
    }

    #[test]
    fn the_last_words_are_errors_where_there_are_some() {
        assert_eq!(last_words(&lines("Loading:\nERROR: a\nINFO: b\nERROR: c")), "a; c");
        assert_eq!(last_words(&lines("Usage: bazel <command>\nunknown")), "Usage: bazel <command>; unknown");
        assert_eq!(last_words(&[]), "it said nothing");
    }
}
