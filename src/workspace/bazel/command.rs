//! The command that starts Bazel.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// Such as `/usr/bin/bazelisk`, or a wrapper with arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BazelCommand {
    /// Absolute.
    pub program: PathBuf,
    /// Before Bazel's own command, such as `--output_base=/tmp/x`.
    pub arguments: Vec<String>,
    pub named_by: NamedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    Option,
    Variable,
    /// The first on PATH.
    Path,
    /// The workspace's `tools/bazel`.
    Workspace,
}

pub const VARIABLE: &str = "LAYERWRIGHT_BAZEL";

#[derive(Debug, Error)]
pub enum BazelError {
    #[error(
        "no Bazel was found: neither bazelisk nor bazel is on PATH, and the workspace has no tools/bazel; install bazelisk, or name a command with --bazel or {VARIABLE}"
    )]
    NotFound,
    #[error("the command for Bazel, `{text}`, {problem}")]
    BadCommand { text: String, problem: &'static str },
    #[error("`{command}` could not be started: {source}")]
    NotStarted { command: String, source: std::io::Error },
    #[error("Bazel was stopped")]
    Cancelled,
    #[error("`{command}` failed with {status}: {said}")]
    Failed {
        command: String,
        /// `exit status 2`, or the signal.
        status: String,
        said: String,
    },
    #[error("the answer of `{command}` can't be read: {problem}")]
    Unreadable { command: String, problem: String },
}

impl BazelCommand {
    /// The command line as typed into a shell.
    #[must_use]
    pub fn line(&self, arguments: &[String]) -> String {
        let program = self.program.to_string_lossy();
        let words = std::iter::once(program.as_ref()).chain(self.arguments.iter().chain(arguments).map(String::as_str));
        words.map(quoted).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for BazelCommand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.line(&[]))
    }
}

impl NamedBy {
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Option => "named by --bazel",
            Self::Variable => "named by LAYERWRIGHT_BAZEL",
            Self::Path => "found on PATH",
            Self::Workspace => "the workspace's own",
        }
    }
}

fn quoted(word: &str) -> String {
    // Quotes around `--output=x` would be hard to read.
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=/.,:@%+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // Only a NUL can't be quoted, and no process argument holds one.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_printed_as_a_shell_would_take_it() {
        let command = BazelCommand {
            program: PathBuf::from("/opt/my bazel"),
            arguments: vec!["--output_base=/tmp/x".into()],
            named_by: NamedBy::Path,
        };
        assert_eq!(
            command.line(&["query".into(), "//...:*".into()]),
            "'/opt/my bazel' --output_base=/tmp/x query '//...:*'"
        );
    }
}
