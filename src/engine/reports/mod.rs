//! Figures for display.
pub mod dialect_words;
pub mod evidence;
pub mod figures;
pub mod fleet;
pub mod pictures;
pub mod replay_series;
pub(crate) mod savings;
pub mod unit_sources;
pub mod units;
