//! What the text of a file alone tells about its values: constants, and the calls at the top level with their arguments.
//!
//! This reads packages that can't be evaluated, and checks edits. It executes nothing, loads nothing, and is bounded in work,
//! memory and depth whatever the file says: what is beyond its means is [`FoldedValue::Opaque`].

mod calls;
mod evaluate;
mod format;
mod methods;
#[cfg(test)]
mod tests;
mod value;

use super::BuildFile;
use super::tree::ExpressionId;
use evaluate::Folder;
pub use value::{Constants, FoldedCall, FoldedValue, LoadedFunction};

/// The constants of a file: names that are bound once at its top level. `outside` holds what its load statements bind, by
/// the names that they have in this file.
#[must_use]
pub fn constants(file: &BuildFile, outside: &Constants) -> Constants {
    let mut folder = Folder::new(file, outside);
    folder.bind_constants();
    folder.constants
}

/// The calls at the top level of a file, in order; each call of a comprehension over known values on its own.
#[must_use]
pub fn calls(file: &BuildFile) -> Vec<FoldedCall> {
    calls_with(file, &Constants::new())
}

/// Like [`calls()`], with values for names that the file loads.
#[must_use]
pub fn calls_with(file: &BuildFile, outside: &Constants) -> Vec<FoldedCall> {
    let mut folder = Folder::new(file, outside);
    folder.bind_constants();
    folder.calls()
}

/// The value of one expression, with the constants that [`constants`] found.
#[must_use]
pub fn value(file: &BuildFile, expression: ExpressionId, constants: &Constants) -> FoldedValue {
    Folder::new(file, constants).value(expression)
}
