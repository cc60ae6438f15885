//! An edit that can't be made honestly: a code, a sentence, a place.
//!
//! Values only; whoever finds the obstacle makes the refusal, and the files stay as they are.

use std::path::Path;

use thiserror::Error;

pub use crate::workspace::refusal_code::RefusalCode;

/// An obstacle that keeps an edit from being made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    /// The kind of obstacle.
    pub code: RefusalCode,
    /// One sentence that names the obstacle, its place and the way out.
    pub message: String,
    /// The file that holds the obstacle, relative to the workspace root.
    pub path: String,
    /// Line of the obstacle, counted from 1; `None` where it is the whole file.
    pub line: Option<usize>,
    /// The layer of the plan that the obstacle concerns, where it is one layer.
    pub layer: Option<String>,
}

impl Refusal {
    /// The file, and the line where it is one: `a/BUILD.bazel:7`.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }

    /// The message without the place, where it begins with it: for those who show the place beside it.
    #[must_use]
    pub fn message_alone(&self) -> &str {
        let place = self.message.strip_prefix(&self.place());
        place.and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&self.message)
    }

    /// A refusal at a place.
    #[must_use]
    pub fn new(code: RefusalCode, path: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.to_owned(), line, layer: None }
    }

    /// A refusal that concerns a whole file.
    pub fn of_file(code: RefusalCode, path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            path: path.as_ref().to_string_lossy().into_owned(),
            line: None,
            layer: None,
        }
    }

    /// The same, said of one layer of the plan.
    #[must_use]
    pub fn of_layer(self, name: &str) -> Self {
        Self { layer: Some(name.to_owned()), ..self }
    }

    /// A refusal whose obstacle stands in one line (counted from 1) of a file.
    pub fn at_line(code: RefusalCode, path: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_file(code, path, message) }
    }
}
