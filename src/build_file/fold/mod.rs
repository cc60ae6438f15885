//! What the text of a file alone tells about its values: constants, and the calls at the top level with their arguments.
//!
//! This reads packages that can't be evaluated, and checks edits. It executes nothing, loads nothing, and is bounded in work,
//! memory and depth whatever the file says: what is beyond its means is [`FoldedValue::Opaque`].

mod value;

use super::span::Span;
pub use value::{FoldedCall, FoldedValue, LoadedFunction};
