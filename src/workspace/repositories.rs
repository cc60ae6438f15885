//! Repositories in the workspace: itself under each of its names, and modules in its folders. Maps labels to folders
//! and back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::label::{Label, LabelError, Repository};
use crate::path_text::join;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repositories {
    /// From `module(name = ...)` and `workspace(name = ...)`.
    pub own_names: Vec<String>,
    /// Folders below the root by apparent name: `local_path_override`, `local_repository`.
    pub local: BTreeMap<String, String>,
}

/// The place where labels are written.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    pub repositories: &'a Repositories,
    /// Below the root.
    pub folder: &'a str,
}

impl Home<'_> {
    /// See [`Repositories::parse`].
    ///
    /// # Errors
    /// When the text breaks Bazel's lexical rules for labels.
    pub fn parse(&self, text: &str) -> Result<Label, LabelError> {
        self.repositories.parse(text, self.folder)
    }
}

impl Repositories {
    #[must_use]
    pub fn at<'a>(&'a self, folder: &'a str) -> Home<'a> {
        Home { repositories: self, folder }
    }

    /// Parses a label in the package at `folder`. `@me//a:b` with the workspace's own name is `//a:b`; in a local
    /// module, `//a:b` is a label of that module.
    ///
    /// # Errors
    /// When the text breaks Bazel's lexical rules for labels.
    pub fn parse(&self, text: &str, folder: &str) -> Result<Label, LabelError> {
        let (repository, package) = self.home(folder);
        let label = Label::parse_in(text, &repository, package)?;
        let is_own = label.repository_name().is_some_and(|name| self.own_names.iter().any(|own| own == name));
        Ok(if is_own { Label::main(label.package(), label.name()) } else { label })
    }

    #[must_use]
    pub fn label(&self, folder: &str, name: &str) -> Label {
        let (repository, package) = self.home(folder);
        Label::new(repository, package, name)
    }

    /// Relative to its own repository.
    #[must_use]
    pub fn package_path<'a>(&self, folder: &'a str) -> &'a str {
        self.home(folder).1
    }

    /// `None` for a label of another repository.
    #[must_use]
    pub fn folder<'a>(&self, label: &'a Label) -> Option<Cow<'a, str>> {
        match label.repository_name() {
            None => Some(Cow::Borrowed(label.package())),
            Some(name) => {
                let folder = self.local.get(name)?;
                let package = label.package();
                Some(Cow::Owned(if package.is_empty() { folder.clone() } else { join(folder, package) }))
            }
        }
    }

    /// `None` for a label of another repository.
    #[must_use]
    pub fn file(&self, label: &Label) -> Option<String> {
        self.folder(label).map(|folder| join(&folder, label.name()))
    }

    /// Repository and package path of `folder`. Modules may be nested.
    fn home<'a>(&self, folder: &'a str) -> (Repository, &'a str) {
        let inside = self.local.iter().filter_map(|(name, local)| {
            let rest = folder.strip_prefix(local.as_str())?;
            let package = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
            Some((local.len(), name, package))
        });
        match inside.max_by_key(|(length, ..)| *length) {
            Some((_, name, package)) => (Repository::Apparent(name.as_str().into()), package),
            None => (Repository::Main, folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lead_to_folders_and_back() {
        let repositories = Repositories {
            own_names: vec!["me".to_owned()],
            local: BTreeMap::from([("rules".to_owned(), "third/rules".to_owned())]),
        };
        for (text, folder, label, file) in [
            ("@me//a:b", "p", "//a:b", Some("a/b")),
            ("@me", "p", "//:me", Some("me")),
            (":b", "third/rules", "@rules//:b", Some("third/rules/b")),
            ("//x:b", "third/rules/p", "@rules//x:b", Some("third/rules/x/b")),
            ("b", "third/rules/p", "@rules//p:b", Some("third/rules/p/b")),
            ("@me//a:b", "third/rules/p", "//a:b", Some("a/b")),
            ("@//a:b", "third/rules/p", "//a:b", Some("a/b")),
            ("@rules//x:b", "third/rulesets", "@rules//x:b", Some("third/rules/x/b")),
            ("//x:b", "third/rulesets", "//x:b", Some("x/b")),
            ("@pypi//x", "p", "@pypi//x:x", None),
        ] {
            let parsed = repositories.parse(text, folder).unwrap();
            assert_eq!(parsed.to_string(), label, "{text} in {folder}");
            assert_eq!(repositories.file(&parsed).as_deref(), file);
            if let Some(folder) = repositories.folder(&parsed) {
                assert_eq!(repositories.label(&folder, parsed.name()), parsed);
            }
        }
        assert_eq!(repositories.package_path("third/rules/p"), "p");
    }
}
