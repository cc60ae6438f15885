//! What is on disk: packages, targets, apps, lock files; the evaluator and its child process.
//!
//! Reading a workspace runs none of its programs. What can't be read becomes a finding and is never left out silently.

pub mod lock;
pub mod model;
pub mod platform;
