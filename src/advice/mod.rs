//! Advice on layers: the best order, suggested groups, and the layouts of other tools to compare with.
//!
//! Works on plain numbers: bytes, change rows, and which units come along with which target. Only what `dep_layers` can
//! express is ever considered: whatever a layer holds, it or a layer below holds all that this depends on. Pure; nothing
//! here is random, reads a clock or guesses how often something changes where the history says it.

pub mod arrangement;
pub mod cuts;
pub mod findings;
pub mod improve;
pub mod names;
pub mod objective;
pub mod of_app;
pub mod order;
pub mod outlook;
pub mod presets;
pub mod problem;
#[cfg(test)]
pub(crate) mod sample;
pub mod search;
pub mod seeds;
pub mod settle;
pub mod suggest;
pub mod verdict;
