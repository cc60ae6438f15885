//! From a plan to a change set, and from a change set to the disk.
//!
//! Everything here is pure but for `write` and its parts.

pub mod change_set;
pub mod diff;
pub mod refusal;
