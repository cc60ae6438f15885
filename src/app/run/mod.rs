//! Runs effects off the UI thread and answers with actions; watches the workspace for changes outside.
pub mod runner;
pub mod settings_file;
pub mod watch;
