use std::path::Path;
use std::process::ExitCode;

use thiserror::Error;

use crate::rewrite::refusal::Refusal;

#[derive(Debug, Error)]
pub enum Failure {
    /// An unknown app, a malformed plan file.
    #[error("{0}")]
    Use(String),
    #[error("{}{}: {} [{}]", .0.path, .0.line.map(|line| format!(":{line}")).unwrap_or_default(), .0.message, .0.code.as_str())]
    Refused(Refusal),
    /// The disk, git, Bazel.
    #[error("{0}")]
    Outside(String),
}

impl Failure {
    /// A missing file is wrong use, other errors are outside.
    #[must_use]
    pub fn of_input(path: &Path, error: &std::io::Error) -> Self {
        let message = format!("{}: {error}", path.display());
        if error.kind() == std::io::ErrorKind::NotFound { Self::Use(message) } else { Self::Outside(message) }
    }

    /// 2 for refused or wrong use, 3 for anything outside.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Use(_) | Self::Refused(_) => ExitCode::from(2),
            Self::Outside(_) => ExitCode::from(3),
        }
    }
}
