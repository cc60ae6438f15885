//! Why a command did not do its work, and the exit status that says so.

use std::path::Path;
use std::process::ExitCode;

use thiserror::Error;

use crate::rewrite::refusal::Refusal;

/// Why a command ended without its result.
#[derive(Debug, Error)]
pub enum Failure {
    /// Wrong use: an app that is not there, a file that is not a plan.
    #[error("{0}")]
    Use(String),
    /// The edit can't be made honestly.
    #[error("{}{}: {} [{}]", .0.path, .0.line.map(|line| format!(":{line}")).unwrap_or_default(), .0.message, .0.code.as_str())]
    Refused(Refusal),
    /// Something outside failed: the disk, git, Bazel.
    #[error("{0}")]
    Outside(String),
}

impl Failure {
    /// A file that was named on the command line can't be read: one that is not there is wrong use.
    #[must_use]
    pub fn of_input(path: &Path, error: &std::io::Error) -> Self {
        let message = format!("{}: {error}", path.display());
        if error.kind() == std::io::ErrorKind::NotFound { Self::Use(message) } else { Self::Outside(message) }
    }

    /// 2 for refused or wrong use, 3 for everything outside.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Use(_) | Self::Refused(_) => ExitCode::from(2),
            Self::Outside(_) => ExitCode::from(3),
        }
    }
}
