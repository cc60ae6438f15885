//! From a request to a change set: its edits in memory, and then the check of what came out. Pure.

use crate::rewrite::apply::apply_all;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::request::EditRequest;
use crate::rewrite::source_tree::SourceTree;
use crate::rewrite::{contradiction, verify};

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
