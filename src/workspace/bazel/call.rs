use super::command::BazelCommand;
use super::trust::TrustedWorkspace;

#[derive(Clone, Debug)]
pub struct BazelCall<'a> {
    /// Includes the proof that it may run.
    pub workspace: &'a TrustedWorkspace,
    pub bazel: &'a BazelCommand,
    /// `query`, `--keep_going`, ...
    pub arguments: Vec<String>,
    pub keys: TerminalKeys,
}

/// Who receives Ctrl+C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalKeys {
    /// Ctrl+C ends both. For commands.
    Shared,
    /// Bazel has its own process group, which is stopped as a whole, with wrappers. For the window.
    Apart,
}
