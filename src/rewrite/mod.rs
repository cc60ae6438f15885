//! From a plan to a change set, and from a change set to the disk.
//!
//! Everything here is pure but for `write` and its parts.
//! From a wish to a change set: `dep_layers`, layer libraries, rewired dependencies; and the proof that nothing else changed.
//!
//! Pure: files come in through a tiny trait and changes go out as a [`change_set::ChangeSet`].

pub mod change_set;
pub mod diff;
pub mod migration;
pub mod refusal;
pub mod write;
