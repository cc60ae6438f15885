//! From a wish to a change set: `dep_layers`, layer libraries, rewired dependencies; and the proof that nothing else changed.
//!
//! Pure: files come in through a tiny trait and changes go out as a [`change_set::ChangeSet`].

pub mod change_set;
pub mod refusal;
