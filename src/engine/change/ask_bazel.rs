//! Has the Bazel of a trusted workspace load the packages of a written change, and restores the files if it can't. Does
//! IO.

use std::collections::BTreeSet;

use crate::engine::kept::folders::write_options;
use crate::jobs::{Progress, Watch};
use crate::path_text::slashes;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::write::{Written, undo};
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::process::{BazelCall, Output, TerminalKeys, run_bazel};
use crate::workspace::bazel::trust::TrustedWorkspace;

const LINES_SHOWN: usize = 4;

/// Loads the packages of `change` with `bazel`; if that fails, undoes `written`.
///
/// # Errors
/// A sentence with Bazel's output, and whether the files are restored.
pub(crate) fn confirm_with_bazel(
    workspace: &TrustedWorkspace,
    bazel: &BazelCommand,
    keys: TerminalKeys,
    change: &ChangeSet,
    written: &Written,
    watch: &dyn Watch,
) -> Result<(), String> {
    let Err(problem) = loads(workspace, bazel, keys, &patterns(change), watch) else { return Ok(()) };
    match undo(workspace.root(), written, &write_options()) {
        Ok(_) => Err(format!("{problem} The change was undone.")),
        Err(error) => Err(format!("{problem} Undoing the change failed: {error}")),
    }
}

fn loads(
    workspace: &TrustedWorkspace,
    bazel: &BazelCommand,
    keys: TerminalKeys,
    patterns: &BTreeSet<String>,
    watch: &dyn Watch,
) -> Result<(), String> {
    if patterns.is_empty() {
        return Ok(());
    }
    let all: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let call =
        BazelCall { workspace, bazel, arguments: vec!["query".to_owned(), format!("set({})", all.join(" "))], keys };
    let mut said = |output: Output<'_>| {
        match output {
            Output::Line(line) => watch.report(Progress { message: line.to_owned(), done: 0, total: 0 }),
            Output::Beat(since) => {
                watch.report(Progress { message: format!("Asking Bazel, {} s", since.as_secs()), done: 0, total: 0 });
            }
            Output::Bytes(_) => {}
        }
        Ok(())
    };
    let ended = run_bazel(&call, &mut said, watch).map_err(|error| format!("Bazel gave no answer: {error}."))?;
    if ended.status.success() {
        return Ok(());
    }
    let errors: Vec<&str> = ended.lines.iter().map(String::as_str).filter(|line| line.contains("ERROR")).collect();
    let lines: Vec<&str> = if errors.is_empty() { ended.lines.iter().map(String::as_str).collect() } else { errors };
    let last = lines.get(lines.len().saturating_sub(LINES_SHOWN)..).unwrap_or_default();
    Err(format!("Bazel can't load the result: {}.", last.join(" ")))
}

/// The packages whose BUILD files changed; everything, if the change holds `.bzl` files or names outside rule sets.
fn patterns(change: &ChangeSet) -> BTreeSet<String> {
    let mut patterns = BTreeSet::new();
    for path in change.files.iter().map(|file| file.path.as_path()) {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        if matches!(name.as_ref(), "BUILD" | "BUILD.bazel") {
            let folder = path.parent().map(slashes);
            patterns.extend(folder.map(|folder| format!("//{folder}:all")));
        } else if name.ends_with(".bzl") || name == "MODULE.bazel" || name.starts_with("WORKSPACE") {
            return BTreeSet::from(["//...".to_owned()]);
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::change_set::FileChange;

    #[test]
    fn macros_concern_every_package_and_build_files_their_own() {
        let check = |paths: &[&str], expected: &[&str]| {
            let file = |path: &&str| FileChange { path: (*path).into(), before: None, after: Vec::new() };
            let found = patterns(&ChangeSet { files: paths.iter().map(file).collect() });
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
        };
        check(&["a/b/BUILD.bazel", "BUILD", "a/x.py"], &["//:all", "//a/b:all"]);
        check(&["a/BUILD.bazel", "tools/release.bzl"], &["//..."]);
        check(&["MODULE.bazel"], &["//..."]);
        check(&["a/x.py"], &[]);
    }
}
