//! Hostile workspaces, settings and machines, as the real program meets them. One file per class of attack; each makes its
//! inputs itself.
//!
//! `LAYERWRIGHT_HOSTILE=FOLDER cargo test --test hostile` asks for the larger runs too: `traps` leaves its workspace in FOLDER,
//! with traps that the clock alone stops and files of 100 MB that really have so many bytes; `tests/hostile_window.sh` opens
//! the window on it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

#[path = "../program/mod.rs"]
mod program;
mod traps;
