//! The end of `apply` and `edit`: print a change set or a refusal, and write.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::commands::arguments::Format;
use crate::commands::failure::Failure;
use crate::commands::output::{print_json, print_text};
use crate::engine::change::ask_bazel::confirm_with_bazel;
use crate::engine::kept::folders::write_options;
use crate::jobs::Progress;
use crate::rewrite::change_set::{ChangeSet, FileChange};
use crate::rewrite::diff::unified_diff;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::write::error::WriteError;
use crate::rewrite::write::write_change_set;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::process::TerminalKeys;
use crate::workspace::bazel::trust::TrustedWorkspace;

/// Writes the change set unless this is a dry run, and prints it. With `bazel` the result is loaded, and restored if
/// that fails.
///
/// # Errors
/// When the files can't be written, or Bazel can't load them; then they are restored.
pub(super) fn finish(
    root: &Path,
    change: &ChangeSet,
    dry_run: bool,
    bazel: Option<&(TrustedWorkspace, BazelCommand)>,
    format: Format,
    output: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    if !dry_run && !change.is_empty() {
        match write_change_set(root, change, &write_options()) {
            Ok(written) => {
                tracing::info!("wrote {}", counted(written.files.len()));
                if let Some((workspace, bazel)) = bazel {
                    let say = &|progress: Progress| tracing::info!("{}", progress.message);
                    confirm_with_bazel(workspace, bazel, TerminalKeys::Shared, change, &written, say)
                        .map_err(Failure::Outside)?;
                }
            }
            Err(WriteError::Refused(refusal)) => return refused(refusal, format, output),
            Err(error) => return Err(Failure::Outside(error.to_string())),
        }
    }
    if format.is_json() {
        print_json(output, &change_json(change))?;
    } else if change.is_empty() {
        print_text(output, "Nothing to change: the BUILD files already match.\n")?;
    } else {
        for file in &change.files {
            print_text(output, &unified_diff(file))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn change_json(change: &ChangeSet) -> Value {
    let file = |file: &FileChange| json!({"path": file.path.to_string_lossy(), "diff": unified_diff(file)});
    json!({
        "schema": "layerwright.edit/1",
        "outcome": if change.is_empty() { "unchanged" } else { "edited" },
        "files": change.files.iter().map(file).collect::<Vec<_>>(),
        "refusal": null,
    })
}

/// With JSON, prints the refusal as the document.
///
/// # Errors
/// The refusal, unless it was printed as JSON.
pub(super) fn refused(refusal: Refusal, format: Format, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    if !format.is_json() {
        return Err(Failure::Refused(refusal));
    }
    let document = json!({
        "schema": "layerwright.edit/1",
        "outcome": "refused",
        "files": [],
        "refusal": {"code": refusal.code.as_str(), "message": refusal.message, "path": refusal.path, "line": refusal.line},
    });
    print_json(output, &document)?;
    Ok(ExitCode::from(2))
}

fn counted(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}
