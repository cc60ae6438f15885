//! Converts Bazel's labels to the workspace's spelling: with Bzlmod Bazel prints canonical names
//! (`@@rules_python++pip+pypi//fastapi`), BUILD files say `@pypi//fastapi`.

use std::collections::{BTreeMap, BTreeSet};

use crate::label::{Label, Repository};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepositoryNames {
    /// Apparent names by canonical name.
    apparent: BTreeMap<String, String>,
    hubs: BTreeSet<String>,
}

impl RepositoryNames {
    /// Without Bazel's mapping, hubs are known by the last part of their canonical name.
    #[must_use]
    pub fn new(hubs: impl IntoIterator<Item = String>) -> Self {
        Self { apparent: BTreeMap::new(), hubs: hubs.into_iter().collect() }
    }

    /// Reads the output of `bazel mod dump_repo_mapping ""`: a JSON object of apparent and canonical names. Ignores
    /// anything else.
    pub fn take_mapping(&mut self, printed: &[u8]) {
        let Ok(mapping) = serde_json::from_slice::<BTreeMap<String, String>>(printed) else { return };
        for (apparent, canonical) in mapping {
            // Of two names for a repository, prefer the one of a lock, else the first.
            let is_better = self.hubs.contains(&apparent) || !self.apparent.contains_key(&canonical);
            if !apparent.is_empty() && !canonical.is_empty() && is_better {
                self.apparent.insert(canonical, apparent);
            }
        }
    }

    #[must_use]
    pub fn label(&self, printed: &[u8]) -> Option<Label> {
        let label = Label::parse_absolute(&text(printed)).ok()?;
        let Some(name) = label.repository_name() else { return Some(label) };
        let repository = self.repository(name).unwrap_or_else(|| label.repository().clone());
        Some(Label::new(repository, label.package(), label.name()))
    }

    fn repository(&self, name: &str) -> Option<Repository> {
        if let Some(apparent) = self.apparent.get(name) {
            return Some(Repository::Apparent(apparent.as_str().into()));
        }
        // Canonical names separate parts by `~` (up to Bazel 7) or `+` (from 8); without one, both names are equal.
        let last = name.rsplit(['~', '+']).next().unwrap_or(name);
        if last == name || self.hubs.contains(last) {
            return Some(Repository::Apparent(last.into()));
        }
        None
    }
}

/// Up to version 7, Bazel prints each UTF-8 byte of a name as a character; this is undone.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.is_ascii() {
        return text.into_owned();
    }
    let inner: Option<Vec<u8>> = text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect();
    inner.and_then(|inner| String::from_utf8(inner).ok()).unwrap_or_else(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> RepositoryNames {
        RepositoryNames::new(["pypi".to_owned(), "other".to_owned()])
    }

    fn check(names: &RepositoryNames, printed: &str, expected: &str) {
        assert_eq!(names.label(printed.as_bytes()).unwrap().to_string(), expected, "{printed}");
    }

    #[test]
    fn hubs_are_known_by_the_last_part_of_their_canonical_name() {
        let names = names();
        check(&names, "//a:b", "//a:b");
        check(&names, "@@//a:b", "//a:b");
        check(&names, "@pypi//:x", "@pypi//:x");
        check(&names, "@@pypi//:x", "@pypi//:x");
        check(&names, "@@rules_pycross~~lock_repos~pypi//:x", "@pypi//:x");
        check(&names, "@rules_python~0.20.0~pip~pypi//x:pkg", "@pypi//x:pkg");
        check(&names, "@@rules_python++pip+pypi//x:x", "@pypi//x:x");
        check(&names, "@@rules_go+//go:def", "@@rules_go+//go:def");
        assert_eq!(names.label(b"no label"), None);
    }

    #[test]
    fn bazels_own_mapping_counts_first() {
        let mut names = names();
        names.take_mapping(
            br#"{"": "", "go": "rules_go+", "deps": "rules_python++pip+pypi", "pypi": "rules_python++pip+pypi", "a": "x+", "b": "x+"}"#,
        );
        check(&names, "@@rules_go+//go:def", "@go//go:def");
        check(&names, "@@rules_python++pip+pypi//x:x", "@pypi//x:x");
        check(&names, "@@x+//:x", "@a//:x");
        let before = names.clone();
        names.take_mapping(b"ERROR: Bzlmod has to be enabled");
        assert_eq!(names, before);
    }

    #[test]
    fn names_outside_ascii_are_read_in_both_forms() {
        assert_eq!(text("//u:caf\u{c3}\u{a9}".as_bytes()), "//u:caf\u{e9}");
        assert_eq!(text("//u:caf\u{e9}".as_bytes()), "//u:caf\u{e9}");
        assert_eq!(text("//u:\u{65e5}".as_bytes()), "//u:\u{65e5}");
        assert_eq!(text(b"//u:\xff"), "//u:\u{fffd}");
    }
}
