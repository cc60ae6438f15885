//! Values that a file's text alone determines: constants, and calls at the top level with their arguments.
//!
//! Used to read packages that can't be evaluated, and to check edits. Executes and loads nothing; work, memory and
//! depth are bounded. What it can't determine is [`FoldedValue::Opaque`].

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

/// Returns the names that are bound once at the top level. `outside` holds loaded values by their local names.
#[must_use]
pub fn constants(file: &BuildFile, outside: &Constants) -> Constants {
    let mut folder = Folder::new(file, outside);
    folder.bind_constants();
    folder.constants
}

/// Returns the calls at the top level; each call of a comprehension over known values on its own.
#[must_use]
pub fn calls(file: &BuildFile) -> Vec<FoldedCall> {
    calls_with(file, &Constants::new())
}

#[must_use]
pub fn calls_with(file: &BuildFile, outside: &Constants) -> Vec<FoldedCall> {
    let mut folder = Folder::new(file, outside);
    folder.bind_constants();
    folder.calls()
}

/// Folds one expression with the results of [`constants`].
#[must_use]
pub fn value(file: &BuildFile, expression: ExpressionId, constants: &Constants) -> FoldedValue {
    Folder::new(file, constants).value(expression)
}
