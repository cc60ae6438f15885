//! The names of libraries for new groups.

use std::collections::{BTreeMap, BTreeSet};

use crate::label::Label;
use crate::layers::plan::{GroupForm, Plan};
use crate::workspace::model::{App, Workspace};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryNames {
    /// The app's binary: new libraries go into its package, where all its dependencies are visible.
    home: Label,
    /// A prefix if a plain name is taken.
    app_name: String,
    /// Target names of the home package.
    taken: BTreeSet<String>,
    /// Forms of groups on disk, by layer name.
    on_disk: BTreeMap<String, GroupForm>,
}

impl LibraryNames {
    /// `home` is the app's binary, `on_disk` its present plan.
    #[must_use]
    pub fn new(workspace: &Workspace, app: &App, home: &Label, on_disk: &Plan) -> Self {
        let package = workspace.packages.get(home.package());
        let taken = package.map(|package| package.targets.keys().chain(package.source_files.keys()).cloned().collect());
        let forms = on_disk.groups.iter().map(|group| (group.name.clone(), group.form.clone()));
        Self {
            home: home.clone(),
            app_name: app.label.name().to_owned(),
            taken: taken.unwrap_or_default(),
            on_disk: forms.collect(),
        }
    }

    /// For tests, and for apps without a package: nothing is taken or on disk.
    #[must_use]
    pub fn fresh(home: &Label) -> Self {
        Self { home: home.clone(), app_name: home.name().to_owned(), taken: BTreeSet::new(), on_disk: BTreeMap::new() }
    }

    /// Returns the form of the layer `name`: as on disk, or a new library `<name>_layer`, prefixed by the app's name if
    /// that is taken.
    #[must_use]
    pub fn form(&self, name: &str) -> GroupForm {
        if let Some(form) = self.on_disk.get(name) {
            return form.clone();
        }
        let plain = if name.ends_with("_layer") { name.to_owned() } else { format!("{name}_layer") };
        if !self.is_taken(&plain) {
            return GroupForm::Library(self.home.sibling(&plain));
        }
        let base = format!("{}_{plain}", self.app_name.replace('-', "_"));
        let numbered = (2_u32..).map(|number| format!("{base}_{number}"));
        let free = std::iter::once(base.clone()).chain(numbered).find(|candidate| !self.is_taken(candidate));
        GroupForm::Library(self.home.sibling(&free.unwrap_or(base)))
    }

    /// Returns `true` if the BUILD file has a layer of this name.
    #[must_use]
    pub fn is_on_disk(&self, name: &str) -> bool {
        self.on_disk.contains_key(name)
    }

    fn is_taken(&self, library: &str) -> bool {
        self.taken.contains(library)
            || self.on_disk.values().any(|form| *form == GroupForm::Library(self.home.sibling(library)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_name_gets_the_apps_name_before_it() {
        let home = Label::main("demo", "my-app");
        let mut names = LibraryNames::fresh(&home);
        assert_eq!(names.form("pip_deps"), GroupForm::Library(home.sibling("pip_deps_layer")));
        assert_eq!(names.form("base_layer"), GroupForm::Library(home.sibling("base_layer")));
        names.taken.insert("pip_deps_layer".into());
        assert_eq!(names.form("pip_deps"), GroupForm::Library(home.sibling("my_app_pip_deps_layer")));
        names.taken.insert("my_app_pip_deps_layer".into());
        assert_eq!(names.form("pip_deps"), GroupForm::Library(home.sibling("my_app_pip_deps_layer_2")));
        names.on_disk.insert("pip_deps".into(), GroupForm::Direct);
        assert_eq!(names.form("pip_deps"), GroupForm::Direct);
    }
}
