//! The state of the program, the actions that change it, and the effects that follow. Knows no egui.
//!
//! `update(&mut AppState, Action) -> Vec<Effect>` is the only place where state changes, so every behaviour can be
//! tested without a window. Effects run off the window's thread and come back as actions.

pub mod action;
pub mod advice_state;
pub mod advice_words;
pub mod advise;
pub mod against_image;
mod answers;
pub mod app_model;
mod applying;
pub mod ask_bazel;
mod asked_sizes;
pub mod bazel_state;
#[cfg(test)]
mod brute_force_tests;
pub mod buildifier;
mod built_sizes;
pub mod check_by_evaluation;
pub mod compare_image;
pub mod demo;
pub mod dependency_changes;
mod deploy_choices;
pub mod dialects;
pub mod disk_source;
mod draft;
pub mod draft_files;
pub mod drop;
mod editing;
pub mod effect;
pub mod evidence;
pub mod figures;
pub mod find_app;
#[cfg(test)]
pub(crate) mod fixture;
pub mod fleet;
pub mod graph_source;
pub mod index_sizes;
pub mod load;
mod logged;
mod look;
pub mod measure;
pub mod measured_layers;
mod new_file;
pub mod open_image;
pub mod opening;
pub mod packed_cache;
pub mod pictures;
pub mod pip_configuration;
pub mod prepare;
pub mod pull_request;
pub mod read_again;
pub mod reasons;
pub mod refresh;
pub mod replay_series;
pub mod rules;
pub mod rules_state;
pub mod runner;
pub mod settings;
pub mod settings_file;
pub mod size_sources;
mod sizing;
pub mod source_pane;
pub mod state;
pub mod trust_file;
pub mod undo;
pub mod undoable_plan;
mod unit_sources;
pub mod units;
pub mod update;
pub mod watch;
mod would_be_text;

#[cfg(test)]
mod suggestion_findings_tests;
#[cfg(test)]
mod tests;
