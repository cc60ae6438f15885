//! Pictures of the window, painted on the processor: small parts held against the references in `reference`, and a
//! gallery of every state for whoever changes how the window looks.
//!
//! `cargo test --features snapshots --test snapshots`; with `LAYERWRIGHT_UPDATE_SNAPSHOTS=1` the references are made anew.
//! A program of its own rather than tests of the library: the workspace is evaluated in child processes of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a check stops at the first surprise")]

mod gallery;
mod parts;
mod raster;
mod stage;

use std::process::{Command, ExitCode};

use clap::Parser as _;
use layerwright::commands::{self, arguments::Arguments};

/// Set in the process that draws, whose home is an empty folder.
const INSIDE: &str = "LAYERWRIGHT_SNAPSHOTS_INSIDE";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("eval-worker") => {
            let command = Arguments::parse().command.unwrap();
            commands::run(&command, &mut std::io::stdout()).unwrap_or(ExitCode::FAILURE)
        }
        // Asked by tools that list tests.
        Some("--list") => ExitCode::SUCCESS,
        _ if std::env::var_os(INSIDE).is_none() => in_an_empty_home(),
        _ => {
            raster::check();
            match std::env::var_os("LAYERWRIGHT_GALLERY") {
                Some(folder) => gallery::make(folder.as_ref()),
                None => return parts::check(),
            }
            ExitCode::SUCCESS
        }
    }
}

/// Draws in a process that neither sees nor changes the settings, caches and plans of whoever runs this.
fn in_an_empty_home() -> ExitCode {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(INSIDE, "1").env("HOME", home.path());
    for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, home.path().join(name));
    }
    if command.status().unwrap().success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
