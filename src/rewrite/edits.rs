//! Makes and checks the change set of a request.

use crate::rewrite::apply::apply_all;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::request::EditRequest;
use crate::rewrite::source_tree::SourceTree;
use crate::rewrite::{contradiction, verify};

/// Makes the change set and checks the result: it parses, has the wanted values, keeps all other values and comments,
/// and the same request changes nothing more.
///
/// # Errors
/// A refusal with the obstacle, its place, and the way out.
pub fn plan_edits(tree: &dyn SourceTree, request: &EditRequest) -> Result<ChangeSet, Refusal> {
    contradiction::check(tree, request)?;
    let changes = apply_all(tree, request)?;
    if !changes.is_empty() {
        verify::check(tree, request, &changes)?;
    }
    Ok(changes)
}
