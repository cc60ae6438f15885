//! The dialog that asks Bazel.

use crate::app::state::work::Pending;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::trust::TrustedWorkspace;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BazelAction {
    /// Loads the graph from Bazel; a workspace that is not trusted is asked about first.
    Ask,
    Remember(bool),
    Trust,
    /// Reads the graph from the files again.
    UseFiles,
}

/// The question before Bazel runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BazelDialog {
    pub search: Pending<()>,
    /// The Bazel that would run, or why there is none; `None` while searching.
    pub found: Option<Result<BazelCommand, String>>,
    /// Remember a yes for this workspace.
    pub remember: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBazel {
    pub command: BazelCommand,
    /// Set if the user trusted this workspace before.
    pub trusted: Option<TrustedWorkspace>,
}
