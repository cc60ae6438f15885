//! Asks the Bazel of a trusted workspace whether it still loads the packages of a change that was just written, and takes the change
//! back where it does not. Does IO: runs Bazel, and undoes a write.

use std::collections::BTreeSet;
use std::path::Path;

use crate::app::runner::write_options;
use crate::jobs::Progress;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::write::{Written, undo};
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::process::{BazelCall, Output, TerminalKeys, run_bazel};
use crate::workspace::bazel::trust::TrustedWorkspace;

/// How many of Bazel's last lines are repeated.
const LINES_SHOWN: usize = 4;

/// Asks `bazel` to load the packages of `change`; where it can't, takes `written` back.
///
/// # Errors
/// A sentence with what Bazel said, and whether the files are as they were before.
pub fn confirm_with_bazel(
    workspace: &TrustedWorkspace,
    bazel: &BazelCommand,
    keys: TerminalKeys,
    change: &ChangeSet,
    written: &Written,
    progress: &mut dyn FnMut(Progress),
    cancelled: &dyn Fn() -> bool,
) -> Result<(), String> {
    let Err(problem) = loads(workspace, bazel, keys, &packages(change), progress, cancelled) else { return Ok(()) };
    match undo(workspace.root(), written, &write_options()) {
        Ok(_) => Err(format!("{problem} The files are as they were before.")),
        Err(error) => Err(format!("{problem} The change could not be taken back: {error}")),
    }
}

fn loads(
    workspace: &TrustedWorkspace,
    bazel: &BazelCommand,
    keys: TerminalKeys,
    packages: &BTreeSet<String>,
    progress: &mut dyn FnMut(Progress),
    cancelled: &dyn Fn() -> bool,
) -> Result<(), String> {
    if packages.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = packages.iter().map(|package| format!("//{package}:all")).collect();
    let call =
        BazelCall { workspace, bazel, arguments: vec!["query".to_owned(), format!("set({})", all.join(" "))], keys };
    let mut said = |output: Output<'_>| {
        match output {
            Output::Line(line) => progress(Progress { message: line.to_owned(), done: 0, total: 0 }),
            Output::Beat(since) => {
                progress(Progress { message: format!("Asking Bazel, {} s", since.as_secs()), done: 0, total: 0 });
            }
            Output::Bytes(_) => {}
        }
        Ok(())
    };
    let ended = run_bazel(&call, &mut said, cancelled).map_err(|error| format!("Bazel gave no answer: {error}."))?;
    if ended.status.success() {
        return Ok(());
    }
    let errors: Vec<&str> = ended.lines.iter().map(String::as_str).filter(|line| line.contains("ERROR")).collect();
    let lines: Vec<&str> = if errors.is_empty() { ended.lines.iter().map(String::as_str).collect() } else { errors };
    let last = lines.get(lines.len().saturating_sub(LINES_SHOWN)..).unwrap_or_default();
    Err(format!("Bazel can't load the result: {}.", last.join(" ")))
}

/// The packages whose BUILD files a change holds.
fn packages(change: &ChangeSet) -> BTreeSet<String> {
    let is_build_file = |path: &Path| path.file_name().is_some_and(|name| name == "BUILD" || name == "BUILD.bazel");
    let files = change.files.iter().map(|file| file.path.as_path()).filter(|path| is_build_file(path));
    let folder = |path: &Path| path.parent().map(|folder| folder.to_string_lossy().replace('\\', "/"));
    files.filter_map(folder).collect()
}
