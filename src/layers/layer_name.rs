/// In characters. A file's name ends in it, and file systems allow 255 bytes.
const LONGEST: usize = 100;

/// Returns why a new layer can't have this name. It becomes part of target and file names
/// (`{app}_deplayer_{i}_{layer}`). Bazel allows more (bazel.build/concepts/labels#target-names); these characters need
/// no quotes in a shell either.
#[must_use]
pub(crate) fn name_problem(name: &str) -> Option<String> {
    let is_good = |character: char| character.is_ascii_alphanumeric() || "_-.+".contains(character);
    if name.is_empty() {
        return Some("a layer needs a name".to_owned());
    }
    if name.chars().count() > LONGEST {
        return Some(format!("a layer's name has at most {LONGEST} characters"));
    }
    if let Some(character) = name.chars().find(|character| !is_good(*character)) {
        return Some(format!(
            "it becomes part of target names, and `{}` is not one of letters, digits, `_`, `-`, `.` and `+`",
            character.escape_debug()
        ));
    }
    let starts_well = name.starts_with(|character: char| character.is_ascii_alphanumeric() || character == '_');
    (!starts_well).then(|| "it must start with a letter, a digit or `_`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_names_and_file_names_decide() {
        for name in ["pip_deps", "c++", "v1.2-rc", "_hidden", "3rd", &"a".repeat(LONGEST)] {
            assert_eq!(name_problem(name), None);
        }
        let check = |name: &str, part: &str| {
            let problem = name_problem(name).unwrap();
            assert!(problem.contains(part), "{problem}");
        };
        check("", "needs a name");
        check(&"é".repeat(LONGEST + 1), "at most 100");
        check("pip deps", "` ` is not one of letters, digits");
        check("a/b", "`/` is not");
        check("a\nb", "`\\n` is not");
        check("été", "`é` is not");
        check("-a", "start with");
        check("+a", "start with");
    }
}
