//! From a wish to a change set: `dep_layers`, layer libraries, rewired dependencies; and the proof that nothing else changed.
//! Then from the change set to what a person sees of it, and to the disk.
//!
//! Pure, but for [`mod@write`]: files come in through a tiny trait and changes go out as a [`change_set::ChangeSet`].

mod calls;
mod carried;
pub mod change_set;
mod dep_layers;
mod deps;
pub mod diff;
mod labels;
mod library;
mod load;
mod macros;
pub mod migration;
mod package_file;
pub mod refusal;
pub mod request;
pub mod source_tree;
mod value_place;
mod verify;
pub mod write;

use std::path::PathBuf;

use crate::build_file::text_edit::TextEdits;

use calls::address;
use carried::Carried;
use change_set::{ChangeSet, FileChange};
use package_file::PackageFile;
use refusal::Refusal;
use request::{Edit, EditRequest};
use source_tree::{Entry, Overlay, SourceTree};

/// Works out what a request changes, and checks the result: it parses, the wanted values are there, all other values and all
/// comments are as before, and the same request changes nothing more. An empty change set means that all is there already.
///
/// # Errors
/// A refusal that names what is in the way, where, and the way out. Nothing is to be written then.
pub fn plan_edits(tree: &dyn SourceTree, request: &EditRequest) -> Result<ChangeSet, Refusal> {
    let changes = apply_all(tree, request)?;
    if !changes.is_empty() {
        verify::check(tree, request, &changes)?;
    }
    Ok(changes)
}

/// Makes the edits one after the other, each on the result of the one before.
fn apply_all(tree: &dyn SourceTree, request: &EditRequest) -> Result<ChangeSet, Refusal> {
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

/// The package whose file an edit changes.
fn package_of(edit: &Edit, request: &EditRequest) -> String {
    match edit {
        Edit::SetDepLayers { app: target, .. }
        | Edit::RewireDeps { target, .. }
        | Edit::SetDeps { target, .. }
        | Edit::RemoveTarget { target, .. }
        | Edit::AddPyLibrary { name: target, .. } => address(target, &request.package).0,
    }
}

fn edits_of(
    package: &PackageFile<'_>,
    edit: &Edit,
    request: &EditRequest,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
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
