use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use super::repositories::Repositories;
use super::target::{Package, Target};
use crate::label::Label;

/// By folder below the root (`""` is the root package), with those of local modules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packages {
    by_folder: BTreeMap<String, Package>,
    pub repositories: Repositories,
}

impl Packages {
    /// `None` for a label of another repository.
    #[must_use]
    pub fn of(&self, label: &Label) -> Option<&Package> {
        self.by_folder.get(self.repositories.folder(label)?.as_ref())
    }

    pub fn of_mut(&mut self, label: &Label) -> Option<&mut Package> {
        self.by_folder.get_mut(self.repositories.folder(label)?.as_ref())
    }

    #[must_use]
    pub fn target(&self, label: &Label) -> Option<&Target> {
        self.of(label)?.targets.get(label.name())
    }

    /// The rule that makes the file `label`.
    #[must_use]
    pub fn maker(&self, label: &Label) -> Option<(Label, &Target)> {
        let mut targets = self.of(label)?.targets.iter();
        let (name, target) = targets.find(|(_, target)| target.outputs.iter().any(|output| output == label.name()))?;
        Some((label.sibling(name), target))
    }

    #[must_use]
    pub fn label(&self, folder: &str, name: &str) -> Label {
        self.repositories.label(folder, name)
    }
}

impl Deref for Packages {
    type Target = BTreeMap<String, Package>;

    fn deref(&self) -> &Self::Target {
        &self.by_folder
    }
}

impl DerefMut for Packages {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.by_folder
    }
}

impl<'a> IntoIterator for &'a Packages {
    type Item = (&'a String, &'a Package);
    type IntoIter = std::collections::btree_map::Iter<'a, String, Package>;

    fn into_iter(self) -> Self::IntoIter {
        self.by_folder.iter()
    }
}

impl FromIterator<(String, Package)> for Packages {
    fn from_iter<I: IntoIterator<Item = (String, Package)>>(packages: I) -> Self {
        Self { by_folder: packages.into_iter().collect(), repositories: Repositories::default() }
    }
}
