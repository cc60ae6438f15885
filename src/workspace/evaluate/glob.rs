/// `**` matches any number of folders, `*` and `?` match inside one name
/// (<https://bazel.build/reference/be/functions#glob>).
#[must_use]
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    matches_segments(&pattern, &path)
}

/// Greedy with one backtracking point: time is bounded by the product of the lengths.
fn matches_segments(pattern: &[&str], path: &[&str]) -> bool {
    let (mut at_pattern, mut at_path) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while let Some(segment) = path.get(at_path) {
        match pattern.get(at_pattern) {
            Some(&"**") => {
                resume = Some((at_pattern, at_path));
                at_pattern += 1;
            }
            Some(expected) if matches_name(expected, segment) => {
                at_pattern += 1;
                at_path += 1;
            }
            _ => match &mut resume {
                Some((star, taken)) => {
                    *taken += 1;
                    at_pattern = *star + 1;
                    at_path = *taken;
                }
                None => return false,
            },
        }
    }
    pattern.get(at_pattern..).is_some_and(|rest| rest.iter().all(|segment| *segment == "**"))
}

fn matches_name(pattern: &str, name: &str) -> bool {
    if pattern == "*" || pattern == "**" {
        return true;
    }
    // A leading dot must be explicit, unless the pattern is only a star.
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at_pattern, mut at_name) = (0, 0);
    let mut resume: Option<(usize, usize)> = None;
    while let Some(character) = name.get(at_name) {
        match pattern.get(at_pattern) {
            Some('*') => {
                resume = Some((at_pattern, at_name));
                at_pattern += 1;
            }
            Some(expected) if *expected == '?' || expected == character => {
                at_pattern += 1;
                at_name += 1;
            }
            _ => match &mut resume {
                Some((star, taken)) => {
                    *taken += 1;
                    at_pattern = *star + 1;
                    at_name = *taken;
                }
                None => return false,
            },
        }
    }
    pattern.get(at_pattern..).is_some_and(|rest| rest.iter().all(|character| *character == '*'))
}

/// In the order of `paths`.
#[must_use]
pub fn select(paths: &[String], include: &[String], exclude: &[String]) -> Vec<String> {
    let any = |patterns: &[String], path: &str| patterns.iter().any(|pattern| matches(pattern, path));
    paths.iter().filter(|path| any(include, path) && !any(exclude, path)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pattern: &str, path: &str, expected: bool) {
        assert_eq!(matches(pattern, path), expected, "{pattern} against {path}");
    }

    #[test]
    fn follows_bazels_rules() {
        check("*.py", "a.py", true);
        check("*.py", "sub/a.py", false);
        check("**/*.py", "a.py", true);
        check("**/*.py", "sub/deep/a.py", true);
        check("**", "sub/deep/a.py", true);
        check("sub/**", "sub/a.py", true);
        check("sub/**", "other/a.py", false);
        check("a/**/b/*.py", "a/b/c.py", true);
        check("a/**/b/*.py", "a/x/b/y/b/c.py", true);
        check("test_*.py", "test_.py", true);
        check("a?c", "abc", true);
        check("*", ".hidden", true);
        check("*.py", ".hidden.py", false);
        check(".*", ".hidden.py", true);
        check("a*b*c", "aXbYc", true);
        check("a*b*c", "aXbY", false);
    }

    proptest! {
        #[test]
        fn a_path_matches_itself_and_double_star(path in "[a-z]{1,5}(/[a-z]{1,5}){0,4}") {
            prop_assert!(matches(&path, &path));
            prop_assert!(matches("**", &path));
        }

        #[test]
        fn hostile_patterns_end(pattern in "[*a/?]{0,60}", path in "[a/]{0,60}") {
            prop_assert!(matches(&pattern, &path) || !pattern.is_empty() || !path.is_empty());
        }
    }
}
