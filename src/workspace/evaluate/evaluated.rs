//! Results of evaluation, passed between processes.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::label::Label;
use crate::workspace::target::{Target, Value};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluatedPackage {
    /// In the order of creation.
    pub targets: Vec<MadeTarget>,
    /// Calls of loaded functions, in order of their start.
    pub calls: Vec<MacroCall>,
    pub exported_files: Vec<String>,
    /// Problems that do not stop the package.
    pub notes: Vec<EvaluationNote>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeTarget {
    pub name: String,
    pub target: Target,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationNote {
    /// Stable code.
    pub code: String,
    /// Counted from 1.
    pub line: usize,
    /// One sentence.
    pub message: String,
}

/// A loaded function before its call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacroSignature {
    /// In its own file, without renaming.
    pub symbol: String,
    /// May be in another repository.
    pub file: Option<Label>,
    /// In order; `None` if the file can't be read.
    pub parameters: Option<Vec<String>>,
    /// It takes `**kwargs`.
    pub takes_keywords: bool,
}

impl MacroSignature {
    /// Returns `true` if an app, or its layers, may be declared with this function.
    #[must_use]
    pub fn may_make_an_app(&self) -> bool {
        let says_layers = |name: &String| matches!(name.as_str(), "dep_layers" | "layer_groups");
        self.symbol == "release_app" || self.parameters.iter().flatten().any(says_layers)
    }
}

/// A call with its arguments before it ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MacroCall {
    pub signature: MacroSignature,
    pub positional: Vec<Value>,
    /// In the order of the call.
    pub named: Vec<(String, Value)>,
    /// Place of the call in the BUILD file, counted from 1.
    pub line: usize,
    pub column: usize,
    /// Index of the calling call; `None` for the BUILD file.
    pub within: Option<usize>,
    /// The BUILD file calls it directly; `false` too if the caller is a function that was not loaded by name.
    pub direct: bool,
    /// Indices of its targets, in order.
    pub made: Vec<usize>,
    /// With `*args` or `**kwargs`.
    pub open_ended: bool,
    pub in_comprehension: bool,
}

impl MacroCall {
    /// However it was passed.
    #[must_use]
    pub fn argument(&self, parameter: &str) -> Option<&Value> {
        let named = self.named.iter().find(|(name, _)| name == parameter).map(|(_, value)| value);
        named.or_else(|| {
            let at = self.signature.parameters.as_ref()?.iter().position(|name| name == parameter)?;
            self.positional.get(at)
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{reason}")]
pub struct EvaluationFailure {
    /// Stable code: `syntax_error`, `not_evaluated`, `too_deep`, `too_large`, `load_cycle`, `worker_stopped`, ...
    pub code: String,
    /// One sentence; names the file if it is another one.
    pub reason: String,
    /// Relative to the root.
    pub path: String,
    /// Counted from 1.
    pub line: Option<usize>,
}

impl EvaluationFailure {
    #[must_use]
    pub fn new(code: &str, path: &str, reason: impl Into<String>) -> Self {
        Self { code: code.to_owned(), reason: reason.into(), path: path.to_owned(), line: None }
    }
}
