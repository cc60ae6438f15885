//! The dialog that asks Bazel.

use crate::app::state::work::Pending;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::trust::TrustedWorkspace;

/// What the user does about Bazel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BazelAction {
    /// Asks Bazel for the graph; a workspace that is not trusted is asked about first.
    Ask,
    /// Remembers the answer to the question, or not.
    Remember(bool),
    /// Trusts the workspace, and asks.
    Trust,
    /// Takes the graph from the files again.
    UseFiles,
}

/// The question that is asked before Bazel runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BazelDialog {
    /// The look for Bazel.
    pub search: Pending<()>,
    /// Which Bazel it would be, or why there is none; `None` while it is looked for.
    pub found: Option<Result<BazelCommand, String>>,
    /// Whether a yes is remembered for this workspace.
    pub remember: bool,
}

/// A Bazel that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundBazel {
    /// How it is started.
    pub command: BazelCommand,
    /// The user's word, where it was given for this workspace before.
    pub trusted: Option<TrustedWorkspace>,
}
