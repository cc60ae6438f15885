//! Queries a workspace: runs `bazel query`, and `bazel mod` for names of repositories.

use std::time::Duration;

use super::answer::BazelAnswer;
use super::command::{BazelCommand, BazelError};
use super::decode::TargetStream;
use super::messages::{broken_packages, is_error, last_words, problems};
use super::names::RepositoryNames;
use super::process::{BazelCall, Ended, Output, TerminalKeys, run_bazel};
use super::trust::TrustedWorkspace;
use crate::jobs::{Progress, Watch};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BazelSource {
    /// Includes the proof that it may run.
    pub workspace: TrustedWorkspace,
    pub bazel: BazelCommand,
    /// Who receives Ctrl+C.
    pub keys: TerminalKeys,
}

/// Every target and file of the workspace's packages. `streamed_proto` is the one format with attributes of Bazel 6 to
/// 9 that can be read incrementally. `select`s keep their branches; implicit dependencies and tools are omitted;
/// `--keep_going` tolerates packages that can't be loaded.
const QUERY: [&str; 12] = [
    "query",
    "--output=streamed_proto",
    "--noproto:flatten_selects",
    "--proto:default_values",
    "--noimplicit_deps",
    "--notool_deps",
    "--relative_locations",
    "--order_output=no",
    "--keep_going",
    "--color=no",
    "--curses=no",
    "//...:*",
];

/// The repository mapping, since Bazel 7.1.
const MAPPING: [&str; 5] = ["mod", "dump_repo_mapping", "--color=no", "--curses=no", ""];

const MOST_ERRORS: usize = 100_000;

/// Complete.
const WHOLE: i32 = 0;
/// After errors (`--keep_going`).
const PARTIAL: i32 = 3;

/// For display before it runs.
#[must_use]
pub fn query_arguments() -> Vec<String> {
    QUERY.map(str::to_owned).to_vec()
}

/// `hubs` are the names of package hubs; `watch` gets Bazel's own messages.
///
/// # Errors
/// When Bazel can't be started, is stopped, or fails. A package that can't be loaded is a problem in the answer.
pub fn ask_bazel(
    source: &BazelSource,
    hubs: impl IntoIterator<Item = String>,
    watch: &dyn Watch,
) -> Result<BazelAnswer, BazelError> {
    let mut names = RepositoryNames::new(hubs);
    let has_modules = source.workspace.root().join("MODULE.bazel").is_file();
    if has_modules {
        names.take_mapping(&repository_mapping(source, watch)?);
    }
    let mut answer = BazelAnswer::default();
    let mut stream = TargetStream::default();
    let mut words = Words::default();
    let mut errors: Vec<String> = Vec::new();
    let ended = run_bazel(
        &call(source, &QUERY),
        &mut |output| {
            match output {
                Output::Bytes(bytes) => {
                    stream
                        .push(bytes, &mut |message| answer.add(message, &names))
                        .map_err(|error| error.to_string())?;
                }
                Output::Line(line) if is_error(line) && errors.len() < MOST_ERRORS => errors.push(line.to_owned()),
                Output::Line(_) | Output::Beat(_) => {}
            }
            words
                .hear(&output, answer.targets)
                .map(Progress::uncounted)
                .into_iter()
                .for_each(|said| watch.report(said));
            Ok(())
        },
        watch,
    )?;
    let line = source.bazel.line(&query_arguments());
    if !matches!(ended.status.code(), Some(WHOLE | PARTIAL)) {
        return Err(failed(line, &ended));
    }
    stream.finish().map_err(|error| BazelError::Unreadable { command: line, problem: error.to_string() })?;
    answer.problems = problems(&errors);
    answer.broken = broken_packages(&errors).into_iter().collect();
    Ok(answer)
}

/// Empty if Bazel has no such command: then names are known by their last part.
fn repository_mapping(source: &BazelSource, watch: &dyn Watch) -> Result<Vec<u8>, BazelError> {
    let mut printed = Vec::new();
    let mut words = Words::default();
    let ended = run_bazel(
        &call(source, &MAPPING),
        &mut |output| {
            if let Output::Bytes(bytes) = output {
                printed.extend_from_slice(bytes);
            }
            words.hear(&output, 0).map(Progress::uncounted).into_iter().for_each(|said| watch.report(said));
            Ok(())
        },
        watch,
    )?;
    if ended.status.success() {
        return Ok(printed);
    }
    tracing::debug!("no repository mapping: {}", last_words(&ended.lines));
    Ok(Vec::new())
}

fn call<'a>(source: &'a BazelSource, arguments: &[&str]) -> BazelCall<'a> {
    BazelCall {
        workspace: &source.workspace,
        bazel: &source.bazel,
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        keys: source.keys,
    }
}

fn failed(command: String, ended: &Ended) -> BazelError {
    BazelError::Failed { command, status: ended.status.to_string(), said: last_words(&ended.lines) }
}

#[derive(Debug, Default)]
struct Words {
    last: String,
    targets: usize,
}

impl Words {
    /// Returns a new message, if any.
    fn hear(&mut self, output: &Output<'_>, targets: usize) -> Option<String> {
        match output {
            Output::Line(line) => {
                line.trim().clone_into(&mut self.last);
                Some(format!("Bazel: {}", self.last))
            }
            Output::Beat(since) => Some(self.beat(*since)),
            // A large answer has thousands of pieces.
            Output::Bytes(_) if targets >= self.targets + 1_000 => {
                self.targets = targets;
                Some(format!("Bazel: {targets} targets and files so far"))
            }
            Output::Bytes(_) => None,
        }
    }

    fn beat(&self, since: Duration) -> String {
        let seconds = since.as_secs();
        if self.last.is_empty() { format!("Bazel, {seconds} s") } else { format!("Bazel, {seconds} s: {}", self.last) }
    }
}

#[cfg(test)]
#[cfg(unix)]
#[path = "query_tests.rs"]
mod tests;
