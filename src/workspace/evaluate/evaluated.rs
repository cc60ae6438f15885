//! What one evaluation gives: plain values that pass between processes.
//!
//! Nothing here knows how Starlark is evaluated.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::label::Label;
use crate::workspace::target::{Target, Value};

/// One BUILD file after evaluation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedPackage {
    /// The targets, in the order in which they were made.
    pub targets: Vec<MadeTarget>,
    /// Calls of loaded functions, in the order in which they began.
    pub calls: Vec<MacroCall>,
    /// Arguments of `exports_files`.
    pub exported_files: Vec<String>,
    /// What was met on the way and does not stop the package.
    pub notes: Vec<EvaluationNote>,
}

/// A target with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeTarget {
    /// Target name.
    pub name: String,
    /// What it is.
    pub target: Target,
}

/// Something that a reader of the workspace should know although the package was evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationNote {
    /// Stable code.
    pub code: String,
    /// Line of the BUILD file, counted from 1.
    pub line: usize,
    /// One sentence.
    pub message: String,
}

/// What is known of a loaded function before it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroSignature {
    /// The function's name in its own file, however it is renamed by those who load it.
    pub symbol: String,
    /// The file that defines it; of another repository too.
    pub file: Option<Label>,
    /// Named parameters, in order; `None` where the function's file can't be read.
    pub parameters: Option<Vec<String>>,
    /// Whether it takes `**kwargs`.
    pub takes_keywords: bool,
}

impl MacroSignature {
    /// Whether an app may be declared, or its layers be said, with this function.
    #[must_use]
    pub fn may_make_an_app(&self) -> bool {
        let says_layers = |name: &String| matches!(name.as_str(), "dep_layers" | "layer_groups");
        self.symbol == "release_app" || self.parameters.iter().flatten().any(says_layers)
    }
}

/// One call of a loaded function with its arguments as they were before it ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MacroCall {
    /// The function.
    pub signature: MacroSignature,
    /// Arguments without a name.
    pub positional: Vec<Value>,
    /// Arguments with a name, in the order of the call.
    pub named: Vec<(String, Value)>,
    /// Where the statement of the BUILD file that led here calls: line and column, counted from 1.
    pub line: usize,
    /// See `line`.
    pub column: usize,
    /// Index of the call that made this call; `None` for a call that the BUILD file itself makes.
    pub within: Option<usize>,
    /// Whether the BUILD file calls the function itself; `false` too where the caller is a function that was not loaded
    /// by name, and so has no call of its own here.
    pub direct: bool,
    /// Indices of the targets that it made, in order.
    pub made: Vec<usize>,
    /// Whether it is written with `*args` or `**kwargs`.
    pub open_ended: bool,
    /// Whether it is written inside a comprehension.
    pub in_comprehension: bool,
}

impl MacroCall {
    /// The argument for `parameter`, however it was passed.
    #[must_use]
    pub fn argument(&self, parameter: &str) -> Option<&Value> {
        let named = self.named.iter().find(|(name, _)| name == parameter).map(|(_, value)| value);
        named.or_else(|| {
            let at = self.signature.parameters.as_ref()?.iter().position(|name| name == parameter)?;
            self.positional.get(at)
        })
    }
}

/// Why a file could not be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{reason}")]
pub struct EvaluationFailure {
    /// Stable code: `syntax_error`, `not_evaluated`, `too_deep`, `too_large`, `load_cycle`, `worker_stopped`, ...
    pub code: String,
    /// One sentence; names the file where it is another one.
    pub reason: String,
    /// The file in which it went wrong, relative to the root.
    pub path: String,
    /// Line in that file, counted from 1.
    pub line: Option<usize>,
}

impl EvaluationFailure {
    /// A failure of a whole file.
    #[must_use]
    pub fn new(code: &str, path: &str, reason: impl Into<String>) -> Self {
        Self { code: code.to_owned(), reason: reason.into(), path: path.to_owned(), line: None }
    }
}
