//! Advice for one app: suggested groups and the sentences about them.
pub mod advice_words;
pub mod advise;
mod against_current;
