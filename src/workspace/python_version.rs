//! Python versions in texts, and those that releases of rules_python bring.

/// Made from the tags of rules_python, as the file describes.
const RELEASES: &str = include_str!("../../assets/rules_python_versions.txt");

/// Major and minor version.
pub type MinorVersion = (u32, u32);

/// The first version in a text such as `3.13.1`, `>=3.12,<4` or `~=3.11`.
#[must_use]
pub fn version(text: &str) -> Option<MinorVersion> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let mut parts = text.get(start..)?.split(|character: char| !character.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The text if it is a full version such as `3.13.1` or `3.14.0rc1`.
#[must_use]
pub fn full_version(text: &str) -> Option<String> {
    let mut parts = text.split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (major, minor, patch) = (parts.next()?, parts.next()?, parts.next()?);
    let starts_with_digit = patch.starts_with(|character: char| character.is_ascii_digit());
    let is_full = parts.next().is_none() && is_number(major) && is_number(minor) && starts_with_digit;
    (is_full && patch.bytes().all(|byte| byte.is_ascii_alphanumeric())).then(|| text.to_owned())
}

/// The version in a `.python-version` file, and its line counted from 1.
#[must_use]
pub fn python_version_file(text: &str) -> Option<(&str, usize)> {
    let is_comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let (index, line) = text.lines().enumerate().find(|(_, line)| !is_comment(line))?;
    Some((line.trim(), index + 1))
}

/// `requires-python` of a pyproject.toml, and its line counted from 1.
#[must_use]
pub fn requires_python(pyproject: &str) -> Option<(&str, usize)> {
    pyproject.lines().enumerate().find_map(|(index, line)| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "requires-python").then_some((value, index + 1))
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The version of the default toolchain; none before 0.23.
    pub default: Option<&'static str>,
    /// Of each minor version.
    pub full_versions: Vec<&'static str>,
}

/// `None` for releases before or after the known ones.
#[must_use]
pub fn rules_python(release: &str) -> Option<Release> {
    let wanted = numbers(release)?;
    let lines = RELEASES.lines().filter(|line| !line.starts_with('#'));
    let rows = lines.filter_map(|line| {
        let mut words = line.split(' ');
        Some((numbers(words.next()?)?, words.next()?, words.collect::<Vec<_>>()))
    });
    let rows: Vec<_> = rows.collect();
    if rows.last().is_none_or(|(newest, ..)| wanted > *newest) {
        return None;
    }
    let (_, default, full_versions) = rows.into_iter().rev().find(|(release, ..)| *release <= wanted)?;
    Some(Release { default: Some(default).filter(|default| *default != "-"), full_versions })
}

fn numbers(release: &str) -> Option<[u32; 3]> {
    let mut parts = release.split(['.', '-']);
    let mut next = || parts.next().map_or(Some(0), |part| part.parse().ok());
    Some([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_every_form() {
        for (text, minor, full) in [
            ("3.13", Some((3, 13)), false),
            (">=3.12,<4", Some((3, 12)), false),
            (" \"~= 3.11.2\"", Some((3, 11)), false),
            ("cpython-3.10.1", Some((3, 10)), false),
            ("3.12.4", Some((3, 12)), true),
            ("3.14.0rc1", Some((3, 14)), true),
            ("3.14.0.1", Some((3, 14)), false),
            ("3", None, false),
            ("pypy", None, false),
            ("99999999999.1", None, false),
        ] {
            assert_eq!(version(text), minor, "{text}");
            assert_eq!(full_version(text).is_some(), full, "{text}");
        }
        assert_eq!(python_version_file("# pyenv\n3.12.4\n"), Some(("3.12.4", 2)));
        let project = "[project]\nname = \"x\"\nrequires-python = \">=3.11\"\n";
        assert_eq!(requires_python(project), Some((" \">=3.11\"", 3)));
    }

    #[test]
    fn releases_of_rules_python_bring_their_interpreters() {
        let full = |release: &str, minor: (u32, u32)| {
            let found = rules_python(release)?;
            found.full_versions.into_iter().find(|full| version(full) == Some(minor))
        };
        assert_eq!(full("1.2.0", (3, 11)), Some("3.11.11"));
        assert_eq!(full("1.9.2", (3, 12)), Some("3.12.13"));
        assert_eq!(full("2.0.0", (3, 12)), Some("3.12.12"));
        assert_eq!(full("0.40.0", (3, 14)), None);
        assert_eq!(rules_python("0.22.1").unwrap().default, None);
        assert_eq!(rules_python("0.23.0").unwrap().default, Some("3.11"));
        assert_eq!(rules_python("0.1.0"), None);
        assert_eq!(rules_python("99.0.0"), None);
    }
}
