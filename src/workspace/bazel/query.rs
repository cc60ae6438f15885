//! Asks Bazel what a workspace is made of. Does IO: runs `bazel query`, and `bazel mod` for the names of repositories.

use std::time::Duration;

use super::answer::BazelAnswer;
use super::command::{BazelCommand, BazelError};
use super::decode::TargetStream;
use super::messages::{broken_packages, is_error, last_words, problems};
use super::names::RepositoryNames;
use super::process::{BazelCall, Ended, Output, TerminalKeys, run_bazel};
use super::trust::TrustedWorkspace;
use crate::jobs::{Progress, Watch};

/// Where Bazel is asked, which one, and who hears Ctrl+C meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BazelSource {
    /// Where, with the proof that it may run.
    pub workspace: TrustedWorkspace,
    /// Which Bazel.
    pub bazel: BazelCommand,
    /// Who hears Ctrl+C.
    pub keys: TerminalKeys,
}

/// What is asked for: every target and file of the workspace's own packages. `streamed_proto` is the one form with
/// attributes that Bazel 6 to 9 all have and that can be read while it comes. `select`s keep their branches; implicit
/// dependencies and those on tools are left out, as the graph wants it; with `--keep_going` a package that
/// can't be loaded does not cost the others.
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

/// What maps the workspace's names of repositories to canonical ones. Bazel 7.1 and later have it.
const MAPPING: [&str; 5] = ["mod", "dump_repo_mapping", "--color=no", "--curses=no", ""];

/// Most lines with errors that are looked at.
const MOST_ERRORS: usize = 100_000;

/// Exit status of a query that is whole.
const WHOLE: i32 = 0;
/// Exit status of a query that went on after errors (`--keep_going`).
const PARTIAL: i32 = 3;

/// The query's arguments, for those who want to say what will be run.
#[must_use]
pub fn query_arguments() -> Vec<String> {
    QUERY.map(str::to_owned).to_vec()
}

/// Asks for every target of the workspace. `hubs` are the names of its repositories of locked packages; `watch` hears
/// Bazel's own words, also where it is silent.
///
/// # Errors
/// When Bazel can't be started, is stopped, or fails. A package that it can't load is a problem in the answer.
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

/// What `bazel mod dump_repo_mapping` prints; empty where this Bazel can't say it: then names are known by their last part.
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

/// Bazel's own words as progress.
#[derive(Debug, Default)]
struct Words {
    last: String,
    targets: usize,
}

impl Words {
    /// What to say now, if there is something new.
    fn hear(&mut self, output: &Output<'_>, targets: usize) -> Option<String> {
        match output {
            Output::Line(line) => {
                line.trim().clone_into(&mut self.last);
                Some(format!("Bazel: {}", self.last))
            }
            Output::Beat(since) => Some(self.beat(*since)),
            // Not for each piece: a large answer has thousands.
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
