//! Bazel labels: parse, print, order and resolve them.
//!
//! A label here is absolute. Different spellings are never merged: `@pypi//:x`, `@pypi//x` and `@@pypi//x` stay three
//! labels, because rule sets give each its own meaning. Never looks at the disk or guesses the target of a repository
//! name.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::path_text::join;

/// The repository of a label, as spelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repository {
    /// The workspace itself (`//pkg:name`).
    #[default]
    Main,
    /// A repository by the name that this workspace sees (`@pypi//:x`).
    Apparent(Arc<str>),
    /// A repository by its canonical name (`@@rules_python~~pip~pypi//:x`).
    Canonical(Arc<str>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    repository: Repository,
    package: Arc<str>,
    name: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{text}` is not a label: {reason}")]
pub struct LabelError {
    pub text: String,
    pub reason: &'static str,
}

impl Label {
    #[must_use]
    pub fn main(package: &str, name: &str) -> Self {
        Self { repository: Repository::Main, package: package.into(), name: name.into() }
    }

    #[must_use]
    pub fn new(repository: Repository, package: &str, name: &str) -> Self {
        Self { repository, package: package.into(), name: name.into() }
    }

    /// Parses `text` as Bazel does for a label written in `package` of the workspace: `//pkg`, `//pkg:name`, `:name`,
    /// `name`, `@repo`, `@repo//pkg:name`, `@//pkg:name`, `@@//pkg:name` and `@@canonical//pkg:name`
    /// (<https://bazel.build/concepts/labels>).
    ///
    /// # Errors
    /// When the text breaks Bazel's lexical rules for labels.
    pub fn parse(text: &str, package: &str) -> Result<Self, LabelError> {
        Self::parse_in(text, &Repository::Main, package)
    }

    /// Parses `text` as Bazel does for a label written in `package` of `repository`.
    ///
    /// # Errors
    /// When the text breaks Bazel's lexical rules for labels.
    pub fn parse_in(text: &str, repository: &Repository, package: &str) -> Result<Self, LabelError> {
        let own = repository;
        let error = |reason| LabelError { text: text.to_owned(), reason };
        if text.is_empty() {
            return Err(error("it is empty"));
        }
        if text.chars().any(char::is_control) {
            return Err(error("it has a control character"));
        }
        let (repository, rest) = split_repository(text).map_err(error)?;
        let repository = if text.starts_with('@') { repository } else { own.clone() };
        let Some(rest) = rest else {
            // `@repo` alone is short for `@repo//:repo`.
            let (Repository::Apparent(name) | Repository::Canonical(name)) = &repository else {
                return Err(error("it names no target"));
            };
            let name = Arc::clone(name);
            return Ok(Self { repository, package: "".into(), name });
        };
        let (package, name) = match rest.strip_prefix("//") {
            Some(path) => match path.split_once(':') {
                Some((package, name)) => (package, name),
                None => (path, path.rsplit('/').next().unwrap_or_default()),
            },
            None => (package, rest.strip_prefix(':').unwrap_or(rest)),
        };
        check_package(package).map_err(error)?;
        check_name(name).map_err(error)?;
        Ok(Self { repository, package: package.into(), name: name.into() })
    }

    /// Parses an absolute label, such as one from the command line or a plan file.
    ///
    /// # Errors
    /// When the text is relative or breaks Bazel's lexical rules for labels.
    pub fn parse_absolute(text: &str) -> Result<Self, LabelError> {
        if text.starts_with("//") || text.starts_with('@') {
            Self::parse(text, "")
        } else {
            Err(LabelError { text: text.to_owned(), reason: "it must start with // or @" })
        }
    }

    #[must_use]
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Without `@`; `None` for the workspace itself.
    #[must_use]
    pub fn repository_name(&self) -> Option<&str> {
        match &self.repository {
            Repository::Main => None,
            Repository::Apparent(name) | Repository::Canonical(name) => Some(name),
        }
    }

    /// Without slashes at its ends; empty for the root package.
    #[must_use]
    pub fn package(&self) -> &str {
        &self.package
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the label as written in a file of `package`: `:x` in the same package, `//a/b` for `//a/b:b`. A label of
    /// another repository with an empty package is never shortened, because `@pypi//:x` and `@pypi//x` differ to some
    /// rule sets.
    #[must_use]
    pub fn spelled_in(&self, package: &str) -> String {
        match self.repository() {
            Repository::Main if self.package() == package => format!(":{}", self.name()),
            Repository::Main if self.package().rsplit('/').next() == Some(self.name()) => {
                format!("//{}", self.package())
            }
            Repository::Apparent(name)
                if !self.package().is_empty() && self.package().rsplit('/').next() == Some(self.name()) =>
            {
                format!("@{name}//{}", self.package())
            }
            Repository::Main | Repository::Apparent(_) | Repository::Canonical(_) => self.to_string(),
        }
    }

    #[must_use]
    pub fn is_main(&self) -> bool {
        self.repository == Repository::Main
    }

    /// `package/name`: a path below the root of the repository.
    #[must_use]
    pub fn path(&self) -> String {
        join(&self.package, &self.name)
    }

    /// Returns the label with another target name.
    #[must_use]
    pub fn sibling(&self, name: &str) -> Self {
        Self { repository: self.repository.clone(), package: Arc::clone(&self.package), name: name.into() }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repository {
            Repository::Main => {}
            Repository::Apparent(name) => write!(formatter, "@{name}")?,
            Repository::Canonical(name) => write!(formatter, "@@{name}")?,
        }
        write!(formatter, "//{}:{}", self.package, self.name)
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_absolute(&text).map_err(serde::de::Error::custom)
    }
}

/// The rest is `None` for a bare `@repo`.
fn split_repository(text: &str) -> Result<(Repository, Option<&str>), &'static str> {
    let Some(after) = text.strip_prefix('@') else {
        return Ok((Repository::Main, Some(text)));
    };
    let (canonical, after) = match after.strip_prefix('@') {
        Some(after) => (true, after),
        None => (false, after),
    };
    let (name, rest) = match after.find("//") {
        Some(at) => (&after[..at], Some(&after[at..])),
        None => (after, None),
    };
    if name.contains([':', '/', '@', ' ']) {
        return Err("its repository name has a character that Bazel does not allow");
    }
    Ok(match (name, canonical) {
        ("", _) => (Repository::Main, rest),
        (name, true) => (Repository::Canonical(name.into()), rest),
        (name, false) => (Repository::Apparent(name.into()), rest),
    })
}

fn check_package(package: &str) -> Result<(), &'static str> {
    if package.starts_with('/') || package.ends_with('/') || package.contains("//") {
        return Err("its package path has an empty part");
    }
    if package.split('/').any(|part| part == "." || part == "..") {
        return Err("its package path has a `.` or `..` part");
    }
    if package.contains([':', '\\']) {
        return Err("its package path has a character that Bazel does not allow");
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() {
        return Err("it names no target");
    }
    if name.starts_with('/') || name.ends_with('/') || name.contains("//") {
        return Err("its target name has an empty part");
    }
    // A bare `.` names the folder and is legal; `..` never is.
    if name != "." && name.split('/').any(|part| part == "." || part == "..") {
        return Err("its target name has a `.` or `..` part");
    }
    if name.contains([':', '\\']) {
        return Err("its target name has a character that Bazel does not allow");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, package: &str, expected: &str) {
        let label = Label::parse(text, package).unwrap();
        assert_eq!(label.to_string(), expected, "{text} in {package}");
        assert_eq!(Label::parse(&label.to_string(), "elsewhere").unwrap(), label);
    }

    #[test]
    fn labels_are_written_as_their_owners_write_them() {
        for (label, text) in [
            ("//demo/app:lib", ":lib"),
            ("//libs/python:python", "//libs/python"),
            ("//libs/python:utils", "//libs/python:utils"),
            ("@pypi//:fastapi", "@pypi//:fastapi"),
            ("@pypi//fastapi:fastapi", "@pypi//fastapi"),
            ("@@pypi//fastapi:fastapi", "@@pypi//fastapi:fastapi"),
            ("//:root", "//:root"),
        ] {
            assert_eq!(Label::parse_absolute(label).unwrap().spelled_in("demo/app"), text);
        }
    }

    #[test]
    fn parses_every_spelling_that_bazel_takes() {
        check(":lib", "a/b", "//a/b:lib");
        check("lib", "a/b", "//a/b:lib");
        check("dir/file.py", "a/b", "//a/b:dir/file.py");
        check("//a/b", "", "//a/b:b");
        check("//a:b", "", "//a:b");
        check("//:b", "a", "//:b");
        check("@//a:b", "", "//a:b");
        check("@@//a:b", "", "//a:b");
        check("@pypi//:fastapi", "", "@pypi//:fastapi");
        check("@pypi//fastapi", "", "@pypi//fastapi:fastapi");
        check("@pypi//fastapi:pkg", "", "@pypi//fastapi:pkg");
        check("@six", "", "@six//:six");
        check(
            "@@rules_pycross~~lock_repos~pypi_lock//:fastapi@0.116.1",
            "",
            "@@rules_pycross~~lock_repos~pypi_lock//:fastapi@0.116.1",
        );
        check("versions/2025_02_24_2158-f22d61deac49_.py", "m", "//m:versions/2025_02_24_2158-f22d61deac49_.py");
    }

    #[test]
    fn keeps_apparent_and_canonical_repositories_apart() {
        let apparent = Label::parse("@pypi//:x", "").unwrap();
        let canonical = Label::parse("@@pypi//:x", "").unwrap();
        let in_folder = Label::parse("@pypi//x", "").unwrap();
        assert_ne!(apparent, canonical);
        assert_ne!(apparent, in_folder);
    }

    #[test]
    fn refuses_what_bazel_refuses() {
        for text in
            ["", "//", "//a:", "a:b", "//a//b", "///a", "//a/../b", ":..", "@re po//a", "//a:b:c", "@", ":/a", "a\nb"]
        {
            assert!(Label::parse(text, "p").is_err(), "{text:?} must be refused");
        }
        assert!(Label::parse_absolute(":x").is_err());
    }
}
