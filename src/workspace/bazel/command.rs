//! How Bazel is started: a program with arguments, and who named it. Pure.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

/// A program that takes Bazel's arguments, such as `/usr/bin/bazelisk`, or a wrapper with arguments of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BazelCommand {
    /// The program, with its whole path.
    pub program: PathBuf,
    /// What stands before Bazel's own command, such as `--output_base=/tmp/x`.
    pub arguments: Vec<String>,
    /// Who named it.
    pub named_by: NamedBy,
}

/// Who said which Bazel to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// An option on the command line.
    Option,
    /// The environment variable [`VARIABLE`].
    Variable,
    /// It was the first on PATH.
    Path,
    /// The workspace brings its own, as `tools/bazel`.
    Workspace,
}

/// The environment variable that names the command.
pub const VARIABLE: &str = "LAYERWRIGHT_BAZEL";

/// Why Bazel gave no answer.
#[derive(Debug, Error)]
pub enum BazelError {
    /// There is none.
    #[error(
        "no Bazel was found: neither bazelisk nor bazel is on PATH, and the workspace has no tools/bazel; install bazelisk, or name a command with --bazel or {VARIABLE}"
    )]
    NotFound,
    /// The command that was named can't be understood or is not there.
    #[error("the command for Bazel, `{text}`, {problem}")]
    BadCommand {
        /// As it was named.
        text: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// It could not be started.
    #[error("`{command}` could not be started: {source}")]
    NotStarted {
        /// The program.
        command: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It was stopped on request.
    #[error("Bazel was stopped")]
    Cancelled,
    /// It ended without an answer.
    #[error("`{command}` failed with {status}: {said}")]
    Failed {
        /// The command with its arguments.
        command: String,
        /// `exit status 2`, or the signal.
        status: String,
        /// The last thing that it said.
        said: String,
    },
    /// What it answered can't be read.
    #[error("the answer of `{command}` can't be read: {problem}")]
    Unreadable {
        /// The command with its arguments.
        command: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl BazelCommand {
    /// The whole command line with `arguments` of Bazel, as it could be typed into a shell.
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
    /// The words for it.
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
    // Quotation marks around `--output=x` would be right, and hard to read.
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=/.,:@%+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // Only a NUL can't be quoted, and no argument of a process holds one.
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
