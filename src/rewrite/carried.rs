//! Comments that travel: a dependency that one edit takes from a target and another writes elsewhere brings its comments along.
//!
//! Collected before the first edit, so that the order of the edits does not matter.

use crate::build_file::bracket::Bracket;
use crate::build_file::new_text::{NewElement, NewText};

use crate::rewrite::calls::address;
use crate::rewrite::deps;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::request::{Edit, EditRequest};
use crate::rewrite::source_tree::SourceTree;

/// Elements that leave their lists in this request, with their comments.
#[derive(Default)]
pub(super) struct Carried(Vec<(DependencyKey, NewElement)>);

impl Carried {
    /// Looks at what the request removes and also writes.
    pub(super) fn of(tree: &dyn SourceTree, request: &EditRequest) -> Self {
        let mut carried = Self::default();
        for edit in &request.edits {
            let (Edit::RewireDeps { target, .. } | Edit::SetDeps { target, .. }) = edit else {
                continue;
            };
            let (folder, name) = address(target, &request.package);
            let Ok(package) = PackageFile::open(tree, &folder) else {
                continue;
            };
            let written = |key: &DependencyKey| {
                let others = request.edits.iter().filter(|other| *other != edit);
                let mut dependencies = others.flat_map(Edit::written_dependencies);
                dependencies
                    .any(|dependency| DependencyKey::of(dependency, &request.package, &package.constants) == *key)
            };
            let goes = |key: &DependencyKey| match edit {
                Edit::RewireDeps { remove, .. } => remove
                    .iter()
                    .any(|dependency| DependencyKey::of(dependency, &request.package, &package.constants) == *key),
                Edit::SetDeps { deps, .. } => !deps
                    .iter()
                    .any(|dependency| DependencyKey::of(dependency, &request.package, &package.constants) == *key),
                _ => false,
            };
            for (list, keys) in deps::literal_lists(&package, &name) {
                let Some(bracket) = Bracket::of_expression(&package.file, list) else { continue };
                for (item, key) in bracket.items.iter().zip(keys) {
                    let element = crate::rewrite::dep_layers::element_of(&package, item);
                    if element.has_comments() && goes(&key) && written(&key) {
                        carried.0.push((key, element));
                    }
                }
            }
        }
        carried
    }

    /// Gives the comments of every element with this key to the new element that stands for it.
    pub(super) fn give(&mut self, key: &DependencyKey, mut element: NewElement) -> NewElement {
        let (mine, others) = std::mem::take(&mut self.0).into_iter().partition(|(other, _)| other == key);
        self.0 = others;
        for (_, old) in mine {
            element.above.extend(old.above);
            match (&element.suffix, old.suffix) {
                (None, suffix) => element.suffix = suffix,
                (Some(_), Some(second)) => element.above.push(second.trim_ascii_start().to_vec()),
                (Some(_), None) => {}
            }
            if matches!(&element.text, NewText::Verbatim(text) if text.is_empty()) {
                element.text = old.text;
            }
        }
        element
    }
}
