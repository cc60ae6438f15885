//! Advice on layers: best order, suggested groups, layouts of other tools.
//!
//! Works on bytes, change rows, and the units that each target brings. Considers only what `dep_layers` can express: a
//! layer and those below it hold everything that the layer depends on. Pure: nothing is random or reads a clock.

pub mod app_problem;
pub mod arrangement;
pub mod cuts;
pub mod findings;
pub mod improve;
pub mod names;
pub mod objective;
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
