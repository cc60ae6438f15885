//! The dialog that installs the layer rules.

use crate::engine::change::rules::{PreparedRules, RulesError, RulesRequest};
use crate::rewrite::diff::SideBySide;

/// What the user does with the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RulesAction {
    /// Shows what an installation would change.
    Review,
    /// Types another folder for the rules.
    Folder(String),
    /// Makes the change set for the folder that was typed.
    Prepare,
    /// Puts only the rules in: the macro is wired by hand.
    FilesOnly,
    /// Agrees that the named comments go, and makes the change set again.
    ConfirmDropComments,
    /// Whether Bazel is asked to load the result once it is written.
    AskBazel(bool),
    /// Writes the change set that is shown.
    Confirm,
}

/// The installation of the rules before it is written.
#[derive(Debug)]
pub struct RulesDialog {
    /// What the change set was asked for.
    pub request: RulesRequest,
    /// The folder as it was typed so far. Only a change set for this folder can be written.
    pub folder: String,
    /// The change with its diffs, or why there is none; `None` while it is being made.
    pub prepared: Option<Result<ReviewedRules, RulesError>>,
    /// The file whose diff is shown.
    pub file: usize,
    /// Whether Bazel is asked to load the result once it is written.
    pub asks_bazel: bool,
}

impl RulesDialog {
    /// Whether the change set is for the folder that stands in the field.
    #[must_use]
    pub fn is_of_folder(&self) -> bool {
        self.folder == self.request.folder
    }
}

/// An installation with its diffs.
#[derive(Clone, Debug)]
pub struct ReviewedRules {
    /// What would be written, and what is said of it.
    pub prepared: PreparedRules,
    /// One diff per file, in the same order.
    pub diffs: Vec<SideBySide>,
}
