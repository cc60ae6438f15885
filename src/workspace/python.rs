//! The Python version of an app.

use super::model::{PythonChoice, Value, Workspace};
use super::python_version::{full_version, version};
use crate::label::Label;

/// The version of the binary, else the workspace's.
#[must_use]
pub fn python_of(workspace: &Workspace, binary: &Label) -> Option<PythonChoice> {
    let package = workspace.packages.of(binary);
    let own = package.and_then(|package| {
        let target = package.targets.get(binary.name())?;
        // `PY3` and the like are no version.
        let Value::String(text) = target.attributes.get("python_version")? else { return None };
        let said_in = format!("{}:{}", package.build_file.display(), target.line);
        let version = version(text)?;
        let full = full_version(text).or_else(|| workspace.python_versions.get(&version).cloned());
        Some(PythonChoice { version, full, said_in })
    });
    own.or_else(|| workspace.python.clone())
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonInUse {
    /// Major and minor version.
    pub version: (u32, u32),
    /// Full version, if known.
    pub full: Option<String>,
    /// The source; `None` if assumed.
    pub said_in: Option<String>,
}

impl PythonInUse {
    #[must_use]
    pub fn new(said: Option<&PythonChoice>, assumed: (u32, u32)) -> Self {
        Self {
            version: said.map_or(assumed, |choice| choice.version),
            full: said.and_then(|choice| choice.full.clone()),
            said_in: said.map(|choice| choice.said_in.clone()),
        }
    }

    /// `3.13`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}", self.version.0, self.version.1)
    }

    /// Without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.said_in {
            Some(place) => format!("Python {}, as {place} says", self.full.clone().unwrap_or_else(|| self.text())),
            None => format!("Python {} is assumed: no file of the workspace says which", self.text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    #[test]
    fn a_binary_may_ask_for_another_python_than_the_workspace() {
        let mut workspace = fixture::workspace("//a\n py_binary one srcs=one.py\n py_binary two srcs=two.py");
        workspace.python = Some(PythonChoice {
            version: (3, 13),
            full: Some("3.13.1".to_owned()),
            said_in: "MODULE.bazel:4".to_owned(),
        });
        let binary = |name: &str| Label::main("a", name);
        let targets = &mut workspace.packages.get_mut("a").unwrap().targets;
        let set = |target: &mut crate::workspace::model::Target, text: &str| {
            target.attributes.insert("python_version".to_owned(), Value::String(text.to_owned()));
        };
        set(targets.get_mut("one").unwrap(), "3.11");
        set(targets.get_mut("two").unwrap(), "PY3");
        let line = targets["one"].line;
        let one = python_of(&workspace, &binary("one")).unwrap();
        let place = workspace.packages["a"].build_file.display().to_string();
        assert_eq!((one.version, one.said_in), ((3, 11), format!("{place}:{line}")));
        let two = python_of(&workspace, &binary("two"));
        assert_eq!(two, workspace.python);
        assert_eq!(PythonInUse::new(two.as_ref(), (3, 9)).sentence(), "Python 3.13.1, as MODULE.bazel:4 says");
        let none = PythonInUse::new(None, (3, 12)).sentence();
        assert_eq!(none, "Python 3.12 is assumed: no file of the workspace says which");
    }
}
