//! One call of Bazel. Values only.

use super::command::BazelCommand;
use super::trust::TrustedWorkspace;

/// One call of Bazel.
#[derive(Clone, Debug)]
pub struct BazelCall<'a> {
    /// Where it runs, and the proof that it may.
    pub workspace: &'a TrustedWorkspace,
    /// Which Bazel.
    pub bazel: &'a BazelCommand,
    /// Its command and what follows: `query`, `--keep_going`, ...
    pub arguments: Vec<String>,
    /// Who hears Ctrl+C.
    pub keys: TerminalKeys,
}

/// Whether keys pressed in the terminal reach Bazel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalKeys {
    /// Bazel shares the terminal with this program: Ctrl+C ends both. For commands.
    Shared,
    /// Bazel has a process group of its own, which is stopped as a whole, wrappers included. For the window.
    Apart,
}
