//! Applies the edits of a request in memory.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::build_file::bracket::Bracket;
use crate::build_file::text_edit::TextEdits;

use crate::rewrite::calls::address;
use crate::rewrite::carried::Carried;
use crate::rewrite::change_set::{ChangeSet, FileChange};
use crate::rewrite::dependency::Dependency;
use crate::rewrite::deps::change;
use crate::rewrite::deps::keys::literal_lists;
use crate::rewrite::labels::{self, DependencyKey};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::remove_target;
use crate::rewrite::request::{Edit, EditRequest};
use crate::rewrite::source_tree::{Entry, Overlay, SourceTree};

/// Applies edits one after the other.
pub(crate) fn apply_all(tree: &dyn SourceTree, request: &EditRequest) -> Result<ChangeSet, Refusal> {
    let mut overlay = Overlay::new(tree);
    let mut carried = carried(tree, request);
    for edit in &request.edits {
        let (real_path, before, edits) = {
            let package = PackageFile::open(&overlay, &package_of(edit, request))?;
            let edits = edits_of(&package, edit, request, &mut carried)?;
            (package.real_path, package.file.source, edits)
        };
        if !edits.is_empty() {
            overlay.edit(&real_path, &before, &edits);
        }
    }
    let mut files = Vec::new();
    for (real_path, after) in overlay.changed() {
        let before = match tree.entry(real_path) {
            Entry::File { bytes, .. } => Some(bytes),
            _ => None,
        };
        if before.as_ref() != Some(after) {
            files.push(FileChange { path: PathBuf::from(real_path), before, after: after.clone() });
        }
    }
    Ok(ChangeSet { files })
}

pub(crate) fn packages_of(request: &EditRequest) -> BTreeSet<String> {
    request.edits.iter().map(|edit| package_of(edit, request)).collect()
}

fn package_of(edit: &Edit, request: &EditRequest) -> String {
    address(edit.target(), &request.package).0
}

fn edits_of(
    package: &PackageFile<'_>,
    edit: &Edit,
    request: &EditRequest,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    check_expressions(package, edit)?;
    let from = &request.package;
    let (_, name) = address(edit.target(), from);
    match edit {
        Edit::RewireDeps(edit) => change::rewire(package, &name, &edit.remove, &edit.add, from, carried),
        Edit::SetDeps(edit) => change::set(package, &name, &edit.deps, from, carried),
        Edit::RemoveTarget(_) => remove_target::remove(package, &name),
        Edit::OfRuleSet(edit) => edit.0.text_edits(package, &name, from, carried),
    }
}

/// Collects elements with comments that one edit removes and another writes. Done first, so that the order of edits
/// does not matter.
fn carried(tree: &dyn SourceTree, request: &EditRequest) -> Carried {
    let mut carried = Carried::default();
    for edit in &request.edits {
        if !matches!(edit, Edit::RewireDeps(_) | Edit::SetDeps(_)) {
            continue;
        }
        let (folder, name) = address(edit.target(), &request.package);
        let Ok(package) = PackageFile::open(tree, &folder) else { continue };
        let names = |dependencies: &[Dependency], key: &DependencyKey| {
            dependencies
                .iter()
                .any(|dependency| DependencyKey::of(dependency, &request.package, &package.constants) == *key)
        };
        let others = || request.edits.iter().filter(|other| *other != edit);
        let is_written = |key: &DependencyKey| others().any(|other| names(other.written_dependencies(), key));
        let goes = |key: &DependencyKey| match edit {
            Edit::RewireDeps(edit) => names(&edit.remove, key),
            Edit::SetDeps(edit) => !names(&edit.deps, key),
            Edit::RemoveTarget(_) | Edit::OfRuleSet(_) => false,
        };
        for (list, keys) in literal_lists(&package, &name) {
            let Some(bracket) = Bracket::of_expression(&package.file, list) else { continue };
            for (item, key) in bracket.items.iter().zip(keys) {
                let element = package.element_of(item);
                if element.has_comments() && goes(&key) && is_written(&key) {
                    carried.take(key, element);
                }
            }
        }
    }
    carried
}

/// Source text of a request goes into lists as is, so it must be exactly one element.
fn check_expressions(package: &PackageFile<'_>, edit: &Edit) -> Result<(), Refusal> {
    let removed: &[Dependency] = match edit {
        Edit::RewireDeps(edit) => &edit.remove,
        _ => &[],
    };
    for dependency in edit.written_dependencies().iter().chain(removed) {
        let Dependency::Expression { expr } = dependency else { continue };
        if labels::expression(expr).is_none() {
            let message = format!(
                "The request would write `{expr}` into {}, which is not one Starlark expression. Give a label as a string, or \
                 an expression without comments and blanks around it.",
                package.path
            );
            return Err(Refusal::new(RefusalCode::SyntaxError, &package.path, None, message));
        }
    }
    Ok(())
}
