//! Refusals: edits that can't be made safely. The files stay.

use std::path::Path;

use thiserror::Error;

pub use crate::workspace::refusal_code::RefusalCode;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    pub code: RefusalCode,
    /// One sentence with the obstacle, its place, and the way out.
    pub message: String,
    /// Relative to the workspace root.
    pub path: String,
    /// Counted from 1; `None` for the whole file.
    pub line: Option<usize>,
    /// The layer concerned, if it is one.
    pub layer: Option<String>,
}

impl Refusal {
    /// For example `a/BUILD.bazel:7`.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }

    /// Without the place at its beginning, for display beside it.
    #[must_use]
    pub fn message_alone(&self) -> &str {
        let place = self.message.strip_prefix(&self.place());
        place.and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&self.message)
    }

    #[must_use]
    pub fn new(code: RefusalCode, path: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.to_owned(), line, layer: None }
    }

    pub fn of_file(code: RefusalCode, path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            path: path.as_ref().to_string_lossy().into_owned(),
            line: None,
            layer: None,
        }
    }

    #[must_use]
    pub fn of_layer(self, name: &str) -> Self {
        Self { layer: Some(name.to_owned()), ..self }
    }

    pub fn at_line(code: RefusalCode, path: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_file(code, path, message) }
    }
}
