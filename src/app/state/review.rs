//! A change set before it is written: the plan's, or that of the layer rules.

use std::path::PathBuf;

use crate::engine::change::prepare::{Agreed, Prepared};
use crate::engine::change::rules::{RulesError, RulesRequest};
use crate::label::Label;

/// What the user does with a change set before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewAction {
    /// Shows what applying the plan would change.
    Plan,
    /// Shows what installing the layer rules would change.
    Rules,
    /// Shows the diff of another file.
    ShowFile(usize),
    /// Agrees that the named comments are removed, and prepares the change set again.
    DropComments,
    /// Removes a library that no layer needs any more, or keeps it, and prepares the change set again.
    RemoveLibrary(Label, bool),
    /// Formats the changed files with this buildifier, or not, and prepares the change set again.
    Format(Option<PathBuf>),
    /// Types another folder for the rules.
    Folder(String),
    /// Prepares the change set for the folder that was typed.
    Prepare,
    /// Installs only the rules: the macro is wired by hand.
    FilesOnly,
    /// Has Bazel load the result once it is written, or not.
    AskBazel(bool),
    /// Writes the change set that is shown.
    Confirm,
}

/// What is reviewed, with what the user agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reviewed {
    /// The plan.
    Plan(Agreed),
    /// The layer rules.
    Rules {
        /// What the change set was asked for.
        request: RulesRequest,
        /// The folder as it was typed so far. Only a change set for this folder can be written.
        folder: String,
    },
}

/// The review of a change set.
#[derive(Debug)]
pub struct Review {
    /// What is reviewed.
    pub of: Reviewed,
    /// The change with its diffs, or why there is none; `None` while it is being made.
    pub prepared: Option<Result<Prepared, RulesError>>,
    /// The file whose diff is shown.
    pub file: usize,
    /// Whether Bazel loads the result once it is written.
    pub asks_bazel: bool,
}

impl Review {
    /// Returns the change set, where it can be written: one for another folder than the one that was typed can't.
    #[must_use]
    pub fn ready(&self) -> Option<&Prepared> {
        let is_current = match &self.of {
            Reviewed::Plan(_) => true,
            Reviewed::Rules { request, folder } => *folder == request.folder,
        };
        self.prepared.as_ref().and_then(|prepared| prepared.as_ref().ok()).filter(|_| is_current)
    }
}
