//! From a request to a change set: the edits one after the other, in memory, and then the check of what came out.
//!
//! Pure. Knows a request and text, and neither plans nor the workspace model.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::build_file::text_edit::TextEdits;

use crate::rewrite::calls::address;
use crate::rewrite::carried::Carried;
use crate::rewrite::change_set::{ChangeSet, FileChange};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::{Dependency, Edit, EditRequest};
use crate::rewrite::source_tree::{Entry, Overlay, SourceTree};
use crate::rewrite::{contradiction, dep_layers, deps, labels, library, verify};

/// Works out what a request changes, and checks the result: it parses, the wanted values are there, all other values and all
/// comments are as before, and the same request changes nothing more. An empty change set means that all is there already.
///
/// # Errors
/// A refusal that names what is in the way, where, and the way out. Nothing is to be written then.
pub fn plan_edits(tree: &dyn SourceTree, request: &EditRequest) -> Result<ChangeSet, Refusal> {
    contradiction::check(tree, request)?;
    let changes = apply_all(tree, request)?;
    if !changes.is_empty() {
        verify::check(tree, request, &changes)?;
    }
    Ok(changes)
}

/// Makes the edits one after the other, each on the result of the one before.
pub(super) fn apply_all(tree: &dyn SourceTree, request: &EditRequest) -> Result<ChangeSet, Refusal> {
    let mut overlay = Overlay::new(tree);
    let mut carried = Carried::of(tree, request);
    for edit in &request.edits {
        let (real_path, after) = {
            let package = PackageFile::open(&overlay, &package_of(edit, request))?;
            let edits = edits_of(&package, edit, request, &mut carried)?;
            (package.real_path.clone(), (!edits.is_empty()).then(|| edits.apply(&package.file.source)))
        };
        if let Some(after) = after {
            overlay.change(&real_path, after);
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

/// The packages that a request speaks of.
#[must_use]
pub fn packages_of(request: &EditRequest) -> BTreeSet<String> {
    request.edits.iter().map(|edit| package_of(edit, request)).collect()
}

/// The package whose file an edit changes.
pub(super) fn package_of(edit: &Edit, request: &EditRequest) -> String {
    address(contradiction::target_of(edit), &request.package).0
}

fn edits_of(
    package: &PackageFile<'_>,
    edit: &Edit,
    request: &EditRequest,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    check_expressions(package, edit)?;
    let from = &request.package;
    let name = |target: &str| address(target, from).1;
    match edit {
        Edit::SetDepLayers { app, layers, .. } => dep_layers::edits(package, &name(app), layers, from),
        Edit::RewireDeps { target, remove, add, .. } => {
            deps::rewire(package, &name(target), remove, add, from, carried)
        }
        Edit::SetDeps { target, deps, .. } => deps::set(package, &name(target), deps, from, carried),
        Edit::RemoveTarget { target, .. } => library::remove(package, &name(target)),
        Edit::AddPyLibrary { name: target, deps, before, load, visibility } => {
            let library = library::WantedLibrary {
                name: &name(target),
                deps,
                before: before.as_deref(),
                load: load.as_deref(),
                visibility: visibility.as_deref(),
            };
            library::add(package, &library, from, carried)
        }
    }
}

/// Source text of a request goes into lists as it is, so it must be one element of a list and nothing else.
fn check_expressions(package: &PackageFile<'_>, edit: &Edit) -> Result<(), Refusal> {
    let removed: &[Dependency] = match edit {
        Edit::RewireDeps { remove, .. } => remove,
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
