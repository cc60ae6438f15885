//! From a wish to a change set: `dep_layers`, layer libraries, rewired dependencies; and the proof that nothing else changed.
//! Then from the change set to what a person sees of it, and to the disk.
//!
//! Pure, but for [`mod@write`]: files come in through a tiny trait and changes go out as a [`change_set::ChangeSet`].

pub mod change_set;
pub mod diff;
pub mod migration;
pub mod refusal;
pub mod write;
