//! A change set under review: the plan's, or that of the layer rules.

use std::path::PathBuf;

use crate::engine::change::prepare::{Agreed, Prepared};
use crate::engine::change::rules::{RulesError, RulesRequest};
use crate::label::Label;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReviewAction {
    Plan,
    Rules,
    ShowFile(usize),
    /// Agrees to remove the named comments and prepares again.
    DropComments,
    /// Removes or keeps a library that no layer needs any more, and prepares again.
    RemoveLibrary(Label, bool),
    /// Formats the changed files with this buildifier, or not, and prepares again.
    Format(Option<PathBuf>),
    Folder(String),
    /// Prepares the change set for the typed folder.
    Prepare,
    /// Installs only the rules: the user wires the macro.
    FilesOnly,
    /// Bazel loads the result after the write.
    AskBazel(bool),
    Confirm,
}

/// The subject, with what the user agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reviewed {
    Plan(Agreed),
    Rules {
        request: RulesRequest,
        /// As typed. Only a change set for this folder can be written.
        folder: String,
    },
}

#[derive(Debug)]
pub struct Review {
    pub of: Reviewed,
    /// `None` while it is being made.
    pub prepared: Option<Result<Prepared, RulesError>>,
    /// The file whose diff is shown.
    pub file: usize,
    /// Bazel loads the result after the write.
    pub asks_bazel: bool,
}

impl Review {
    /// Returns the change set if it can be written: it must be for the typed folder.
    #[must_use]
    pub fn ready(&self) -> Option<&Prepared> {
        let is_current = match &self.of {
            Reviewed::Plan(_) => true,
            Reviewed::Rules { request, folder } => *folder == request.folder,
        };
        self.prepared.as_ref().and_then(|prepared| prepared.as_ref().ok()).filter(|_| is_current)
    }
}
